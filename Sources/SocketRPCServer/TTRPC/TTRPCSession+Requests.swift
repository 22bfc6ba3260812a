// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

// From a Request frame to its handler.
extension TTRPCSession {
    func requestReceived(_ header: FrameHeader, _ body: RawSpan) {
        let id = header.streamID
        let action = streams.requestReceived(id)
        guard case .dispatch = action else { return perform(action, body) }
        do throws(RPCStatus) {
            try dispatch(id, flags: header.flags, body)
        } catch {
            answer(id, error)
        }
    }

    private func dispatch(_ id: UInt32, flags: FrameFlags, _ body: RawSpan) throws(RPCStatus) {
        let envelope = try read(body)
        let route = try route(of: envelope, in: body)
        guard envelope.timeoutNano >= 0 else { throw ServerStreams.Refusal.deadlineExceeded.status }
        let context = CallContext(
            peer: connection.peer, service: route.service, method: route.handler.name,
            metadata: try metadata(of: envelope, in: body), deadline: deadline(of: envelope), loop: connection.loop)
        try environment.callStarted(context)
        let payload = body.extracting(envelope.payload)
        switch route.handler.body {
        case .inline(let handle):
            answerInline(id, context, payload, handle)
        case .unary(let decode):
            decodeUnary(id, context, payload, decode)
        case .streaming(let handle):
            startStreaming(id, context, route.handler.kind, flags, payload, handle)
        }
    }

    private func read(_ body: RawSpan) throws(RPCStatus) -> RequestEnvelope {
        do throws(EnvelopeError) {
            return try RequestEnvelope(reading: body)
        } catch {
            throw RPCStatus(.invalidArgument, reason: "REQUEST_MALFORMED", "cannot read the request: \(error)")
        }
    }

    private func route(of envelope: RequestEnvelope, in body: RawSpan) throws(RPCStatus) -> Route {
        let service = body.extracting(envelope.service)
        let method = body.extracting(envelope.method)
        switch environment.router.match(service: service, method: method) {
        case .found(let route): return route
        case .unknownService:
            throw RPCStatus(.unimplemented, reason: "SERVICE_UNKNOWN", "service \(Self.shown(service))")
        case .unknownMethod: throw RPCStatus(.unimplemented, reason: "METHOD_UNKNOWN", "method \(Self.shown(method))")
        }
    }

    /// A name in a message: not at any length.
    private static func shown(_ name: RawSpan) -> String {
        name.byteCount <= 256 ? name.text : name.extracting(0..<256).text + "…"
    }

    private func metadata(of envelope: RequestEnvelope, in body: RawSpan) throws(RPCStatus) -> RPCMetadata {
        guard envelope.metadataCount > 0 else { return RPCMetadata() }
        let configuration = environment.configuration
        guard envelope.metadataCount <= configuration.metadataPairs,
            envelope.metadataByteCount <= configuration.metadataBytes
        else {
            throw RPCStatus(
                .resourceExhausted, reason: "METADATA_TOO_LARGE",
                """
                the request has \(envelope.metadataCount) pairs of metadata in \(envelope.metadataByteCount) bytes, more than \
                the limit of \(configuration.metadataPairs) pairs in \(configuration.metadataBytes) bytes
                """)
        }
        do throws(EnvelopeError) {
            return try envelope.metadata(in: body)
        } catch {
            throw RPCStatus(.invalidArgument, reason: "REQUEST_MALFORMED", "cannot read the metadata: \(error)")
        }
    }

    private func deadline(of envelope: RequestEnvelope) -> Deadline? {
        if envelope.timeoutNano > 0 { return Deadline(after: .nanoseconds(envelope.timeoutNano)) }
        return environment.configuration.defaultTimeout.map { Deadline(after: $0) }
    }
}

// Starting handlers. What goes wrong from here on is the outcome of a started call.
extension TTRPCSession {
    private func answerInline(
        _ id: UInt32, _ context: CallContext, _ payload: RawSpan,
        _ handle: @Sendable (RawSpan, CallContext, Arena) throws(RPCStatus) -> InlineReply
    ) {
        let arena = environment.scratch.requestArena
        do throws(RPCStatus) {
            let reply = try handle(payload, context, arena)
            switch consume reply {
            case .ready(let message):
                let failure = answer(id, message)
                environment.callEnded(context, failure)
            case .later(let work):
                startUnary(id, context, work)
            }
        } catch {
            fail(id, context, error)
        }
        arena.reset()
    }

    private func decodeUnary(
        _ id: UInt32, _ context: CallContext, _ payload: RawSpan,
        _ decode: @Sendable (RawSpan, Arena) throws(RPCStatus) -> MethodHandler.UnaryWork
    ) {
        let arena = environment.scratch.requestArena
        do throws(RPCStatus) {
            let work = try decode(payload, arena)
            arena.reset()
            startUnary(id, context, work)
        } catch {
            arena.reset()
            fail(id, context, error)
        }
    }

    private func startUnary(_ id: UInt32, _ context: CallContext, _ work: @escaping MethodHandler.UnaryWork) {
        guard let call = open(id, context, .unary) else { return }
        call.start { context, _ throws(RPCStatus) in try await work(context) }
    }

    private func startStreaming(
        _ id: UInt32, _ context: CallContext, _ kind: RPCKind, _ flags: FrameFlags, _ payload: RawSpan,
        _ handle: @escaping @Sendable (any ServerStream, CallContext) async throws(RPCStatus) -> (any ProtobufMessage)?
    ) {
        guard let call = open(id, context, kind) else { return }
        if let first = Self.firstFrame(of: kind, flags: flags, payloadSize: payload.byteCount) {
            perform(streams.dataReceived(id, flags: first, length: payload.byteCount), payload)
        }
        call.start { context, stream throws(RPCStatus) in try await handle(stream, context) }
    }

    /// The Data frame that the payload of a Request stands for; nil: none.
    private static func firstFrame(of kind: RPCKind, flags: FrameFlags, payloadSize: Int) -> FrameFlags? {
        switch kind {
        case .unary: return nil
        case .serverStreaming: return .remoteClosed
        case .clientStreaming, .bidirectionalStreaming:
            var first = flags.intersection(.remoteClosed)
            if payloadSize == 0 { first.insert(.noData) }
            return first
        }
    }

    /// Enters a call into the table, or refuses it.
    private func open(_ id: UInt32, _ context: CallContext, _ kind: RPCKind) -> TTRPCCall? {
        guard environment.peerCalls.begin(context.peer.pid) else {
            fail(
                id, context,
                RPCStatus(
                    .resourceExhausted, reason: "TOO_MANY_CALLS",
                    "this process has too many calls open; wait for some to end", retryAfter: .seconds(1))
            )
            return nil
        }
        let action = streams.handlerNeeded(id, kind: kind)
        guard case .run = action else {
            environment.peerCalls.end(context.peer.pid)
            fail(id, context, ServerStreams.Refusal.tooManyStreams.status)
            return nil
        }
        let call = TTRPCCall(id: id, kind: kind, context: context, session: self)
        calls[id] = call
        environment.openCallCount += 1
        environment.handlerCount += 1
        return call
    }

    /// Answers a started call that has no handler running.
    private func fail(_ id: UInt32, _ context: CallContext, _ status: RPCStatus) {
        answer(id, status)
        environment.callEnded(context, status)
    }
}
