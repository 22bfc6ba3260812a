// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient

/// What a user can do about an error.
package enum ErrorHint {
    /// The hint for a call that failed; nil where the message says it all.
    package static func text(for error: BackendClientError) -> String? {
        if let reason = error.reason, let hint = hint(for: reason, error.metadata["backend"] ?? "NAME") { return hint }
        return hint(for: error.code).map { hint in
            error.retryAfter.map { "\(hint), after \($0)" } ?? hint
        }
    }

    private static func hint(for reason: String, _ name: String) -> String? {
        switch reason {
        case "NO_DAEMON", "CANNOT_CONNECT":
            "start backendd, or name its socket with --socket or BACKENDD_SOCKET"
        case "BACKEND_NOT_FOUND": "see 'backendctl list'"
        case "TYPE_NOT_FOUND": "see 'backendctl types'"
        case "BACKEND_EXISTS": "choose another name, or change it with 'backendctl config merge \(name)'"
        case "BACKEND_STARTED":
            "'backendctl stop \(name)' does; a configuration can wait with --next-start, delete has --force"
        case "START_LOCK_HELD":
            "--lock-wait 30s waits (lock: --wait 30s), --force goes past the holder"
        case "START_LOCK_BROKEN": "the command was ended with SIGTERM; take the lock again"
        case "LOCK_TOKEN_STALE": "BACKENDCTL_LOCK_TOKEN is of a lock that is gone; take it again with 'backendctl lock'"
        case "CONFIG_CONFLICT": "see who set what with 'backendctl config get \(name) --origins'"
        case "GENERATION_MOVED": "read it again with 'backendctl get \(name)'"
        case "SECRET_MASKED": "leave the secret out of the patch, or give its new value"
        case "CONFIG_INVALID": "see the keys of each type with 'backendctl types --output json'"
        case "MODEL_NOT_FOUND", "MODEL_NOT_SERVED", "MODEL_UNAVAILABLE": "see 'backendctl explain MODEL'"
        case "BACKEND_NOT_STARTED": "'backendctl start \(name)' does"
        case "MODEL_BUSY": "--drain 5m waits longer, --force ends the uses"
        case "EXITED", "KILLED", "LOAD_TIMEOUT", "CRASH_LOOP", "MODEL_FAILED": "see 'backendctl logs \(name)'"
        case "PROGRAM_NOT_FOUND": "see its command with 'backendctl config get \(name)'"
        case "START_FAILED", "BACKEND_FAILED": "see 'backendctl get \(name)'"
        case "SEQUENCE_UNKNOWN": "begin with a snapshot: leave out --since and --instance"
        default: nil
        }
    }

    private static func hint(for code: BackendClientError.Code) -> String? {
        switch code {
        case .deadlineExceeded: "allow more time with --timeout"
        case .permissionDenied: "run as the user of the daemon, or as root"
        case .unimplemented: "the daemon is another version; compare 'backendctl info' and 'backendctl --version'"
        case .resourceExhausted: "try again later"
        case .unavailable: "try again when the daemon is back"
        // Codes are open, and for most of them the message says what to do.
        default: nil
        }
    }
}
