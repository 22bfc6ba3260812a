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
        let (envelope, route) = try read(body)
        guard envelope.timeoutNano >= 0 else { throw ServerStreams.Refusal.deadlineExceeded.status }
        let context = CallContext(
            peer: connection.peer, name: route.name, metadata: try metadata(of: envelope, in: body),
            deadline: deadline(of: envelope), loop: connection.loop)
        try server.callStarted(context)
        let payload = body.extracting(envelope.payload)
        if route.isStreaming, let handle = route.handler.streamHandler {
            startStreaming(id, context, route.handler.kind, flags, payload, handle)
        } else {
            start(id, context, route.handler, payload)
        }
    }

    /// Reads the envelope and finds the method. Most clients call the same method many times, so the last one is looked at first.
    private func read(_ body: RawSpan) throws(RPCStatus) -> (RequestEnvelope, Route) {
        if let route = lastRoute, body.starts(with: route.envelopeHead) {
            let envelope = try envelope(of: body, behind: route.envelopeHead.count)
            if !envelope.isNamedAgain { return (envelope, route) }
        }
        let envelope = try envelope(of: body, behind: 0)
        let route = try route(of: envelope, in: body)
        lastRoute = route
        return (envelope, route)
    }

    private func envelope(of body: RawSpan, behind head: Int) throws(RPCStatus) -> RequestEnvelope {
        do throws(EnvelopeError) {
            return try RequestEnvelope(reading: body, behind: head)
        } catch {
            throw RPCStatus(.invalidArgument, reason: "REQUEST_MALFORMED", "cannot read the request: \(error)")
        }
    }

    private func route(of envelope: RequestEnvelope, in body: RawSpan) throws(RPCStatus) -> Route {
        let service = body.extracting(envelope.service)
        let method = body.extracting(envelope.method)
        switch server.router.match(service: service, method: method) {
        case .found(let route): return route
        case .unknownService: throw .unknown(service: service)
        case .unknownMethod: throw .unknown(method: method)
        }
    }

    private func metadata(of envelope: RequestEnvelope, in body: RawSpan) throws(RPCStatus) -> RPCMetadata {
        guard envelope.metadataCount > 0 else { return RPCMetadata() }
        let configuration = server.configuration
        guard envelope.metadataCount <= configuration.metadataPairs,
            envelope.metadataByteCount <= configuration.metadataBytes
        else {
            throw .metadataTooLarge(
                pairs: envelope.metadataCount, bytes: envelope.metadataByteCount,
                pairLimit: configuration.metadataPairs, byteLimit: configuration.metadataBytes)
        }
        do throws(EnvelopeError) {
            return try envelope.metadata(in: body)
        } catch {
            throw RPCStatus(.invalidArgument, reason: "REQUEST_MALFORMED", "cannot read the metadata: \(error)")
        }
    }

    private func deadline(of envelope: RequestEnvelope) -> Deadline? {
        if envelope.timeoutNano > 0 { return Deadline(after: .nanoseconds(envelope.timeoutNano)) }
        return server.defaultDeadline
    }
}

// A stream begins with a Request frame that may carry its first message.
extension TTRPCSession {
    private func startStreaming(
        _ id: UInt32, _ context: CallContext, _ kind: RPCKind, _ flags: FrameFlags, _ payload: RawSpan,
        _ handle: @escaping MethodHandler.StreamHandler
    ) {
        guard let call = open(id, context, kind) else { return }
        if let first = Self.firstFrame(of: kind, flags: flags, payloadSize: payload.byteCount) {
            perform(streams.dataReceived(id, flags: first, length: payload.byteCount), payload)
        }
        call.start { context, stream throws(RPCStatus) in try await handle(stream, context) }
    }

    /// The flags of the Data frame that the payload of a Request stands for; nil: none.
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
}
