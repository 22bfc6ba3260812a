// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one supervised process is doing.
package enum InstanceState: Hashable, Sendable, CaseIterable {
    /// Its process runs, or is about to, and does not serve yet.
    case starting
    case ready
    /// Its process runs, and its readiness probe fails.
    case unready
    /// Its process has ended and is started again after a pause.
    case backoff
    case stopping
    /// Its process has ended and is not started again.
    case exited
    case failed
}

extension InstanceState: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .starting: "STARTING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .backoff: "BACKOFF"
        case .stopping: "STOPPING"
        case .exited: "EXITED"
        case .failed: "FAILED"
        }
    }
}
