// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One method of a service with the code that answers it.
package struct MethodHandler: Sendable {
    /// The part of a unary call that may suspend: it has the request and returns the reply.
    package typealias UnaryWork = @Sendable (CallContext) async throws(RPCStatus) -> any ProtobufMessage

    /// Answers a message synchronously on the loop, from a view of it that is borrowed for the duration of the call.
    package typealias InlineAnswer = @Sendable (RawSpan, CallContext, Arena) throws(RPCStatus) -> InlineReply
    /// Takes and sends the messages of a stream. The reply of a client-streaming method is what it returns; the other kinds return nil.
    package typealias StreamHandler =
        @Sendable (any ServerStream, CallContext) async throws(RPCStatus) -> (any ProtobufMessage)?

    /// How a method is answered.
    package enum Body: Sendable {
        /// Without a task, as long as that is possible: the request of a unary method, or each message of a bidirectional one.
        case inline(InlineAnswer)
        /// Decodes on the loop, then runs as a task on it.
        case unary(@Sendable (RawSpan, Arena) throws(RPCStatus) -> UnaryWork)
        /// Runs as a task with a stream of messages.
        case streaming(StreamHandler)
    }

    package let name: String
    package let kind: RPCKind
    package let body: Body

    package init(name: String, kind: RPCKind, body: Body) {
        self.name = name
        self.kind = kind
        self.body = body
    }

    /// What takes and sends the messages of this method; nil if it is unary.
    package var streamHandler: StreamHandler? {
        switch body {
        case .unary: nil
        case .streaming(let handle): handle
        case .inline where kind == .unary: nil
        case .inline(let answer):
            { (stream, context) async throws(RPCStatus) in
                try await stream.answerEach(in: context, answer)
                return nil
            }
        }
    }

    /// The same method, with every status that it fails with mapped by a function.
    package func mappingFailures(_ map: @escaping @Sendable (RPCStatus) -> RPCStatus) -> MethodHandler {
        let mapped: Body
        switch body {
        case .inline(let answer):
            mapped = .inline { (payload, context, arena) throws(RPCStatus) in
                do throws(RPCStatus) {
                    return try answer(payload, context, arena)
                } catch {
                    throw map(error)
                }
            }
        case .unary(let decode):
            mapped = .unary { (payload, arena) throws(RPCStatus) in
                do throws(RPCStatus) {
                    return try decode(payload, arena)
                } catch {
                    throw map(error)
                }
            }
        case .streaming(let run):
            mapped = .streaming { (stream, context) async throws(RPCStatus) in
                do throws(RPCStatus) {
                    return try await run(stream, context)
                } catch {
                    throw map(error)
                }
            }
        }
        return MethodHandler(name: name, kind: kind, body: mapped)
    }
}

/// What an inline answer returns: a reply that is ready to be written, or work that may suspend.
package enum InlineReply: ~Copyable {
    case ready(PreparedMessage)
    case later(MethodHandler.UnaryWork)
}

/// What the implementation of an inline method returns.
package enum Reply<Message: ProtobufMessage>: Sendable {
    /// The answer, at once.
    case now(Message)
    /// The same, encoded: the answer of an earlier call that is the answer of this one too.
    case encoded([UInt8])
    /// The answer comes from work that may suspend; it runs as a task on the loop and is cancelled like any call.
    case later(@Sendable () async throws(RPCStatus) -> Message)
}
