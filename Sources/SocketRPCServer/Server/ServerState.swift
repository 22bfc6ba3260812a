// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// The state that the loops of one server share.
package final class ServerState: Sendable {
    let peerCalls: PeerCalls
    /// Input that waits for handlers, or is incomplete.
    let inputBudget: ServerBudget
    /// Output that waits for clients.
    let outputBudget: ServerBudget
    private let connections = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let remainingLoops: Atomic<Int>
    private let end = Announcement<Void>()

    package init(loops: Int, callsPerPeer: Int, inputBytes: Int, outputBytes: Int) {
        peerCalls = PeerCalls(limit: callsPerPeer)
        let heap = HeapTrimmer()
        inputBudget = ServerBudget(limit: inputBytes) { heap.trimSoon() }
        outputBudget = ServerBudget(limit: outputBytes) { heap.trimSoon() }
        remainingLoops = Atomic(loops)
    }

    /// Counts a connection. Returns false if the limit is reached. Any loop may call it.
    package func openConnection(limit: Int) -> Bool {
        Self.open(connections, limit)
    }

    package func connectionClosed() {
        connections.subtract(1, ordering: .relaxed)
    }

    /// Counts a refused connection that is kept. Returns false if the limit is reached.
    package func openRefusal(limit: Int) -> Bool {
        Self.open(refusals, limit)
    }

    package func refusalClosed() {
        refusals.subtract(1, ordering: .relaxed)
    }

    private static func open(_ count: borrowing Atomic<Int>, _ limit: Int) -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        count.subtract(1, ordering: .relaxed)
        return false
    }

    /// The number of connections.
    package var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// A loop has no connections and no handlers left.
    func loopEnded() {
        if remainingLoops.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { end.set(()) }
    }

    /// Waits until every loop has ended, even if the task is cancelled.
    func waitForLoops() async {
        await end.valueDespiteCancellation()
    }
}

/// Counts the open calls of each process, over all its connections and loops.
///
/// Calls that are answered inline end at once and are not counted.
final class PeerCalls: Sendable {
    private let limit: Int
    private let counts = Guarded<[Int32: Int]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a call. Returns false, and counts nothing, if the process has reached the limit.
    func begin(_ pid: Int32) -> Bool {
        counts.withLock { counts in
            let count = counts[pid, default: 0]
            guard count < limit else { return false }
            counts[pid] = count + 1
            return true
        }
    }

    func end(_ pid: Int32) {
        counts.withLock { counts in
            let count = counts[pid, default: 0]
            counts[pid] = count > 1 ? count - 1 : nil
        }
    }
}
