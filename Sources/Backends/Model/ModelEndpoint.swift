// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model can be reached.
package struct ModelEndpoint: Hashable, Sendable {
    /// `host:port`, `[address]:port` or `unix:/path`; empty exactly when it is ``inProcess``.
    package var address: String
    /// Nil: no TLS.
    package var tls: ModelTLS?
    /// The instance behind it; nil if the backend does not run one.
    package var instance: String?

    /// Whether the model runs in the caller's own process, which needs no address.
    package private(set) var isInProcess = false

    package init(address: String, tls: ModelTLS? = nil, instance: String? = nil) {
        self.address = address
        self.tls = tls
        self.instance = instance
    }

    /// The verdict that the model runs in the caller's own process.
    package static let inProcess: ModelEndpoint = {
        var endpoint = ModelEndpoint(address: "")
        endpoint.isInProcess = true
        return endpoint
    }()

    /// Whether it says where the model is.
    package var isComplete: Bool { isInProcess || !address.isEmpty }
}

/// How to speak TLS to a model's server. Files are named, not held: they are reread for each connection.
package struct ModelTLS: Hashable, Sendable {
    /// Nil: the system's certificate authorities.
    package var caCertFile: String?
    package var clientCertFile: String?
    package var clientKeyFile: String?
    /// The name to ask for and to check, if it is not the address.
    package var serverName: String?

    package init(
        caCertFile: String? = nil, clientCertFile: String? = nil, clientKeyFile: String? = nil,
        serverName: String? = nil
    ) {
        self.caCertFile = caCertFile
        self.clientCertFile = clientCertFile
        self.clientKeyFile = clientKeyFile
        self.serverName = serverName
    }
}
