// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

extension SocketConnection {
    /// The number of bytes that wait for the peer.
    var outputCount: Int { output?.buffer.count ?? 0 }

    /// Whether handlers that send on a stream must wait.
    var isOverHighMark: Bool { outputCount >= server.configuration.outputHighMark }

    /// The buffer to append output to, which is written at the end of the turn. Nil once the connection is closed.
    func outputForAppending() -> OutputBox? {
        if !isFlushScheduled { flushSoon() }
        return outputBox()
    }

    /// The same for a session that is preparing output: what it appends is about to be written.
    func outputBox() -> OutputBox? {
        guard phase != .closed else { return nil }
        if let output { return output }
        let box = server.scratch.takeOutput()
        output = box
        return box
    }

    /// Call after appending output.
    func outputAppended() {
        if !isOutputFull && outputCount >= server.configuration.outputPause {
            isOutputFull = true
            updateInterest()
        }
    }

    func flushSoon() {
        guard !isFlushScheduled, phase != .closed else { return }
        isFlushScheduled = true
        loop.flushLater(self)
    }

    func flush() {
        isFlushScheduled = false
        if resumesInput {
            resumesInput = false
            inputResumed()
        }
        session?.prepareOutput()
        if !isWriteBlocked { write() }
        countOutput()
        closeIfDone()
    }

    /// Writes what the socket takes.
    func write() {
        guard phase != .closed else { return }
        if let box = output {
            let before = box.buffer.count
            do throws(SystemError) {
                switch try socket?.write(&box.buffer) {
                case .drained, nil:
                    isWriteBlocked = false
                    output = nil
                    server.scratch.giveBack(box)
                case .wouldBlock:
                    if !isWriteBlocked || box.buffer.count < before { lastProgress = loop.nowNanoseconds }
                    isWriteBlocked = true
                    let capacity = box.buffer.capacity
                    if capacity > Self.sparseCapacity, capacity > 4 * box.buffer.count {
                        box.buffer.shrink(toCapacity: box.buffer.count)
                    }
                    watchStall(after: server.configuration.writeStallTimeout)
                }
            } catch {
                return close()
            }
        }
        if outputShare != nil { countOutput() }
        if outputCount <= server.configuration.outputLowMark {
            session?.outputResumed()
            isOutputFull = false
        }
        updateInterest()
        closeIfDone()
    }

    /// What is kept for the peer, including the room in its buffer and what the session holds back.
    private var waitingOutput: Int {
        (outputCount > 0 ? output?.buffer.capacity ?? 0 : 0) + (session?.waitingOutput ?? 0)
    }

    /// Updates the server's budget. Called at the end of a turn, so that what the socket takes at once is not counted.
    private func countOutput() {
        guard phase != .closed, waitingOutput > 0 || outputShare != nil else { return }
        let share = outputShare ?? server.outputShare(of: self)
        outputShare = share
        guard !share.set(waitingOutput) else { return }
        // This may be called from within a session, so the calls end in the next turn.
        loop.execute { [bound = LoopBound(self, on: loop)] in
            bound.withValue { $0.giveOutputWay() }
        }
    }

    /// Too much output waits for all clients, and most of it here. Its slow calls end with a status; if the peer does
    /// not read that soon either, it is disconnected.
    func giveOutputWay() {
        guard phase != .closed, overdueTimer == nil, waitingOutput > 0 else { return }
        server.logger.debug(
            "too much output waits for clients; the slowest one loses calls",
            metadata: ["peer_pid": "\(peer.pid)", "bytes": "\(waitingOutput)"])
        // This far above the limit, the connection is closed at once.
        let limit = server.state.outputBudget.limit
        guard server.state.outputBudget.heldBytes <= limit + limit / 4 else { return closeOverBudget() }
        session?.endSlowCalls()
        flushSoon()
        let overdue = outputCount
        overdueTimer = loop.schedule(after: server.configuration.overdueOutputTimeout) { [self] in
            overdueTimer = nil
            if isWriteBlocked && outputCount >= overdue { closeOverBudget() }
        }
    }

    /// A call has begun to wait for the peer: it ends too if the peer's output is over the budget.
    func senderWaits() {
        guard overdueTimer != nil, server.state.outputBudget.isExceeded else { return }
        loop.execute { [bound = LoopBound(self, on: loop)] in
            bound.withValue { $0.session?.endSlowCalls() }
        }
    }

    private func closeOverBudget() {
        server.state.outputBudget.refused()
        close()
    }

    private func watchStall(after delay: Duration) {
        guard stallTimer == nil else { return }
        stallTimer = loop.schedule(after: delay) { [self] in stallTimerFired() }
    }

    private func stallTimerFired() {
        stallTimer = nil
        guard phase != .closed, isWriteBlocked else { return }
        let limit = server.configuration.writeStallTimeout.clampedNanoseconds
        let age = loop.nowNanoseconds - lastProgress
        guard age < limit else {
            server.logger.debug(
                "closed a connection whose peer does not read", metadata: ["peer_pid": "\(peer.pid)"])
            return close()
        }
        watchStall(after: .nanoseconds(Int64(clamping: limit - age)))
    }
}
