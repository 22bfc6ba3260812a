// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a backend is ``BackendState/failed``.
public struct BackendFailure: Hashable, Sendable {
    /// A stable UPPER_SNAKE word.
    public let reason: String
    /// What happened, for a person.
    public let message: String
}
