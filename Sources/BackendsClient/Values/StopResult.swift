// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a stop came to.
public struct StopResult: Hashable, Sendable {
    /// The backend after it.
    public let backend: BackendDescription
    /// True when the backend was stopped before and nothing was done.
    public let wasStopped: Bool
}
