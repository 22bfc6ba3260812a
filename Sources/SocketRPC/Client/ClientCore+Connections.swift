// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// Making connections and losing them.
extension ClientCore {
    /// Tries to connect. Returns whether there is a connection; if not, a retry is scheduled or the waiting calls have
    /// failed.
    func connect() -> Bool {
        guard connectTimer == nil else { return false }
        do throws(SystemError) {
            switch try UnixSocket.connect(path: path) {
            case .connected(let socket):
                current = try ClientConnection(socket, core: self)
                return true
            case .backlogFull:
                retry(after: .backlogFull, orFail: .backlogFull(path))
            }
        } catch {
            let status = RPCStatus.cannotConnect(path, error)
            if status.isDaemonAbsent {
                retry(after: .absent, orFail: status)
            } else {
                failWaiting(status)
            }
        }
        return false
    }

    private func retry(after trouble: ReconnectPolicy.Trouble, orFail status: RPCStatus) {
        guard let pause = pause(after: trouble) else { return failWaiting(status) }
        connectLater(pause)
    }

    private func pause(after trouble: ReconnectPolicy.Trouble) -> Duration? {
        policy.occurred(trouble, now: loop.nowNanoseconds, jitter: .random(in: 0...1))
    }

    private func connectLater(_ pause: Duration) {
        guard connectTimer == nil else { return }
        connectTimer = loop.schedule(after: pause) { [weak self] in
            self?.connectTimer = nil
            self?.pump()
        }
    }

    /// A connection has stopped accepting new calls.
    func connectionRetired(_ connection: ClientConnection) {
        guard current === connection else { return }
        current = nil
        retiring.append(connection)
    }

    /// A connection without calls has closed itself.
    func connectionClosed(_ connection: ClientConnection) {
        forget(connection)
        closeIfDone()
        pump()
    }

    /// A connection was lost with its calls. Those that provably did not run are retried.
    func connectionLost(_ connection: ClientConnection, _ calls: [(call: ClientCall, wasWritten: Bool)]) {
        forget(connection)
        // The end of an idle connection is not a failure.
        let pause = calls.isEmpty && waiting.isEmpty ? nil : pause(after: .lost)
        var again: [ClientCall] = []
        for (call, wasWritten) in calls {
            if !wasWritten && pause != nil && !isClosing && call.endpoint.isRepeatable {
                call.phase = .waiting
                again.append(call)
            } else {
                call.end(.connectionLost(path, wasWritten: wasWritten), isLocal: false, on: loop)
            }
        }
        waiting.insert(contentsOf: again, at: 0)
        if let pause, current == nil, !waiting.isEmpty { connectLater(pause) }
        closeIfDone()
        pump()
    }

    /// The server refused a call because it is shutting down: retry it with the next server.
    func refusedByDraining(_ call: ClientCall, _ status: RPCStatus, on connection: ClientConnection) {
        connectionRetired(connection)
        guard !isClosing, call.endpoint.isRepeatable, let pause = pause(after: .draining) else {
            return call.end(status, isLocal: false, on: loop)
        }
        call.phase = .waiting
        waiting.append(call)
        if current == nil { connectLater(pause) }
    }

    private func forget(_ connection: ClientConnection) {
        if current === connection { current = nil }
        retiring.removeAll { $0 === connection }
    }
}

// The end of the client.
extension ClientCore {
    /// Accepts no new calls, gives running ones `grace` to end, and closes everything.
    func close(grace: Duration, _ closer: TaskContinuation<Void>) {
        guard !isClosed else { return closer.resume() }
        closers.append(closer)
        guard !isClosing else { return }
        isClosing = true
        if grace > .zero {
            graceTimer = loop.schedule(after: grace) { [weak self] in self?.closeNow() }
            closeIfDone()
        } else {
            closeNow()
        }
    }

    /// A call has ended, or stopped waiting.
    func closeIfDone() {
        guard isClosing, !isClosed, waiting.isEmpty else { return }
        let isIdle = retiring.allSatisfy { $0.openCount == 0 } && (current?.openCount ?? 0) == 0
        if isIdle { closeNow() }
    }

    /// Ends every call and closes every connection.
    func closeNow() {
        guard !isClosed else { return }
        isClosing = true
        isClosed = true
        for timer in [graceTimer, connectTimer] {
            if let timer { loop.cancel(timer) }
        }
        let connections = retiring + (current.map { [$0] } ?? [])
        retiring = []
        current = nil
        for connection in connections { connection.closeNow() }
        failWaiting(.clientClosed)
        let closers = closers
        self.closers = []
        for closer in closers { closer.resume() }
    }
}
