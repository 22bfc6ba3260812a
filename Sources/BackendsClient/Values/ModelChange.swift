// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one model.
public struct ModelChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: WatchPosition
    /// When it happened.
    public let time: Timestamp?
    /// The backend that serves it.
    public let backend: String
    /// The model's id.
    public let modelID: String
    /// What the backend was doing with it.
    public let oldState: ModelState
    /// What it is doing with it now.
    public let newState: ModelState
    /// A stable UPPER_SNAKE word: `LOAD_REQUESTED`, `LOADED`, `IDLE` and so on.
    public let cause: String
    /// Set where the new state is ``ModelState/failed``.
    public let failure: BackendFailure?
}
