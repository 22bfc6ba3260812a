// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How much memory the limits of a process leave.
package struct MemoryRoom: Hashable, Sendable {
    /// A kind of memory that has a limit.
    package struct Limited: Hashable, Sendable {
        package var room: UInt64
        package var used: UInt64

        package init(room: UInt64, used: UInt64) {
            (self.room, self.used) = (room, used)
        }
    }

    /// Nil without a limit.
    package var addressSpace: Limited?
    package var data: Limited?
    /// The size of a thread's stack.
    package var threadStack: UInt64

    package init(addressSpace: Limited?, data: Limited?, threadStack: UInt64) {
        (self.addressSpace, self.data, self.threadStack) = (addressSpace, data, threadStack)
    }
}

extension MemoryRoom {
    /// What a server needs in addition to the stacks of its threads.
    private static let heap: UInt64 = 64 << 20
    /// What a program needs to read its arguments and its configuration.
    private static let leastHeap: UInt64 = 8 << 20

    /// Which limit is too low for `threads` threads and what they need; nil if none is. A program that cannot allocate
    /// memory crashes.
    package func shortage(threads: Int) -> String? {
        let stacks = UInt64(clamping: threads).multipliedReportingOverflow(by: threadStack)
        let needed = (stacks.overflow ? UInt64.max / 2 : min(stacks.partialValue, .max / 2)) + Self.heap
        if let addressSpace, addressSpace.room < needed {
            return Self.shortage("address space", "-v", addressSpace, needed)
        }
        if let data, data.room < needed { return Self.shortage("data", "-d", data, needed) }
        return nil
    }

    /// How many bytes one kind of data that waits for clients may take, in addition to the stacks of `threads` threads;
    /// nil without limits.
    package func share(threads: Int) -> UInt64? {
        let stacks = UInt64(clamping: threads).multipliedReportingOverflow(by: threadStack)
        let rooms = [addressSpace, data].compactMap { $0?.room }.map { room in
            stacks.overflow || stacks.partialValue > room ? 0 : (room - stacks.partialValue) / 4
        }
        return rooms.min()
    }

    /// Which limit leaves hardly any memory; nil if none does.
    package var shortageOfHeap: String? {
        guard [addressSpace, data].contains(where: { $0.map { $0.room < Self.leastHeap } ?? false }) else { return nil }
        return shortage(threads: 1)
    }

    private static func shortage(_ kind: String, _ option: String, _ limited: Limited, _ needed: UInt64) -> String {
        func kilobytes(_ bytes: UInt64) -> String { "\((bytes + 1023) >> 10) KiB" }
        let total = limited.used.addingReportingOverflow(needed)
        return
            "the limit of the \(kind) (ulimit \(option)) leaves \(kilobytes(limited.room)), and \(kilobytes(needed)) are"
            + " needed; set it to at least \(kilobytes(total.overflow ? .max - 1023 : total.partialValue)), or to unlimited"
    }
}
