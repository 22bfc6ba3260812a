// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a start came to.
public struct StartResult: Hashable, Sendable {
    /// The backend after it.
    public let backend: BackendDescription
    /// True when the backend ran before and nothing was done.
    public let wasStarted: Bool
}
