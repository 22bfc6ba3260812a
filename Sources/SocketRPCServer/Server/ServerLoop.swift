// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

/// The part of a server on one loop: its connections and what they share. It belongs to the loop.
final class ServerLoop {
    typealias Authorize = @Sendable (PeerCredentials) throws(RPCStatus) -> Void

    let loop: EventLoop
    /// New connections and the next turns of all connections follow a change.
    private(set) var configuration: ServerConfiguration
    let router: Router
    let logger: Logger
    let scratch = LoopScratch()
    private(set) lazy var http2 = HTTP2Shared()
    let state: ServerState
    private let interceptors: [any ServerInterceptor]
    private let authorize: Authorize
    private var connections: [ObjectIdentifier: SocketConnection] = [:]
    var listeners: [Listener] = []
    // The end.
    private(set) var isDraining = false
    private(set) var isEnding = false
    /// Whether the drain continues without an open call.
    private var isHeld = false
    private var hasEnded = false
    private var graceTimer: TimerToken?
    /// The number of connections that announced the drain and wait for the client to acknowledge it.
    private var announcements = 0
    /// The number of calls that have not ended, and of running handlers, which may be larger.
    var openCallCount = 0
    var handlerCount = 0

    init(
        loop: EventLoop, configuration: ServerConfiguration, router: Router, interceptors: [any ServerInterceptor],
        authorize: @escaping Authorize, logger: Logger, state: ServerState
    ) {
        self.loop = loop
        self.configuration = configuration
        self.router = router
        self.interceptors = interceptors
        self.authorize = authorize
        self.logger = logger
        self.state = state
    }

    /// Connections that were refused, the oldest first; some have gone since.
    private var refused: [ObjectIdentifier] = []

    var peerCalls: PeerCalls { state.peerCalls }

    /// The deadline of a call that does not set one.
    var defaultDeadline: Deadline? { configuration.defaultTimeout.map { Deadline(after: $0) } }

    func setLimits(_ limits: ServerLimits) { configuration.limits = limits }

    /// Takes over a connected socket.
    ///
    /// A peer that is refused is kept until its first frame, to be told the reason.
    func connected(_ socket: consuming FileDescriptor) {
        guard !isEnding else { return }
        do throws(SystemError) {
            let peer = try UnixSocket.peerCredentials(socket)
            let refusal = admit(peer)
            guard refusal == nil || openRefusal() else { return }
            if let refusal {
                logger.debug(
                    "refused a connection",
                    metadata: ["peer_pid": "\(peer.pid)", "peer_uid": "\(peer.uid)", "status": "\(refusal)"])
            }
            do throws(SystemError) {
                let connection = try SocketConnection(
                    socket: socket, peer: peer, refusal: refusal, server: self)
                connections[ObjectIdentifier(connection)] = connection
                if refusal != nil { keepRefused(connection) }
            } catch {
                uncount(refusal)
                throw error
            }
        } catch {
            logger.debug("lost a connection before it began", metadata: ["error": "\(error)"])
        }
    }

    /// Counts a refused connection that is kept. If the limit is reached, the oldest one that has sent nothing is
    /// closed, so that silent peers do not keep others from getting their answer.
    private func openRefusal() -> Bool {
        if state.openRefusal(limit: configuration.maximumRefusals) { return true }
        while !refused.isEmpty {
            guard let oldest = connections[refused.removeFirst()], oldest.isRefusedInSilence else { continue }
            oldest.close()
            return state.openRefusal(limit: configuration.maximumRefusals)
        }
        return false
    }

    private func keepRefused(_ connection: SocketConnection) {
        if refused.count >= 2 * configuration.maximumRefusals {
            refused.removeAll { connections[$0]?.isRefusedInSilence != true }
        }
        refused.append(ObjectIdentifier(connection))
    }

    /// Counts a connection, or returns why it is refused.
    private func admit(_ peer: PeerCredentials) -> RPCStatus? {
        do throws(RPCStatus) {
            try authorize(peer)
        } catch {
            return error
        }
        if isDraining { return ServerStreams.Refusal.draining.status }
        guard state.openConnection(limit: configuration.maximumConnections) else {
            return RPCStatus(
                .resourceExhausted, reason: "TOO_MANY_CONNECTIONS",
                "the server has too many connections; close some or try again later", retryAfter: .seconds(1))
        }
        return nil
    }

    /// A connection's share of the input budget.
    func inputShare(of connection: SocketConnection) -> ServerBudget.Share {
        share(of: state.inputBudget, for: connection) { $0.giveWay() }
    }

    /// A connection's share of the output budget.
    func outputShare(of connection: SocketConnection) -> ServerBudget.Share {
        share(of: state.outputBudget, for: connection) { $0.giveOutputWay() }
    }

