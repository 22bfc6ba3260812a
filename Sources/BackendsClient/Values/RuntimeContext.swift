// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a server knows of an inference request, handed to every backend before a model is looked up.
public enum RuntimeContext: Hashable, Sendable {
    /// The context of a gRPC call.
    case grpc(GRPC)
    /// The context of an HTTP request.
    case http(HTTP)
}

extension RuntimeContext {
    /// The context of a gRPC call.
    public struct GRPC: Hashable, Sendable {
        /// `/package.Service/Method`.
        public var method: String
        /// The caller as the server names it, for example `ipv4:127.0.0.1:5000`.
        public var peer: String
        /// In the order received; keys compare without case, and the first value wins.
        public var metadata: [Metadata]
        /// Nil: the call has no deadline.
        public var timeRemaining: Duration?

        /// Makes a context.
        ///
        /// - Parameters:
        ///   - method: `/package.Service/Method`.
        ///   - peer: The caller as the server names it.
        ///   - metadata: The invocation metadata in the order received.
        ///   - timeRemaining: The time to the call's deadline, if it has one.
        public init(method: String, peer: String = "", metadata: [Metadata] = [], timeRemaining: Duration? = nil) {
            self.method = method
            self.peer = peer
            self.metadata = metadata
            self.timeRemaining = timeRemaining
        }
    }

    /// One pair of a call's metadata.
    public struct Metadata: Hashable, Sendable {
        /// What a key has.
        public enum Value: Hashable, Sendable {
            /// Text.
            case text(String)
            /// For keys that end in `-bin`: the decoded bytes.
            case binary([UInt8])
        }

        /// The key.
        public var key: String
        /// Its value.
        public var value: Value

        /// Makes a pair of text.
        public init(_ key: String, _ text: String) {
            self.key = key
            value = .text(text)
        }

        /// Makes a pair of bytes; the key ends in `-bin`.
        public init(_ key: String, binary: [UInt8]) {
            self.key = key
            value = .binary(binary)
        }
    }

    /// The context of an HTTP request.
    public struct HTTP: Hashable, Sendable {
        /// `GET`, `POST` and so on.
        public var method: String
        /// Path and query as sent.
        public var target: String
        /// In the order received; names compare without case, and the first value wins.
        public var headers: [Header]
        /// Who sent the request.
        public var clientAddress: String
        /// `1.1`, `2` or `3`.
        public var version: String

        /// Makes a context.
        ///
        /// - Parameters:
        ///   - method: `GET`, `POST` and so on.
        ///   - target: Path and query as sent.
        ///   - headers: The headers in the order received.
        ///   - clientAddress: Who sent the request.
        ///   - version: `1.1`, `2` or `3`.
        public init(
            method: String, target: String, headers: [Header] = [], clientAddress: String = "", version: String = "1.1"
        ) {
            self.method = method
            self.target = target
            self.headers = headers
            self.clientAddress = clientAddress
            self.version = version
        }
    }

    /// One header of a request.
    public struct Header: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value; bytes above 0x7F are read as ISO 8859-1.
        public var value: String

        /// Makes a header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
