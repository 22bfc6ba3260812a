// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// What a user can do about an error.
package enum ErrorHint {
    /// Returns the hint for a call that failed; nil if the message says it already, or if nothing is known to help.
    ///
    /// `command` is the command that made the call, because not all have the same options.
    package static func text(for error: BackendClientError, in command: String? = nil) -> String? {
        // A message that asks what was meant says what to do.
        if error.message.contains("did you mean") { return nil }
        if error.reason == .modelIDInvalid, error.message.contains("is missing") { return "name a model" }
        // More time does not help if the program of the probe cannot be run.
        if error.reason == .loadTimeout, error.message.contains("; check the command of the probe") { return nil }
        if error.reason == .startLockHeld { return lockHint(in: command, word(error.metadata["backend"])) }
        let hint = error.reason.flatMap { Self.hint(for: $0, error.metadata) } ?? Self.hint(for: error)
        return hint.flatMap { error.message.contains($0) ? nil : $0 }
    }

    private static func hint(for reason: FailureReason, _ metadata: [String: String]) -> String? {
        hint(for: reason)
            ?? word(metadata["backend"]).flatMap { hint(for: reason, backend: $0, metadata["command"]) }
            ?? word(metadata["model"]).flatMap { hint(for: reason, model: $0) }
    }

    /// Returns a name if a shell takes it unchanged, because users copy hints; else nil.
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

    private static func hint(for reason: FailureReason) -> String? {
        switch reason {
        case .noDaemon: "start backendd, or name its socket with --socket or BACKENDD_SOCKET"
        case .cannotConnect: "name the daemon's socket with --socket or BACKENDD_SOCKET"
        case .connectionLost: "check with 'backendctl info' whether the daemon is still running"
        case .notSent: "try again"
        case .deadlineExceeded: "allow more time with --timeout"
        case .backendNotFound: "see 'backendctl list'"
        case .typeNotFound: "see 'backendctl types'"
        case .instanceNotFound: "see 'backendctl ps'"
        case .startLockBroken: "the command was ended with SIGTERM; take the lock again"
        case .lockTokenStale: "BACKENDCTL_LOCK_TOKEN belongs to an earlier lock; take it again with 'backendctl lock'"
        case .configInvalid: "see the keys of each type with 'backendctl types --output json'"
        case .loadTimeout: "raise load_timeout in its configuration if it needs longer"
        case .contextTimeout: "raise context_timeout in the daemon's configuration if it needs longer"
        case .modelBusy: "to wait longer, pass --drain 5m; to end the uses, pass --force"
        case .sequenceUnknown: "leave out --since and --instance to begin with a snapshot"
        case .socketForbidden: "run as the user of the daemon, or as root"
        default: nil
        }
    }

    /// Returns how a command can wait for the start lock of a backend, or break it.
    private static func lockHint(in command: String?, _ backend: String?) -> String? {
        switch command {
        case "lock": "to wait for the lock, pass --wait 30s"
        case "load", "resolve", "use", "unload":
            backend.map { "to wait for the lock, run 'backendctl start \($0) --lock-wait 30s' first" }
        default: "to wait for the lock, pass --lock-wait 30s; to break it, pass --force"
        }
    }

    private static func hint(for reason: FailureReason, backend name: String, _ command: String?) -> String? {
        switch reason {
        case .backendExists: "'backendctl config merge \(name)' changes it"
        case .backendStarted where command == "delete": "'backendctl stop \(name)' stops it; so does --force"
        case .backendStarted:
            "'backendctl stop \(name)' stops it; --next-start keeps the change for its next start"
        case .configConflict: "see who set what with 'backendctl config get \(name) --origins'"
        case .generationMoved: "read it again with 'backendctl get \(name)'"
        case .modelNotLoadable: "'backendctl stop \(name)' ends it"
        case .backendNotStarted, .backendHeld, .backendManual: "'backendctl start \(name)' starts it"
        case .backendDisabled: "'backendctl enable \(name)' enables it, 'backendctl start \(name)' starts it"
        case .exited, .killed, .crashLoop, .readinessFailed, .livenessFailed: "see 'backendctl logs \(name)'"
        case .programNotFound, .programUnusable, .commandTooLong:
            "'backendctl config get \(name)' shows its configuration"
        case .startFailed, .stopFailed, .backendFailed, .modelFailed: "see 'backendctl status \(name)'"
        default: nil
        }
    }

    private static func hint(for reason: FailureReason, model: String) -> String? {
        switch reason {
        case .modelNotFound, .modelNotServed, .modelUnavailable: "see 'backendctl explain \(model)'"
        case .modelNotLoaded: "'backendctl load \(model)' loads it"
        case .modelNotLoadable: "'backendctl resolve \(model)' shows where it is"
        default: nil
        }
    }

    /// Returns the hint for the code alone. A message that ends with what to do needs none.
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
        // For most other codes the message says what to do.
        default: nil
        }
    }
}
