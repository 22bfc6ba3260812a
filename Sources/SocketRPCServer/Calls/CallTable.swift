// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The calls of one connection whose handlers run as tasks, those of ended calls included.
struct CallTable {
    /// The memory of a busy time is not kept for an idle one.
    private static let keptCapacity = 16

    private var calls: [UInt32: ServerCall] = [:]
    /// Calls whose handlers wait for room to send, the one that has waited longest first.
    private var senders: [ServerCall] = []

    /// The number of handlers that run.
    var count: Int { calls.count }

    subscript(id: UInt32) -> ServerCall? { calls[id] }

    mutating func add(_ call: ServerCall) {
        calls[call.id] = call
    }

    mutating func remove(_ id: UInt32) {
        calls[id] = nil
        if calls.isEmpty && calls.capacity > Self.keptCapacity { calls = [:] }
    }

    mutating func addSender(_ call: ServerCall) {
        senders.append(call)
    }

    mutating func removeSender(_ call: ServerCall) {
        senders.removeAll { $0 === call }
    }

    /// Takes out all calls that wait for room.
    mutating func takeSenders() -> [ServerCall] {
        guard !senders.isEmpty else { return [] }
        defer { senders = [] }
        return senders
    }
}
