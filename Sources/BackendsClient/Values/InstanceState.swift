// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one supervised process is doing.
public enum InstanceState: Hashable, Sendable {
    /// It runs, or is about to, and does not serve yet.
    case starting
    /// It serves.
    case ready
    /// It runs, and its readiness probe fails.
    case unready
    /// It has ended and is started again after a pause.
    case backoff
    /// It is being ended.
    case stopping
    /// It has ended and is not started again.
    case exited
    /// It could not be started, or ended too often; ``InstanceDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension InstanceState: CustomStringConvertible {
    /// The state as a word: `READY`, `BACKOFF` and so on.
    public var description: String {
        switch self {
        case .starting: "STARTING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .backoff: "BACKOFF"
        case .stopping: "STOPPING"
        case .exited: "EXITED"
        case .failed: "FAILED"
        case .other(let number): "STATE_\(number)"
        }
    }
}
