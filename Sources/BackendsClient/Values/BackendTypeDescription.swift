// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A kind of backend: what it runs and which configuration it takes.
public struct BackendTypeDescription: Hashable, Sendable {
    /// Its name, which matches `[A-Z][A-Z0-9_]*`.
    public let name: String
    /// One sentence for a person who chooses a type.
    public let summary: String
    /// The JSON Schema (draft 2020-12) of its configuration.
    public let configSchema: ConfigurationValue
}
