// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// What a user can do about an error.
package enum ErrorHint {
    /// The hint for a call that failed; nil where the message says it already, or nothing is known to help.
    package static func text(for error: BackendClientError) -> String? {
        // A message that asks what was meant has said what to do.
        if error.message.contains("did you mean") { return nil }
        if error.reason == "MODEL_ID_INVALID", error.message.contains("is missing") { return "--model-id names it" }
        // More time does not help a probe whose program cannot be run.
        if error.reason == "LOAD_TIMEOUT", error.message.contains("; check the command of the probe") { return nil }
        let hint = error.reason.flatMap { Self.hint(for: $0, error.metadata) } ?? Self.hint(for: error)
        return hint.flatMap { error.message.contains($0) ? nil : $0 }
    }

    private static func hint(for reason: String, _ metadata: [String: String]) -> String? {
        hint(for: reason)
            ?? word(metadata["backend"]).flatMap { hint(for: reason, backend: $0, metadata["command"]) }
            ?? word(metadata["model"]).flatMap { hint(for: reason, model: $0) }
    }

    /// A name that a shell takes as it is: a hint is made to be copied.
    static func word(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"),
                UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isPlain && name.utf8.first != UInt8(ascii: "-") ? name : nil
    }

    private static func hint(for reason: String) -> String? {
        switch reason {
        case "NO_DAEMON": "start backendd, or name its socket with --socket or BACKENDD_SOCKET"
        case "CANNOT_CONNECT": "name the daemon's socket with --socket or BACKENDD_SOCKET"
        case "CONNECTION_LOST": "see with 'backendctl info' whether the daemon still runs"
        case "NOT_SENT": "try again"
        case "DEADLINE_EXCEEDED": "allow more time with --timeout"
        case "BACKEND_NOT_FOUND": "see 'backendctl list'"
        case "TYPE_NOT_FOUND": "see 'backendctl types'"
        case "START_LOCK_HELD":
            "--lock-wait 30s waits (lock: --wait 30s), --force goes past the holder"
        case "START_LOCK_BROKEN": "the command was ended with SIGTERM; take the lock again"
        case "LOCK_TOKEN_STALE": "BACKENDCTL_LOCK_TOKEN is of a lock that is gone; take it again with 'backendctl lock'"
        case "CONFIG_INVALID": "see the keys of each type with 'backendctl types --output json'"
        case "LOAD_TIMEOUT": "raise load_timeout in its configuration when it needs longer"
        case "CONTEXT_TIMEOUT": "raise context_timeout in the daemon's configuration when it needs longer"
        case "MODEL_BUSY": "--drain 5m waits longer, --force ends the uses"
        case "SEQUENCE_UNKNOWN": "begin with a snapshot: leave out --since and --instance"
        case "SOCKET_FORBIDDEN": "run as the user of the daemon, or as root"
        default: nil
        }
    }

    private static func hint(for reason: String, backend name: String, _ command: String?) -> String? {
        switch reason {
        case "BACKEND_EXISTS": "'backendctl config merge \(name)' changes it"
        case "BACKEND_STARTED" where command == "delete": "'backendctl stop \(name)' stops it; so does --force"
        case "BACKEND_STARTED":
            "'backendctl stop \(name)' stops it; --next-start keeps the change for its next start"
        case "CONFIG_CONFLICT": "see who set what with 'backendctl config get \(name) --origins'"
        case "GENERATION_MOVED": "read it again with 'backendctl get \(name)'"
        case "MODEL_NOT_LOADABLE": "'backendctl stop \(name)' ends it"
        case "BACKEND_NOT_STARTED": "'backendctl start \(name)' starts it"
        case "EXITED", "KILLED", "CRASH_LOOP", "READINESS_FAILED", "LIVENESS_FAILED": "see 'backendctl logs \(name)'"
        case "PROGRAM_NOT_FOUND", "PROGRAM_UNUSABLE", "COMMAND_TOO_LONG":
            "'backendctl config get \(name)' shows its configuration"
        case "START_FAILED", "STOP_FAILED", "BACKEND_FAILED", "MODEL_FAILED": "see 'backendctl status \(name)'"
        default: nil
        }
    }

    private static func hint(for reason: String, model: String) -> String? {
        switch reason {
        case "MODEL_NOT_FOUND", "MODEL_NOT_SERVED", "MODEL_UNAVAILABLE": "see 'backendctl explain \(model)'"
        case "MODEL_NOT_LOADED": "'backendctl load \(model)' loads it"
        case "MODEL_NOT_LOADABLE": "'backendctl resolve \(model)' tells where it is"
        default: nil
        }
    }

    /// What the code alone tells. A message that ends with what to do needs no more.
    private static func hint(for error: BackendClientError) -> String? {
        switch error.code {
        case .deadlineExceeded where error.reason == nil: "allow more time with --timeout"
        case .unimplemented: "the daemon is another version; compare 'backendctl info' and 'backendctl --version'"
        case .resourceExhausted, .unavailable:
            if error.message.contains("; ") || error.message.contains("again") {
                nil
            } else if let pause = error.retryAfter.flatMap({ ConfigDuration($0) }) {
                "try again after \(pause)"
            } else if error.reason == nil {
                "try again later"
            } else {
                nil
            }
        // Codes are open, and for most of them the message says what to do.
        default: nil
        }
    }
}
