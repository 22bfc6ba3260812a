// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What generated code registers: a typed method with a typed closure, one initializer per kind. For a method that is
// answered inline, generated code writes the closure itself.
extension MethodHandler {
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
