// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The handlers of a loop's registrations.
struct RegistrationTable {
    struct Entry {
        var handler: (any EventHandler)?
        var fd: Int32
        var interest: Interest
        var generation: UInt32
    }

    private var entries: [Entry] = []
    private var free: [UInt32] = []

    mutating func insert(fd: Int32, interest: Interest, handler: any EventHandler) -> Registration {
        if let index = free.popLast() {
            entries[Int(index)].handler = handler
            entries[Int(index)].fd = fd
            entries[Int(index)].interest = interest
            return Registration(index: index, generation: entries[Int(index)].generation)
        }
        let index = UInt32(entries.count)
        entries.append(Entry(handler: handler, fd: fd, interest: interest, generation: 1))
        return Registration(index: index, generation: 1)
    }

    /// The entry of a registration that has not ended.
    func entry(_ registration: Registration) -> Entry? {
        let index = Int(registration.index)
        guard index < entries.count, entries[index].generation == registration.generation,
            entries[index].handler != nil
        else { return nil }
        return entries[index]
    }

    func handler(_ registration: Registration) -> (any EventHandler)? {
        let index = Int(registration.index)
        guard index < entries.count, entries[index].generation == registration.generation else { return nil }
        return entries[index].handler
    }

    mutating func setInterest(_ interest: Interest, of registration: Registration) {
        entries[Int(registration.index)].interest = interest
    }

    /// Returns the handler, so that it is released only after this access to the table: its `deinit` may access it
    /// again.
    mutating func remove(_ registration: Registration) -> (any EventHandler)? {
        let index = Int(registration.index)
        let handler = entries[index].handler
        entries[index].handler = nil
        // From here on an event that was fetched before the removal finds no handler.
        entries[index].generation &+= 1
        free.append(registration.index)
        return handler
    }
}

/// A descriptor's place on an event loop.
///
/// It identifies one registration permanently: a later one in the same place has another generation.
package struct Registration: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32

    var tag: UInt64 { UInt64(generation) << 32 | UInt64(index) }

    init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    init(tag: UInt64) {
        index = UInt32(truncatingIfNeeded: tag)
        generation = UInt32(truncatingIfNeeded: tag >> 32)
    }
}
