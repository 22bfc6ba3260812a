// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A server's side of a call whose messages are known beforehand.
final class ScriptedStream: ServerStream {
    private let incoming: Guarded<[[UInt8]]>
    private let outgoing = Guarded<[[UInt8]]>([])

    init(_ payloads: [[UInt8]]) {
        incoming = Guarded(payloads.reversed())
    }

    /// What the handler sent, encoded.
    var sent: [[UInt8]] { outgoing.withLock { $0 } }

    func receive() async throws(RPCStatus) -> [UInt8]? {
        incoming.withLock { $0.popLast() }
    }

    func answerEach(
        in context: CallContext, _ answer: @escaping MethodHandler.InlineAnswer
    ) async throws(RPCStatus) {
        throw RPCStatus(.unimplemented, "no test answers each message of a stream")
    }

    func waitForRoom() async throws(RPCStatus) {}

    func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {
        let bytes: [UInt8]
        do throws(PayloadError) { bytes = try message.encoded() } catch { throw RPCStatus(error) }
        try await send(encoded: bytes)
    }

    func send(encoded message: [UInt8]) async throws(RPCStatus) {
        outgoing.withLock { $0.append(message) }
    }
}
