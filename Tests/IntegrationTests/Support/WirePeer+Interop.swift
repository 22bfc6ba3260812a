// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport
import Testing

/// Frames of `grpc.testing.TestService`.
extension WirePeer {
    static func call<Message: ProtobufMessage>(
        _ id: UInt32, _ method: String, _ message: Message, timeout: Duration = .zero,
        metadata: RPCMetadata = RPCMetadata()
    ) throws -> [UInt8] {
        request(
            id, method, try message.encoded(), service: "grpc.testing.TestService",
            timeoutNano: Int64(timeout / .nanoseconds(1)), metadata: metadata)
    }

    /// The beginning of a call whose messages follow.
    static func open(_ id: UInt32, _ method: String) -> [UInt8] {
        request(id, method, service: "grpc.testing.TestService", flags: .remoteOpen)
    }

    static func data<Message: ProtobufMessage>(_ id: UInt32, _ message: Message) throws -> [UInt8] {
        data(id, try message.encoded())
    }
}

extension WirePeer.Received {
    /// The message of an answer, or of a stream.
    func message<Message: ProtobufMessage>(
        _ type: Message.Type = Message.self, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Message {
        let bytes = header.type == .data ? body : payload
        return try Message(decoding: try #require(bytes, "\(self)", sourceLocation: sourceLocation))
    }
}