    /// Any loop may ask the connection to give way, which it does in the next turn of its own loop.
    private func share(
        of budget: ServerBudget, for connection: SocketConnection,
        givingWay giveWay: @escaping @Sendable (SocketConnection) -> Void
    ) -> ServerBudget.Share {
        let id = ObjectIdentifier(connection)
        let server = LoopBound(self, on: loop)
        return ServerBudget.Share(of: budget) {
            server.loop.execute {
                server.withValue { server in
                    if let connection = server.connections[id] { giveWay(connection) }
                }
            }
        }
    }

    private func uncount(_ refusal: RPCStatus?) {
        if refusal == nil {
            state.connectionClosed()
        } else {
            state.refusalClosed()
        }
    }

    func connectionClosed(_ connection: SocketConnection) {
        connections[ObjectIdentifier(connection)] = nil
        uncount(connection.refusal)
        endIfDone()
    }
}

// Interceptors.
extension ServerLoop {
    /// Throws if an interceptor refuses the call; then the interceptors before it are told the end of the call.
    func callStarted(_ context: CallContext) throws(RPCStatus) {
        for index in interceptors.indices {
            do throws(RPCStatus) {
                try interceptors[index].callStarted(context)
            } catch {
                for earlier in interceptors[..<index].reversed() { earlier.callEnded(context, status: error) }
                throw error
            }
        }
    }

    func callEnded(_ context: CallContext, _ status: RPCStatus?) {
        guard !interceptors.isEmpty else { return }
        for interceptor in interceptors.reversed() { interceptor.callEnded(context, status: status) }
    }
}

// Shutdown: listeners close, running calls finish or time out, connections close, handlers return.
extension ServerLoop {
    /// Refuses new calls, lets the open ones finish for `grace`, then closes the connections. A second drain can only
    /// shorten the grace period.
    func drain(grace: Duration, held: Bool = false) {
        if !isDraining {
            isDraining = true
            isHeld = held
            closeListeners(inDrain: true)
            for connection in connections.values { connection.session?.drainingStarted() }
        }
        guard !isEnding else {
            if grace <= .zero { graceEnded() }
            return
        }
        if let graceTimer { loop.cancel(graceTimer) }
        graceTimer = loop.schedule(after: max(grace, .zero)) { [self] in
            graceTimer = nil
            graceEnded()
        }
        if isIdle { endConnections() }
    }

    /// Lets the drain end when no call is open.
    func releaseDrain() {
        isHeld = false
        endConnectionsIfDone()
    }

    private var isIdle: Bool { openCallCount == 0 && announcements == 0 && !isHeld }

    /// Closes the listeners; in a drain, only those whose connections wait for the next server.
    func closeListeners(inDrain: Bool) {
        for listener in listeners where !inDrain || !listener.refusesInDrain { listener.close() }
        listeners = inDrain ? listeners.filter(\.refusesInDrain) : []
    }

    /// A connection has announced the drain; what its client sends until it acknowledges that is still served.
    func drainAnnounced() {
        announcements += 1
    }

    /// The client has acknowledged the drain, or timed out.
    func drainHeard() {
        announcements -= 1
        endConnectionsIfDone()
    }

    /// A call has ended.
    func openCallEnded() {
        openCallCount -= 1
        endConnectionsIfDone()
    }

    private func endConnectionsIfDone() {
        guard isDraining, isIdle else { return }
        loop.execute { [bound = LoopBound(self, on: loop)] in
            bound.withValue { server in
                if server.isIdle { server.endConnections() }
            }
        }
    }

    func handlerEnded() {
        handlerCount -= 1
        endIfDone()
    }

    /// No call is open: refuses requests that have arrived, then closes the connections.
    private func endConnections() {
        guard !isEnding else { return }
        for listener in listeners { listener.sweep() }
        isEnding = true
        closeListeners(inDrain: false)
        for connection in Array(connections.values) {
            connection.takeLastInput()
            connection.end()
        }
        endIfDone()
    }

    private func graceEnded() {
        isEnding = true
        closeListeners(inDrain: false)
        for connection in Array(connections.values) {
            connection.session?.graceEnded()
            connection.takeLastInput()
            connection.end()
            connection.flush()
            // What the peer does not read now is lost.
            connection.close()
        }
        // Handlers were cancelled and should return; the server waits only for a limited time for one that does not.
        loop.schedule(after: configuration.cancellationWait) { [self] in
            guard !hasEnded else { return }
            logger.warning("handlers did not return after they were cancelled", metadata: ["count": "\(handlerCount)"])
            reportEnd()
        }
        endIfDone()
    }

    private func endIfDone() {
        guard isEnding, connections.isEmpty, handlerCount == 0 else { return }
        reportEnd()
    }

    private func reportEnd() {
        guard !hasEnded else { return }
        hasEnded = true
        if let graceTimer { loop.cancel(graceTimer) }
        graceTimer = nil
        state.loopEnded()
    }
}
