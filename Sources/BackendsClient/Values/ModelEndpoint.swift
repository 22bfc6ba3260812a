// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model can be reached. What is said to it goes there directly, not through the daemon.
public struct ModelEndpoint: Hashable, Sendable {
    /// `host:port`, `[address]:port` or `unix:/path`; empty exactly when the model ``isInProcess``.
    public let address: String
    /// How to speak TLS to it; nil: not at all.
    public let tls: ModelTLS?
    /// The backend that serves it.
    public let backend: String
    /// The supervised process behind it; nil where the backend runs none.
    public let instance: String?
    /// Whether the model runs in the caller's own process: there is no server to connect to.
    public let isInProcess: Bool
}
