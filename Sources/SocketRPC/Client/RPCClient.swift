// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// A client of one daemon, for any number of tasks at once.
///
/// It connects when there is something to send, and again when the connection is lost. A call is only sent a second time when
/// it provably did not run. Whoever made a client closes it.
package final class RPCClient: Sendable {
    private enum Gate {
        case open
        case closing([CheckedContinuation<Void, Never>])
        case closed
    }

    /// Where everything happens. A task that prefers this executor calls without a change of threads.
    package let loop: EventLoop
    /// The path of the daemon's socket.
    package let path: String
    let configuration: ClientConfiguration
    let interceptors: [any ClientInterceptor]
    private let ownsLoop: Bool
    private let core: LoopBound<ClientCore>
    private let gate = Guarded(Gate.open)

    /// A client that has not connected yet, on a loop that runs and outlives it; without one it makes its own.
    ///
    /// Throws when there is no descriptor or thread for a loop.
    package init(
        path: String, configuration: ClientConfiguration = ClientConfiguration(),
        interceptors: [any ClientInterceptor] = [], loop: EventLoop? = nil
    ) throws(SystemError) {
        self.path = path
        self.configuration = configuration
        self.interceptors = interceptors
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
    /// Runs a closure on the loop: now when the caller is there, else soon. Returns false when the client is closed.
    func post(_ body: @escaping @Sendable (ClientCore) -> Void) -> Bool {
        guard !loop.isCurrent else {
            core.withValue { body($0) }
            return true
        }
        return postLater(body)
    }

    /// Runs a closure on the loop, later even when the caller is there. Returns false when the client is closed.
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

// The end.
extension RPCClient {
    /// Ends the client: takes no new calls, gives those that run `grace` to end, fails the others with
    /// `UNAVAILABLE CLIENT_CLOSED`, closes the connections and ends the client's own loop.
    ///
    /// May be called more than once; each returns when the end has come. Not to be called by a task that prefers the client's own
    /// loop, for that ends here.
    package func close(grace: Duration = .zero) async {
        let isFirst = gate.withLock { gate in
            switch gate {
            case .open:
                gate = .closing([])
                return true
            case .closing, .closed:
                return false
            }
        }
        guard isFirst else { return await waitUntilClosed() }
        await withCheckedContinuation { continuation in
            _ = post { $0.close(grace: grace, continuation) }
        }
        let waiters = gate.withLock { gate in
            defer { gate = .closed }
            switch gate {
            case .closing(let waiters): return waiters
            case .open, .closed: return []
            }
        }
        if ownsLoop { await endLoop() }
        for waiter in waiters { waiter.resume() }
    }

    private func waitUntilClosed() async {
        await withCheckedContinuation { continuation in
            let isClosed = gate.withLock { gate in
                switch gate {
                case .closing(let waiters):
                    gate = .closing(waiters + [continuation])
                    return false
                case .open, .closed:
                    return true
                }
            }
            if isClosed { continuation.resume() }
        }
    }

    /// The loop has nothing left to do, so its thread is waited for no longer than it takes to end.
    @concurrent
    private func endLoop() async {
        loop.stop()
        loop.join()
    }
}
