// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the limits of a process leave of its memory.
package struct MemoryRoom: Hashable, Sendable {
    /// A kind of memory that has a limit.
    package struct Limited: Hashable, Sendable {
        package var room: UInt64
        package var used: UInt64

        package init(room: UInt64, used: UInt64) {
            (self.room, self.used) = (room, used)
        }
    }

    /// Without a limit: nil.
    package var addressSpace: Limited?
    package var data: Limited?
    /// What the stack of a thread takes.
    package var threadStack: UInt64
    package var processors: Int

    package init(addressSpace: Limited?, data: Limited?, threadStack: UInt64, processors: Int) {
        (self.addressSpace, self.data, self.threadStack, self.processors) = (addressSpace, data, threadStack, processors)
    }
}

extension MemoryRoom {
    /// What a server of this host takes beside the stacks of its threads.
    private static let heap: UInt64 = 64 << 20
    /// What a program needs to read its arguments and its configuration.
    private static let leastHeap: UInt64 = 8 << 20
    /// The threads that the concurrency runtime makes beside one per processor.
    private static let runtimeThreads = 6

    /// Which limit is too low for so many threads of the program's own and those of the concurrency runtime; nil when none is.
    ///
    /// The runtime does not survive a thread that it cannot make, nor memory that it cannot have.
    package func shortage(threads: Int) -> String? {
        let stacks = UInt64(clamping: threads + processors + Self.runtimeThreads).multipliedReportingOverflow(by: threadStack)
        let needed = (stacks.overflow ? UInt64.max / 2 : min(stacks.partialValue, .max / 2)) + Self.heap
        if let addressSpace, addressSpace.room < needed {
            return Self.words("address space", "-v", addressSpace, needed)
        }
        if let data, data.room < needed { return Self.words("data", "-d", data, needed) }
        return nil
    }

    /// Which limit leaves hardly any memory; nil when none does.
    package var shortageOfHeap: String? {
        guard [addressSpace, data].contains(where: { $0.map { $0.room < Self.leastHeap } ?? false }) else { return nil }
        return shortage(threads: 1)
    }

    private static func words(_ kind: String, _ option: String, _ limited: Limited, _ needed: UInt64) -> String {
        func kilobytes(_ bytes: UInt64) -> String { "\((bytes + 1023) >> 10) KiB" }
        let total = limited.used.addingReportingOverflow(needed)
        return "the limit of the \(kind) (ulimit \(option)) leaves \(kilobytes(limited.room)), and \(kilobytes(needed)) are"
            + " needed; set it to at least \(kilobytes(total.overflow ? .max - 1023 : total.partialValue)), or to unlimited"
    }
}
