// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import SystemIO
import Testing
import backendctl

/// The hint for every reason that the page of errors lists.
@Suite struct ErrorHintTests {
    /// The hints there are; every other reason has none.
    private static let hints = [
        "NO_DAEMON": "start backendd, or name its socket with --socket or BACKENDD_SOCKET",
        "CANNOT_CONNECT": "name the daemon's socket with --socket or BACKENDD_SOCKET",
        "CONNECTION_LOST": "check with 'backendctl info' whether the daemon is still running",
        "NOT_SENT": "try again",
        "DEADLINE_EXCEEDED": "allow more time with --timeout",
        "BACKEND_NOT_FOUND": "see 'backendctl list'", "TYPE_NOT_FOUND": "see 'backendctl types'",
        "START_LOCK_HELD": "to wait for the lock, pass --lock-wait 30s; to break it, pass --force",
        "START_LOCK_BROKEN": "the command was ended with SIGTERM; take the lock again",
        "LOCK_TOKEN_STALE": "BACKENDCTL_LOCK_TOKEN belongs to an earlier lock; take it again with 'backendctl lock'",
        "CONFIG_INVALID": "see the keys of each type with 'backendctl types --output json'",
        "LOAD_TIMEOUT": "raise load_timeout in its configuration if it needs longer",
        "CONTEXT_TIMEOUT": "raise context_timeout in the daemon's configuration if it needs longer",
        "MODEL_BUSY": "to wait longer, pass --drain 5m; to end the uses, pass --force",
        "SEQUENCE_UNKNOWN": "leave out --since and --instance to begin with a snapshot",
        "SOCKET_FORBIDDEN": "run as the user of the daemon, or as root",
        "BACKEND_EXISTS": "'backendctl config merge llama' changes it",
        "BACKEND_STARTED":
            "'backendctl stop llama' stops it; --next-start keeps the change for its next start",
        "CONFIG_CONFLICT": "see who set what with 'backendctl config get llama --origins'",
        "GENERATION_MOVED": "read it again with 'backendctl get llama'",
        "BACKEND_NOT_STARTED": "'backendctl start llama' starts it",
        "BACKEND_HELD": "'backendctl start llama' starts it", "BACKEND_MANUAL": "'backendctl start llama' starts it",
        "BACKEND_DISABLED": "'backendctl enable llama' enables it, 'backendctl start llama' starts it",
        "INSTANCE_NOT_FOUND": "see 'backendctl ps'",
        "EXITED": "see 'backendctl logs llama'", "KILLED": "see 'backendctl logs llama'",
        "CRASH_LOOP": "see 'backendctl logs llama'", "READINESS_FAILED": "see 'backendctl logs llama'",
        "LIVENESS_FAILED": "see 'backendctl logs llama'",
        "PROGRAM_NOT_FOUND": "'backendctl config get llama' shows its configuration",
        "PROGRAM_UNUSABLE": "'backendctl config get llama' shows its configuration",
        "COMMAND_TOO_LONG": "'backendctl config get llama' shows its configuration",
        "START_FAILED": "see 'backendctl status llama'", "STOP_FAILED": "see 'backendctl status llama'",
        "BACKEND_FAILED": "see 'backendctl status llama'", "MODEL_FAILED": "see 'backendctl status llama'",
        "MODEL_NOT_FOUND": "see 'backendctl explain phi/4'", "MODEL_NOT_SERVED": "see 'backendctl explain phi/4'",
        "MODEL_UNAVAILABLE": "see 'backendctl explain phi/4'",
        "MODEL_NOT_LOADED": "'backendctl load phi/4' loads it",
        "MODEL_NOT_LOADABLE": "'backendctl stop llama' ends it",
    ]

