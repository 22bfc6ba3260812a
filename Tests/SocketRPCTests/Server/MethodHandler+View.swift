// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC

extension MethodHandler {
    /// A method whose request, or each message, is answered inline.
    init<View: ProtobufMessageView & ~Copyable, Response: ProtobufMessage>(
        _ method: RPCMethod<View.Message, Response>,
        _ answer: @escaping @Sendable (borrowing View, CallContext) throws(RPCStatus) -> Reply<Response>
    ) {
        self.init(
            name: method.name, kind: method.kind,
            body: .inline { (payload, context, arena) throws(RPCStatus) in
                let view = unsafe View(try arena.decoding(View.Message.descriptor, payload))
                switch try answer(view, context) {
                case .now(let message): return .ready(try arena.preparing(message))
                case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                }
            })
    }
}
