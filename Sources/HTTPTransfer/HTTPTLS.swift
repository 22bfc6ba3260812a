// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How to speak TLS with a server.
///
/// The files are PEM. They are read for each connection, so a changed one is used without more.
package struct HTTPTLS: Hashable, Sendable {
    /// The only authorities that are believed; nil: those of the system.
    package var caFile: String?
    /// This side's certificate, and those above it.
    package var certFile: String?
    /// The key of this side's certificate; nil: it is in the same file.
    package var keyFile: String?
    /// The name to ask for and to check, where it is not the host of the URL.
    package var serverName: String?
    /// Whether the server's certificate is checked at all.
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
