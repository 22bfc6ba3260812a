// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The newest events of this run of the daemon, as a ring. Their sequences follow those of earlier runs.
///
/// Readers hold only the sequence they have seen. One that asks for events that have left the ring is told what it lost.
package struct EventLog: Sendable {
    /// An ID of this run.
    package let serverInstance: String
    /// The sequence of the newest event; before the first, `start`.
    package private(set) var newest: UInt64
    /// The last sequence of earlier runs.
    private let start: UInt64
    private var ring: [DaemonEvent] = []
    private let capacity: Int

    package init(serverInstance: String, capacity: Int = BackendLimits().events, after start: UInt64 = 0) {
        self.serverInstance = serverInstance
        self.start = start
        newest = start
        self.capacity = max(1, capacity)
    }

    /// What follows a sequence a reader has seen.
    package enum Page: Equatable, Sendable {
        /// Empty if the reader is up to date.
        case events([DaemonEvent])
        /// The event right after it is gone.
        case lost
    }

    /// Takes an event in and numbers it.
    @discardableResult
    package mutating func append(_ event: DaemonEvent) -> DaemonEvent {
        newest += 1
        var event = event
        event.sequence = newest
        if ring.count < capacity {
            ring.append(event)
        } else {
            ring[index(of: newest)] = event
        }
        return event
    }

    /// How many events a reader gets at once.
    package static let page = 512

    /// At most `limit` events after the sequence, which must not be newer than `newest`.
    package func page(after sequence: UInt64, limit: Int = page) -> Page {
        guard sequence < newest else { return .events([]) }
        guard newest - sequence <= UInt64(ring.count) else { return .lost }
        let last = min(newest, sequence + UInt64(limit))
        return .events((sequence + 1...last).map { ring[index(of: $0)] })
    }

    private func index(of sequence: UInt64) -> Int {
        Int((sequence - start - 1) % UInt64(capacity))
    }
}
