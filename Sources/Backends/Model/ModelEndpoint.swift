// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model can be reached.
package struct ModelEndpoint: Hashable, Sendable {
    /// `host:port`, `[address]:port` or `unix:/path`; empty: in the caller's own process.
    package var address: String
    /// Nil: no TLS.
    package var tls: ModelTLS?
    /// The instance behind it; nil where the backend does not run one.
    package var instance: String?

    package init(address: String, tls: ModelTLS? = nil, instance: String? = nil) {
        self.address = address
        self.tls = tls
        self.instance = instance
    }
}
