// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one backend.
public struct BackendChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: WatchPosition
    /// When it happened.
    public let time: Timestamp?
    /// The backend's name.
    public let backend: String
    /// Nil: this change created the backend.
    public let oldState: BackendState?
    /// Nil: this change deleted the backend.
    public let newState: BackendState?
    /// The generation of its configuration.
    public let generation: UInt64
    /// A stable UPPER_SNAKE word: `CREATED`, `CONFIG_REGISTERED`, `START_REQUESTED` and so on.
    public let cause: String
    /// Set where the new state is ``BackendState/failed``.
    public let failure: BackendFailure?
}
