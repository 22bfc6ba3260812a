// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who is told about which registration.
struct RegistrationTable {
    struct Entry {
        var handler: (any EventHandler)?
        var fd: Int32
        var interest: Interest
        var generation: UInt32
    }

    private var entries: [Entry] = []
    private var free: [UInt32] = []

    /// How many registrations there are.
    var count: Int { entries.count - free.count }

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

    /// The entry, while the registration is the one that has its place.
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

    /// Returns the handler, so that it is let go only after the table is left: its `deinit` may come back here.
    mutating func remove(_ registration: Registration) -> (any EventHandler)? {
        let index = Int(registration.index)
        let handler = entries[index].handler
        entries[index].handler = nil
        // From here on an event that was fetched before the removal names nobody.
        entries[index].generation &+= 1
        free.append(registration.index)
        return handler
    }
}
