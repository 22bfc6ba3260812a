// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What generated code registers: a typed method with a typed closure, one initializer a kind.
extension MethodHandler {
    /// A unary method that is answered inline.
    @inlinable
    package init<View: ProtobufMessageView & ~Copyable, Response: ProtobufMessage>(
        _ method: RPCMethod<View.Message, Response>,
        _ answer: @escaping @Sendable (borrowing View, CallContext) throws(RPCStatus) -> Reply<Response>
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .inline { (payload, context, arena) throws(RPCStatus) in
                let reply = try View.withView(decoding: payload, arena: arena) {
                    (view: borrowing View) throws(RPCStatus) in try answer(view, context)
                }
                switch reply {
                case .now(let message): return .ready(try arena.preparing(message))
                case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                }
            })
    }

    /// A unary method that may suspend.
    package init<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod<Request, Response>,
        _ answer: @escaping @Sendable (Request, CallContext) async throws(RPCStatus) -> Response
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .unary { (payload, arena) throws(RPCStatus) in
                let request = try Request(receiving: payload, arena: arena)
                return { (context) async throws(RPCStatus) in try await answer(request, context) }
            })
    }

    /// A client-streaming method.
    package init<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod<Request, Response>,
        _ answer: @escaping @Sendable (RequestStream<Request>, CallContext) async throws(RPCStatus) -> Response
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .streaming { (stream, context) async throws(RPCStatus) in
                try await answer(RequestStream(stream), context)
            })
    }

    /// A server-streaming method.
    package init<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod<Request, Response>,
        _ answer: @escaping @Sendable (Request, ResponseStream<Response>, CallContext) async throws(RPCStatus) -> Void
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .streaming { (stream, context) async throws(RPCStatus) in
                let request = try await RequestStream<Request>(stream).only()
                try await answer(request, ResponseStream(stream), context)
                return nil
            })
    }

    /// A bidirectional method.
    package init<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod<Request, Response>,
        _ answer:
            @escaping @Sendable (
                RequestStream<Request>, ResponseStream<Response>, CallContext
            ) async throws(RPCStatus) -> Void
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .streaming { (stream, context) async throws(RPCStatus) in
                try await answer(RequestStream(stream), ResponseStream(stream), context)
                return nil
            })
    }
}

extension Arena {
    /// `prepare`, with the status that the caller of the method gets when the reply cannot be written.
    @inlinable
    func preparing<Message: ProtobufMessage>(_ message: Message) throws(RPCStatus) -> PreparedMessage {
        do throws(PayloadError) {
            return try prepare(message)
        } catch {
            throw RPCStatus(error)
        }
    }
}

extension ProtobufMessage {
    /// Decodes a message that a peer sent.
    package init(receiving payload: RawSpan, arena: Arena) throws(RPCStatus) {
        do throws(PayloadError) {
            try self.init(decoding: payload, arena: arena)
        } catch {
            throw RPCStatus(error)
        }
    }
}
