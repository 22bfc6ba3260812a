// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

/// A server's part on one loop: the connections that live there and what they share. It belongs to the loop.
final class ServerLoop {
    typealias Authorize = @Sendable (PeerCredentials) throws(RPCStatus) -> Void

    let loop: EventLoop
    let configuration: ServerConfiguration
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
    /// Whether the drain goes on without an open call.
    private var isHeld = false
    private var hasEnded = false
    private var graceTimer: TimerToken?
    /// Connections that announced the drain and wait for the client's word that it knows of it.
    private var announcements = 0
    /// Calls without an end, and handlers that run, which may be more.
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

    /// Takes over a connected socket.
    ///
    /// Who may not connect, and who is too many, is kept until the first frame to be told why.
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
                    socket: socket, peer: peer, refusal: refusal, environment: self)
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

    /// Counts a connection that is kept to be told why it is refused. The oldest one that has said nothing makes room for it, so
    /// that silent ones do not keep others from being told.
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

    /// Counts a connection, or says why it is refused.
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

    /// A connection's share of what the server keeps for handlers.
    func inputShare(of connection: SocketConnection) -> ServerBudget.Share {
        share(of: state.inputBudget, for: connection) { $0.giveWay() }
    }

    /// A connection's share of what waits for clients.
    func outputShare(of connection: SocketConnection) -> ServerBudget.Share {
        share(of: state.outputBudget, for: connection) { $0.giveOutputWay() }
    }

    /// Any loop may ask the connection to give way, which it does on the next turn of its own.
    private func share(
        of budget: ServerBudget, for connection: SocketConnection,
        givingWay giveWay: @escaping @Sendable (SocketConnection) -> Void
    ) -> ServerBudget.Share {
        let id = ObjectIdentifier(connection)
        let part = LoopBound(self, on: loop)
        return ServerBudget.Share(of: budget) {
            part.loop.execute {
                part.withValue { loop in
                    if let connection = loop.connections[id] { giveWay(connection) }
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
    /// Throws when an interceptor refuses the call; those that had seen it start see it end.
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

// The end: listeners close, running calls finish or run out of time, connections close, handlers return.
extension ServerLoop {
    /// Refuses new calls, lets the open ones finish for `grace`, then closes the connections. A second drain can only shorten the
    /// first.
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

    /// Ends the drain when no call is open.
    func releaseDrain() {
        isHeld = false
        endConnectionsIfDone()
    }

    private var isIdle: Bool { openCallCount == 0 && announcements == 0 && !isHeld }

    /// Closes the listeners, in a drain only those whose connections the next server is to have.
    func closeListeners(inDrain: Bool) {
        for listener in listeners where !inDrain || !listener.refusesInDrain { listener.close() }
        listeners = inDrain ? listeners.filter(\.refusesInDrain) : []
    }

    /// A connection has announced the drain; what its client sends until it knows is still served.
    func drainAnnounced() {
        announcements += 1
    }

    /// The client knows, or has had its time.
    func drainHeard() {
        announcements -= 1
        endConnectionsIfDone()
    }

    /// A call got its end.
    func openCallEnded() {
        openCallCount -= 1
        endConnectionsIfDone()
    }

    private func endConnectionsIfDone() {
        guard isDraining, isIdle else { return }
        loop.execute { [bound = LoopBound(self, on: loop)] in
            bound.withValue { part in
                if part.isIdle { part.endConnections() }
            }
        }
    }

    func handlerEnded() {
        handlerCount -= 1
        endIfDone()
    }

    /// No call is open: requests that have arrived are refused, then the connections close.
    private func endConnections() {
        guard !isEnding else { return }
        for listener in listeners { listener.sweep() }
        isEnding = true
        closeListeners(inDrain: false)
        for connection in Array(connections.values) {
            connection.read()
            connection.end()
        }
        endIfDone()
    }

    private func graceEnded() {
        isEnding = true
        closeListeners(inDrain: false)
        for connection in Array(connections.values) {
            connection.session?.graceEnded()
            connection.end()
            connection.flush()
            // What the peer does not take now it never gets.
            connection.close()
        }
        // Handlers were cancelled and should return; one that does not keeps the server for a while, not for ever.
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