    /// The codes of the page that errors of the reason have.
    private static func rows() throws -> [(reason: String, codes: [String])] {
        let page =
            #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
            + "/Sources/backendd/backendd.docc/Errors.md"
        let text = String(decoding: try File.read(path: page, limit: 1 << 20), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.split(separator: "`") }
            guard cells.count >= 3, cells[0].count == 3, !cells[1].isEmpty else { return nil }
            return (String(cells[0][1]), cells[1].map { String($0) }.filter { $0.first?.isUppercase == true })
        }
    }

    private static let codes: [String: BackendClientError.Code] = [
        "NOT_FOUND": .notFound, "ALREADY_EXISTS": .alreadyExists, "INVALID_ARGUMENT": .invalidArgument,
        "RESOURCE_EXHAUSTED": .resourceExhausted, "ABORTED": .aborted, "FAILED_PRECONDITION": .failedPrecondition,
        "UNAVAILABLE": .unavailable, "CANCELLED": .cancelled, "DEADLINE_EXCEEDED": .deadlineExceeded,
        "INTERNAL": .internal, "PERMISSION_DENIED": .permissionDenied, "UNIMPLEMENTED": .unimplemented,
    ]

    @Test func `every reason has the hint that suits it, or none`() throws {
        let rows = try Self.rows()
        #expect(rows.count > 110)
        #expect(Set(Self.hints.keys).subtracting(rows.map(\.reason)) == [])
        for (reason, names) in rows {
            for code in names.isEmpty ? Array(Self.codes.values) : names.compactMap({ Self.codes[$0] }) {
                let error = BackendClientError(
                    code, reason: FailureReason(rawValue: reason), "it failed",
                    metadata: ["backend": "llama", "model": "phi/4"])
                let expected = Self.hints[reason] ?? (code == .unimplemented ? Self.otherVersion : nil)
                #expect(ErrorHint.text(for: error) == expected, "\(code) \(reason)")
            }
        }
    }

    @Test(
        arguments: [
            ("start", "to wait for the lock, pass --lock-wait 30s; to break it, pass --force"),
            ("config", "to wait for the lock, pass --lock-wait 30s; to break it, pass --force"),
            ("lock", "to wait for the lock, pass --wait 30s"),
            ("resolve", "to wait for the lock, run 'backendctl start llama --lock-wait 30s' first"),
            ("use", "to wait for the lock, run 'backendctl start llama --lock-wait 30s' first"),
            ("load", "to wait for the lock, run 'backendctl start llama --lock-wait 30s' first"),
        ])
    func `a lock that is held is met with options that the command has`(command: String, hint: String) {
        let error = BackendClientError(
            .aborted, reason: .startLockHeld, "it is held by pid 1 of uid 0", metadata: ["backend": "llama"])
        #expect(ErrorLine(error, in: command).hint == hint)
    }

    @Test func `a model that needs no loading is resolved, or its backend is stopped`() {
        func hint(_ metadata: [String: String]) -> String? {
            ErrorHint.text(
                for: BackendClientError(
                    .failedPrecondition, reason: .modelNotLoadable, "it failed", metadata: metadata))
        }
        #expect(hint(["model": "m"]) == "'backendctl resolve m' shows where it is")
        #expect(hint(["model": "m", "backend": "a"]) == "'backendctl stop a' ends it")
    }

    private static let otherVersion =
        "the daemon is another version; compare 'backendctl info' and 'backendctl --version'"

    @Test(
        arguments: [
            ("BACKEND_STARTED", "x", ["command": "delete"], "'backendctl stop llama' stops it; so does --force"),
            (
                "BACKEND_STARTED", "x", ["command": "configure"],
                "'backendctl stop llama' stops it; --next-start keeps the change for its next start"
            ),
            ("MODEL_ID_INVALID", "the model ID is missing", [:], "name a model"),
            ("MODEL_ID_INVALID", "\"..\" is not a valid model ID", [:], nil),
            (
                "LOAD_TIMEOUT",
                "the last result of its startup probe: x does not exist; check the command of the probe", [:], nil
            ),
        ] as [(String, String, [String: String], String?)])
    func `a reason with several causes has the hint of its cause`(
        reason: String, message: String, metadata: [String: String], hint: String?
    ) {
        let error = BackendClientError(
            .failedPrecondition, reason: FailureReason(rawValue: reason), message,
            metadata: metadata.merging(["backend": "llama"]) { $1 })
        #expect(ErrorHint.text(for: error) == hint)
    }

    @Test func `a hint does not repeat the advice of the message`() throws {
        for (reason, names) in try Self.rows() where Self.hints[reason] == nil {
            for code in names.compactMap({ Self.codes[$0] }) where code != .unimplemented {
                let error = BackendClientError(
                    code, reason: FailureReason(rawValue: reason), "it failed; do something else",
                    retryAfter: .seconds(1))
                #expect(ErrorHint.text(for: error) == nil, "\(code) \(reason)")
            }
        }
    }

    @Test(arguments: ["a b", "$(reboot)", "`x`", "a'b", "-x", "", "\u{202E}", "a\nb", "*"])
    func `a hint contains no name that a shell would change`(name: String) throws {
        for (reason, _) in try Self.rows() {
            let error = BackendClientError(
                .aborted, reason: FailureReason(rawValue: reason), "it failed",
                metadata: ["backend": name, "model": name])
            let hint = ErrorHint.text(for: error)
            #expect(hint == nil || hint == Self.hints[reason] && hint?.contains("llama") == false)
        }
    }
}
