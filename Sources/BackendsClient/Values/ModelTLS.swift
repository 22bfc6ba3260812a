// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How to speak TLS to a model's server. Read the files each time you connect: they may be renewed.
public struct ModelTLS: Hashable, Sendable {
    /// The file of the certificate authorities to trust; nil: the system's.
    public let caCertFile: String?
    /// The file of the certificate to show; nil: none.
    public let clientCertFile: String?
    /// The file of its key.
    public let clientKeyFile: String?
    /// The name to ask for and to check, where it is not the address.
    public let serverName: String?
}
