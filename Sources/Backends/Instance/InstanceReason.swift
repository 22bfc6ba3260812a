// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a supervised process ended, is not ready, or is given up; also why its output is not kept.
///
/// The raw values are part of the contract: clients compare them, so they are never respelled or reused.
enum InstanceReason: String, Hashable, Sendable {
    case exited = "EXITED"
    case killed = "KILLED"
    case portInUse = "PORT_IN_USE"
    case loadTimeout = "LOAD_TIMEOUT"
    case probeFailed = "PROBE_FAILED"
    case readinessFailed = "READINESS_FAILED"
    case livenessFailed = "LIVENESS_FAILED"
    case crashLoop = "CRASH_LOOP"
    case logNotKept = "LOG_NOT_KEPT"
}

extension BackendFailure {
    init(_ reason: InstanceReason, _ message: String) {
        self.init(reason: reason.rawValue, message: message)
    }

    /// The reason, if it is one that the supervision of a process gives.
    var instanceReason: InstanceReason? { InstanceReason(rawValue: reason) }
}
