// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// What the loops of one server share.
package final class ServerState: Sendable {
    private struct Ending {
        var remainingLoops: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let peerCalls: PeerCalls
    /// What waits for handlers, and what is not whole.
    let inputBudget: ServerBudget
    /// What waits for clients to read it.
    let outputBudget: ServerBudget
    private let connections = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let ending: Guarded<Ending>

    package init(loops: Int, callsPerPeer: Int, inputBytes: Int, outputBytes: Int) {
        peerCalls = PeerCalls(limit: callsPerPeer)
        let heap = HeapTrimmer()
        inputBudget = ServerBudget(limit: inputBytes) { heap.trimSoon() }
        outputBudget = ServerBudget(limit: outputBytes) { heap.trimSoon() }
        ending = Guarded(Ending(remainingLoops: loops))
    }

    /// Counts a connection, unless there are as many as may be. Loops may ask at the same time.
    package func openConnection(limit: Int) -> Bool {
        Self.open(connections, limit)
    }

    package func connectionClosed() {
        connections.subtract(1, ordering: .relaxed)
    }

    /// Counts a connection that is kept to be refused, unless there are as many as may be.
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

    /// How many connections there are.
    package var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// A loop has neither connections nor handlers any more.
    func loopEnded() {
        let waiters = ending.withLock { ending in
            ending.remainingLoops -= 1
            guard ending.remainingLoops == 0 else { return [CheckedContinuation<Void, Never>]() }
            let waiters = ending.waiters
            ending.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until every loop has ended.
    func waitForLoops() async {
        await withCheckedContinuation { continuation in
            let isOver = ending.withLock { ending in
                if ending.remainingLoops > 0 { ending.waiters.append(continuation) }
                return ending.remainingLoops == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
