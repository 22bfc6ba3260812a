// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one backend would do for a model.
public struct ModelVerdict: Hashable, Sendable {
    /// The backend's name.
    public let backend: String
    /// The name of its type.
    public let type: String
    /// Where the backend is in its life.
    public let backendState: BackendState
    /// What it is doing with the model.
    public let modelState: ModelState
    /// `READY`, `WAIT`, `LOAD`, `START` or `SKIP`.
    public let verdict: String
    /// With `SKIP`, a stable UPPER_SNAKE word; else empty.
    public let reason: String
    /// One sentence for people.
    public let message: String
    /// The models that would be unloaded to make room.
    public let evicted: [String]
}
