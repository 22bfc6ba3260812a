// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A request to a server, with limits on the time and size of the answer.
package struct HTTPRequest: Sendable {
    package enum Version: Hashable, Sendable {
        case http1
        /// HTTP/2 from the first byte, as gRPC uses it; over TLS it is negotiated.
        case http2PriorKnowledge
    }

    package var method: String
    /// `http://host:port/path?query`, or with `https`. An IPv6 address is in brackets.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// The time limit of the whole request.
    package var timeout: Duration
    /// The time limit of the name lookup, the connection and the TLS handshake; nil: `timeout`.
    package var connectTimeout: Duration?
    /// The socket to connect to, instead of the URL's host.
    package var unixSocket: String?
    package var version: Version
    /// For `https`; nil: the system's authorities, and no client certificate.
    package var tls: HTTPTLS?
    /// The largest body of an answer, in bytes.
    package var bodyLimit: Int
    /// Whether only a connection, with the handshake for `https`, is to be made. The status of the answer is then 0.
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

/// How to speak TLS with a server.
///
/// The files are PEM. They are reread for each connection, so that a changed one takes effect.
package struct HTTPTLS: Hashable, Sendable {
    /// The only authorities that are trusted; nil: those of the system.
    package var caFile: String?
    /// This side's certificate chain.
    package var certFile: String?
    /// The key of this side's certificate; nil: it is in the same file.
    package var keyFile: String?
    /// The name to request and to verify, if it is not the host of the URL.
    package var serverName: String?
    /// Whether the server's certificate is verified.
    package var verifies: Bool

    package init(
        caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil, serverName: String? = nil,
        verifies: Bool = true
    ) {
        self.caFile = caFile
        self.certFile = certFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.verifies = verifies
    }
}
