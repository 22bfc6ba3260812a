// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a backend is in its life.
public enum BackendState: Hashable, Sendable {
    /// It does not run; its configuration may change.
    case stopped
    /// It is being started.
    case starting
    /// It runs.
    case started
    /// It is being stopped.
    case stopping
    /// It could not be started or stopped, or ended by itself; ``BackendDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension BackendState: CustomStringConvertible {
    /// The state as a word: `STOPPED`, `STARTING`, `STARTED`, `STOPPING` or `FAILED`.
    public var description: String {
        switch self {
        case .stopped: "STOPPED"
        case .starting: "STARTING"
        case .started: "STARTED"
        case .stopping: "STOPPING"
        case .failed: "FAILED"
        case .other(let number): "STATE_\(number)"
        }
    }
}
