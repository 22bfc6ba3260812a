// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A model of a backend as it was when the daemon answered.
public struct ModelDescription: Hashable, Sendable {
    /// Its id.
    public let modelID: String
    /// The backend that serves it.
    public let backend: String
    /// What the backend is doing with it.
    public let state: ModelState
    /// Why it is ``ModelState/failed``.
    public let failure: BackendFailure?
    /// Why it is ``ModelState/unready``.
    public let unready: BackendFailure?
    /// Where it can be reached; nil where it cannot now.
    public let endpoint: ModelEndpoint?
    /// Uses under way.
    public let uses: UInt32
    /// Callers that wait for it.
    public let waiting: UInt32
    /// Whether it is unloaded only on request.
    public let isPinned: Bool
    /// How long it may be idle before it is unloaded; nil: for ever.
    public let ttl: Duration?
    /// When its state last changed.
    public let stateTime: Timestamp?
    /// How long its last load took.
    public let loadDuration: Duration?
}
