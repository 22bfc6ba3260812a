// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one backend.
package struct BackendEvent: Hashable, Sendable {
    /// Grows by one with every event of a run of the daemon, from 1.
    package var sequence: UInt64
    package var time: Timestamp
    package var backend: String
    /// Nil when the backend was created by this event.
    package var oldState: BackendState?
    /// Nil when the backend was deleted by this event.
    package var newState: BackendState?
    package var generation: UInt64
    package var cause: Cause
    /// Set when the new state is `failed`.
    package var failure: BackendFailure?
    /// The stop by a person that keeps the backend down after this event.
    package var hold: BackendHold?

    package init(
        sequence: UInt64, time: Timestamp, backend: String, oldState: BackendState?, newState: BackendState?,
        generation: UInt64, cause: Cause, failure: BackendFailure? = nil,
        hold: BackendHold? = nil
    ) {
        self.sequence = sequence
        self.time = time
        self.backend = backend
        self.oldState = oldState
        self.newState = newState
        self.generation = generation
        self.cause = cause
        self.failure = failure
        self.hold = hold
    }
}

extension BackendEvent {
    /// Why the change happened; the raw values are part of the contract.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        case created = "CREATED"
        case deleted = "DELETED"
        case configRegistered = "CONFIG_REGISTERED"
        case configStaged = "CONFIG_STAGED"
        case startRequested = "START_REQUESTED"
        case boot = "BOOT"
        case adopted = "ADOPTED"
        case restartRequested = "RESTART_REQUESTED"
        case started = "STARTED"
        case startFailed = "START_FAILED"
        case stopRequested = "STOP_REQUESTED"
        case deleteRequested = "DELETE_REQUESTED"
        case shutdown = "SHUTDOWN"
        case stopped = "STOPPED"
        case stopFailed = "STOP_FAILED"
        case backendFailed = "BACKEND_FAILED"
        case held = "HELD"
        case released = "RELEASED"
        case enabled = "ENABLED"
        case disabled = "DISABLED"
        case reloaded = "RELOADED"
        case reloadStaged = "RELOAD_STAGED"
    }
}
