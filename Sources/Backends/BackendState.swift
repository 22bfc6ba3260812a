// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend is doing.
package enum BackendState: Hashable, Sendable, CaseIterable {
    case stopped
    case starting
    case started
    case stopping
    case failed
}

extension BackendState: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .stopped: "STOPPED"
        case .starting: "STARTING"
        case .started: "STARTED"
        case .stopping: "STOPPING"
        case .failed: "FAILED"
        }
    }
}
