// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Which layer decided one path of an effective configuration.
public struct ConfigurationOrigin: Hashable, Sendable {
    /// Keys joined by dots, for example `connection.hostname`.
    public let path: String
    /// `defaults`, `base` or `owner:NAME`.
    public let layer: String
}
