// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// A client of one daemon, for any number of concurrent tasks.
///
/// It connects when there is something to send, and reconnects when the connection is lost. A call is only retried if
/// it provably did not run. Close the client when it is not needed any more.
package final class RPCClient: Sendable {
    private enum Gate {
        case open
        case closing
        case closed
    }

    /// The loop that everything happens on. A task that prefers this executor makes calls without switching threads.
    package let loop: EventLoop
    /// The path of the daemon's socket.
    package let path: String
    let configuration: ClientConfiguration
    private let ownsLoop: Bool
    private let core: LoopBound<ClientCore>
    private let gate = Guarded(Gate.open)
    private let end = Announcement<Void>()

    /// Creates a client, which connects later. A given loop must run and outlive the client; without one the client
    /// starts its own.
    ///
    /// Throws if the process cannot have another descriptor or thread, which a loop needs.
    package init(
        path: String, configuration: ClientConfiguration = ClientConfiguration(), loop: EventLoop? = nil
    ) throws(SystemError) {
        self.path = path
        self.configuration = configuration
        ownsLoop = loop == nil
        let home: EventLoop
        if let loop { home = loop } else { home = try Self.startLoop() }
        self.loop = home
        core = LoopBound(sending: ClientCore(path: path, configuration: configuration, loop: home), on: home)
    }

    private static func startLoop() throws(SystemError) -> EventLoop {
        let loop = try EventLoop(name: "rpc-client")
        try loop.start()
        return loop
    }

    deinit {
        switch gate.withLock({ $0 }) {
        case .closed:
            break
        case .open, .closing:
            let core = core
            loop.execute { core.withValue { $0.closeNow() } }
            guard ownsLoop else { return }
            loop.stop()
            if !loop.isCurrent { loop.join() }
        }
    }
}

// Reaching the loop.
extension RPCClient {
    /// Runs a closure on the loop: at once if the caller is there, otherwise soon. Returns false if the client is
    /// closed.
    func post(_ body: @escaping @Sendable (ClientCore) -> Void) -> Bool {
        guard !loop.isCurrent else {
            core.withValue { body($0) }
            return true
        }
        return postLater(body)
    }

    /// Runs a closure on the loop, later even if the caller is there. Returns false if the client is closed.
    @discardableResult
    func postLater(_ body: @escaping @Sendable (ClientCore) -> Void) -> Bool {
        // Under the lock, so that nothing reaches a loop that has been told to stop.
        gate.withLock { gate in
            switch gate {
            case .closed:
                return false
            case .open, .closing:
                let core = core
                loop.execute { core.withValue { body($0) } }
                return true
            }
        }
    }
}

// Waiting for the loop.
extension RPCClient {
    /// Suspends the task until `begin`, or what it begins on the loop, resumes the continuation. Returns `closed` if
    /// the client is closed.
    ///
    /// When the task is cancelled, `onCancel` is called on the loop; it must see to it that the continuation is
    /// resumed. Of a task that was cancelled before, it may be called before `begin`.
    nonisolated(nonsending) func suspend<Value: Sendable>(
        ifClosed closed: @autoclosure () -> Value,
        _ begin: @escaping @Sendable (ClientCore, TaskContinuation<Value>) -> Void,
        onCancel: @escaping @Sendable (ClientCore) -> Void
    ) async -> Value {
        await withTaskCancellationHandler {
            await withTaskContinuation { continuation in
                if !post({ begin($0, continuation) }) { continuation.resume(returning: closed()) }
            }
        } onCancel: {
            postLater(onCancel)
        }
    }
}

// The end.
extension RPCClient {
    /// Closes the client: accepts no new calls, gives running ones `grace` to end, fails the others with `UNAVAILABLE
    /// CLIENT_CLOSED`, closes the connections and ends the client's own loop.
    ///
    /// May be called more than once; each call returns when the client is closed. Do not call from a task that prefers
    /// the client's own loop, which ends here.
    package func close(grace: Duration = .zero) async {
        let isFirst = gate.withLock { gate in
            switch gate {
            case .open:
                gate = .closing
                return true
            case .closing, .closed:
                return false
            }
        }
        guard isFirst else { return await end.valueDespiteCancellation() }
        await withTaskContinuation { continuation in
            _ = post { $0.close(grace: grace, continuation) }
        }
        gate.withLock { $0 = .closed }
        if ownsLoop { await endLoop() }
        end.set(())
    }

    /// The loop has nothing left to do, so that its thread ends soon.
    @concurrent
    private func endLoop() async {
        loop.stop()
        loop.join()
    }
}
