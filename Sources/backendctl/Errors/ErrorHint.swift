// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// What a user can do about an error.
package enum ErrorHint {
    /// The hint for a call that failed; nil where the message says it already.
    package static func text(for error: BackendClientError) -> String? {
        // A message that asks what was meant has said what to do.
        if error.message.contains("did you mean") { return nil }
        let hint = error.reason.flatMap { Self.hint(for: $0, error.metadata) } ?? Self.hint(for: error)
        return hint.flatMap { error.message.contains($0) ? nil : $0 }
    }

    private static func hint(for reason: String, _ metadata: [String: String]) -> String? {
        hint(for: reason)
            ?? metadata["backend"].flatMap { hint(for: reason, backend: $0) }
            ?? metadata["model"].flatMap { hint(for: reason, model: $0) }
    }

    private static func hint(for reason: String) -> String? {
        switch reason {
        case "NO_DAEMON", "CANNOT_CONNECT":
            "start backendd, or name its socket with --socket or BACKENDD_SOCKET"
        case "BACKEND_NOT_FOUND": "see 'backendctl list'"
        case "TYPE_NOT_FOUND": "see 'backendctl types'"
        case "START_LOCK_HELD":
            "--lock-wait 30s waits (lock: --wait 30s), --force goes past the holder"
        case "START_LOCK_BROKEN": "the command was ended with SIGTERM; take the lock again"
        case "LOCK_TOKEN_STALE": "BACKENDCTL_LOCK_TOKEN is of a lock that is gone; take it again with 'backendctl lock'"
        case "SECRET_MASKED": "leave the secret out of the patch, or give its new value"
        case "CONFIG_INVALID": "see the keys of each type with 'backendctl types --output json'"
        case "LOAD_TIMEOUT": "raise load_timeout in its configuration when it needs longer"
        case "MODEL_BUSY": "--drain 5m waits longer, --force ends the uses"
        case "SEQUENCE_UNKNOWN": "begin with a snapshot: leave out --since and --instance"
        default: nil
        }
    }

    private static func hint(for reason: String, backend name: String) -> String? {
        switch reason {
        case "BACKEND_EXISTS": "choose another name, or change it with 'backendctl config merge \(name)'"
        case "BACKEND_STARTED":
            "'backendctl stop \(name)' stops it; --next-start keeps a configuration for its next start, delete --force stops it first"
        case "CONFIG_CONFLICT": "see who set what with 'backendctl config get \(name) --origins'"
        case "GENERATION_MOVED": "read it again with 'backendctl get \(name)'"
        case "BACKEND_NOT_STARTED": "'backendctl start \(name)' starts it"
        case "EXITED", "KILLED", "CRASH_LOOP", "MODEL_FAILED": "see 'backendctl logs \(name)'"
        case "PROGRAM_NOT_FOUND", "PROGRAM_UNUSABLE", "COMMAND_TOO_LONG":
            "see its command with 'backendctl config get \(name)'"
        case "START_FAILED", "BACKEND_FAILED": "see 'backendctl get \(name)'"
        default: nil
        }
    }

    private static func hint(for reason: String, model: String) -> String? {
        switch reason {
        case "MODEL_NOT_FOUND", "MODEL_NOT_SERVED", "MODEL_UNAVAILABLE": "see 'backendctl explain \(model)'"
        default: nil
        }
    }

    private static func hint(for error: BackendClientError) -> String? {
        switch error.code {
        case .deadlineExceeded: "allow more time with --timeout"
        case .permissionDenied where ["PEER_NOT_ALLOWED", "SOCKET_FORBIDDEN"].contains(error.reason):
            "run as the user of the daemon, or as root"
        case .unimplemented: "the daemon is another version; compare 'backendctl info' and 'backendctl --version'"
        case .resourceExhausted, .unavailable:
            if error.message.contains("again") {
                nil
            } else if let pause = error.retryAfter.flatMap({ ConfigDuration($0) }) {
                "try again after \(pause)"
            } else {
                "try again later"
            }
        // Codes are open, and for most of them the message says what to do.
        default: nil
        }
    }
}
