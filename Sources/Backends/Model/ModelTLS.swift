// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How to speak TLS to a model's server. Files are named, not held: whoever connects reads them each time.
package struct ModelTLS: Hashable, Sendable {
    /// Nil: the system's certificate authorities.
    package var caCertFile: String?
    package var clientCertFile: String?
    package var clientKeyFile: String?
    /// The name to ask for and to check, where it is not the address.
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
