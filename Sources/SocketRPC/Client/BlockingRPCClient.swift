// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A client for one thread that makes one call after the other: a command line, a probe.
///
/// No loop, no further thread: a call writes, then waits on the socket until its answer is there or its deadline has passed.
/// Streams may stay open while other calls are made. It connects when there is something to send; a daemon that was never there
/// is an error at once, one that restarts is waited for, with growing pauses. A call is sent again only when it provably did not
/// run: an old connection was lost before the kernel took a byte of it, or the daemon refused it because it was about to end.
package final class BlockingRPCClient {
    /// The path of the daemon's socket.
    package let path: String
    private let configuration: ClientConfiguration
    private let arena = Arena()
    private var connection: BlockingConnection?
    private var policy: ReconnectPolicy

    package init(path: String, configuration: ClientConfiguration = ClientConfiguration()) {
        self.path = path
        self.configuration = configuration
        policy = ReconnectPolicy(configuration)
    }

    /// Calls a unary method.
    package func call<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions = CallOptions()
    ) throws(RPCStatus) -> Response {
        let target = BlockingTarget(
            service: method.service, method: method.name, kind: .unary, metadata: options.metadata,
            deadline: CallDeadline(after: options.timeout ?? configuration.timeout))
        let answer = BlockingAnswer<Response>(arena)
        while true {
            let (connection, id) = try open(target, request, answer)
            do throws(RPCStatus) {
                try connection.run(target.deadline) { answer.isOver }
            } catch {
                connection.giveUp(id, error)
                dropIfRetired(connection)
                throw error
            }
            guard answer.isServerDraining, try pause(after: .draining, target.deadline) else { break }
            answer.reset()
        }
        if !answer.isServerDraining { policy.recovered() }
        return try answer.response()
    }

    /// Opens a streaming call for the time of `body`. A call that is not over when `body` returns or throws is cancelled.
    package func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions = CallOptions(),
        _ body: (BlockingClientStream<Request, Response>) throws -> Result
    ) throws -> Result {
        let target = BlockingTarget(
            service: method.service, method: method.name, kind: method.kind, metadata: options.metadata,
            deadline: CallDeadline(after: options.timeout ?? configuration.streamTimeout))
        let stream = try BlockingClientStream<Request, Response>(self, target)
        defer { stream.close() }
        return try body(stream)
    }

    /// Closes the connection; open streams fail. A later call makes a new one.
    package func close() {
        connection?.lose(.clientClosed)
        connection = nil
    }

    /// Lets go of a connection that takes no calls and has none.
    func dropIfRetired(_ used: BlockingConnection) {
        if used === connection && used.isRetiring && used.streams.openCount == 0 { connection = nil }
    }

    /// Sends the request of a call, on a new connection if need be.
    func open<Request: ProtobufMessage>(
        _ target: BlockingTarget, _ request: Request?, _ endpoint: any BlockingEndpoint
    ) throws(RPCStatus) -> (connection: BlockingConnection, id: UInt32) {
        if let connection, connection.isUsable {
            let id = try send(target, request, endpoint, on: connection)
            // A daemon that went away in the meantime shows only now.
            guard connection.unsent.contains(id) else { return (connection, id) }
            endpoint.reset()
        }
        let fresh = try connect(target.deadline)
        connection = fresh
        return (fresh, try send(target, request, endpoint, on: fresh))
    }

    private func connect(_ deadline: CallDeadline) throws(RPCStatus) -> BlockingConnection {
        while true {
            do throws(RPCStatus) {
                return try BlockingConnection(
                    path: path, configuration: configuration, arena: arena, deadline: deadline)
            } catch {
                guard error.isDaemonAbsent, try pause(after: .absent, deadline) else { throw error }
            }
        }
    }

    /// Waits before the next try. Returns whether there is to be one.
    private func pause(after trouble: ReconnectPolicy.Trouble, _ deadline: CallDeadline) throws(RPCStatus) -> Bool {
        let now = MonotonicClock.nowNanoseconds
        guard let pause = policy.occurred(trouble, now: now, jitter: .random(in: 0...1)) else { return false }
        let remaining = deadline.remaining(now: now) ?? pause
        MonotonicClock.sleep(min(pause, remaining))
        if remaining <= pause && deadline.instant != nil { throw .deadlinePassed }
        return true
    }

    private func send<Request: ProtobufMessage>(
        _ target: BlockingTarget, _ request: Request?, _ endpoint: any BlockingEndpoint,
        on connection: BlockingConnection
    ) throws(RPCStatus) -> UInt32 {
        defer {
            arena.reset()
            connection.write()
        }
        guard let request else { return try connection.beginRequest(target, payloadSize: 0, endpoint) }
        let message: PreparedMessage
        do throws(PayloadError) {
            message = try arena.prepare(request)
        } catch {
            throw RPCStatus(error)
        }
        let id = try connection.beginRequest(target, payloadSize: message.byteCount, endpoint)
        message.write(into: &connection.output)
        return id
    }
}
