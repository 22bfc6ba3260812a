// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What to ask a server, and how long and how much to take from it.
package struct HTTPRequest: Sendable {
    package enum Version: Hashable, Sendable {
        case http1
        /// HTTP/2 from the first byte, as gRPC speaks it; over TLS it is negotiated.
        case http2PriorKnowledge
    }

    package var method: String
    /// `http://host:port/path?query`, or with `https`. An IPv6 address stands in brackets.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// For everything together.
    package var timeout: Duration
    /// For the name, the connection and the handshake of TLS; nil: all of `timeout`.
    package var connectTimeout: Duration?
    /// The socket to connect to, instead of the URL's host.
    package var unixSocket: String?
    package var version: Version
    /// For `https`; nil: the system's authorities, and no certificate of our own.
    package var tls: HTTPTLS?
    /// How many bytes the answer's body may have.
    package var bodyLimit: Int
    /// Whether the connection, with the handshake for `https`, is all that is wanted. The answer's status is 0 then.
    package var connectOnly: Bool

    package init(
        method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8] = [], timeout: Duration,
        connectTimeout: Duration? = nil, unixSocket: String? = nil, version: Version = .http1, tls: HTTPTLS? = nil,
        bodyLimit: Int = 1 << 20, connectOnly: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.unixSocket = unixSocket
        self.version = version
        self.tls = tls
        self.bodyLimit = bodyLimit
        self.connectOnly = connectOnly
    }
}
