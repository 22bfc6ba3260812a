// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// What a server knows about an inference request; every backend gets it before a model is looked up.
///
/// Its values never appear in the daemon's logs, events or audit lines.
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
        /// The caller as gRPC names it, for example `ipv4:127.0.0.1:5000`; empty: not known.
        public var peer: String
        /// The invocation metadata in the order received. Keys compare without case, and the first value of a key wins.
        public var metadata: [Metadata]
        /// The time until the call's deadline; nil: it has no deadline.
        public var timeRemaining: Duration?

        /// Makes a context.
        ///
        /// - Parameters:
        ///   - method: `/package.Service/Method`.
        ///   - peer: The caller as gRPC names it.
        ///   - metadata: The invocation metadata in the order received.
        ///   - timeRemaining: The time until the call's deadline; nil: it has no deadline.
        public init(method: String, peer: String = "", metadata: [Metadata] = [], timeRemaining: Duration? = nil) {
            self.method = method
            self.peer = peer
            self.metadata = metadata
            self.timeRemaining = timeRemaining
        }
    }

    /// One pair of a call's metadata.
    public struct Metadata: Hashable, Sendable {
        /// The value of a key: text, or bytes for keys that end in `-bin`.
        public enum Value: Hashable, Sendable {
            /// Text.
            case text(String)
            /// The decoded bytes of a key that ends in `-bin`.
            case binary([UInt8])
        }

        /// The key.
        public var key: String
        /// Its value.
        public var value: Value

        /// Makes a pair with a text.
        ///
        /// - Parameters:
        ///   - key: A key that does not end in `-bin`.
        ///   - text: The text.
        public init(_ key: String, _ text: String) {
            self.key = key
            value = .text(text)
        }

        /// Makes a pair with bytes.
        ///
        /// - Parameters:
        ///   - key: A key that ends in `-bin`.
        ///   - binary: The decoded bytes.
        public init(_ key: String, binary: [UInt8]) {
            self.key = key
            value = .binary(binary)
        }

        /// Makes a pair with bytes that are written in Base64, as gRPC sends them; nil if the text is not valid Base64.
        ///
        /// - Parameters:
        ///   - key: A key that ends in `-bin`.
        ///   - text: The bytes in either alphabet of RFC 4648, with or without padding.
        public init?(_ key: String, base64 text: String) {
            let digits = text.replacing("-", with: "+").replacing("_", with: "/")
            // Bits beyond the last byte must be zero, so that each value has one spelling.
            guard let bytes = Base64.decode(Array(digits.utf8)),
                Base64.encode(bytes).utf8.elementsEqual(digits.utf8.prefix { $0 != UInt8(ascii: "=") })
            else { return nil }
            self.init(key, binary: bytes)
        }
    }

    /// The context of an HTTP request.
    public struct HTTP: Hashable, Sendable {
        /// `GET`, `POST` and so on.
        public var method: String
        /// Path and query as sent.
        public var target: String
        /// The headers in the order received. Names compare without case, and the first value of a name wins.
        public var headers: [Header]
        /// The address of the client; empty: not known.
        public var clientAddress: String
        /// `1.1`, `2` or `3`.
        public var version: String

        /// Makes a context.
        ///
        /// - Parameters:
        ///   - method: `GET`, `POST` and so on.
        ///   - target: Path and query as sent.
        ///   - headers: The headers in the order received.
        ///   - clientAddress: The address of the client.
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
        /// The value; bytes above 0x7F are taken as ISO 8859-1.
        public var value: String

        /// Makes a header.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

/// What one backend did with a runtime context.
public struct ContextResult: Hashable, Sendable {
    /// The ways in which a backend can deal with a context.
    public enum Outcome: Hashable, Sendable {
        /// The backend took something from the context.
        case handled
        /// The context held nothing for the backend.
        case ignored
        /// The backend failed. The others got the context all the same.
        case failed(BackendClientError)
        /// An outcome that this version of the library does not know, with its number on the wire.
        case other(Int32)
    }

    /// The backend's name.
    public let backend: String
    /// What it did.
    public let outcome: Outcome
}
