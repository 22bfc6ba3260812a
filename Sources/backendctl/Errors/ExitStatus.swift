// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient

/// How `backendctl` ends; the numbers are part of its contract.
package enum ExitStatus: Int32, CaseIterable, Comparable, Sendable {
    case success = 0
    case failure = 1
    case usage = 2
    case notFound = 3
    case conflict = 4
    case denied = 5
    case timeout = 6
    case noDaemon = 7
    /// The reader of the output has gone. A shell shows this status for a program that SIGPIPE ended.
    case brokenPipe = 141

    /// The reasons that say that no daemon answers.
    private static let unanswered: Set<FailureReason> = [
        .noDaemon, .cannotConnect, .backlogFull, .connectionLost, .notSent,
    ]

    /// Makes the status for a call that failed.
    package init(_ error: BackendClientError) {
        switch error.code {
        case .invalidArgument: self = .usage
        case .notFound: self = .notFound
        case .alreadyExists, .failedPrecondition, .aborted, .resourceExhausted: self = .conflict
        case .permissionDenied, .unauthenticated: self = .denied
        case .deadlineExceeded: self = .timeout
        // A daemon that answers UNAVAILABLE runs.
        case .unavailable: self = error.reason.map(Self.unanswered.contains) == true ? .noDaemon : .conflict
        // All other codes, known or not.
        default: self = .failure
        }
    }

    /// Makes the status for the results of a context: that of the first backend that failed; nil if none did.
    package init?(_ outcomes: [ContextResult.Outcome]) {
        for outcome in outcomes {
            guard case .failed(let error) = outcome else { continue }
            self.init(error)
            return
        }
        return nil
    }

    package static func < (one: ExitStatus, other: ExitStatus) -> Bool { one.rawValue < other.rawValue }

    /// The meaning of the status in the help; nil for one that no program sees.
    package var meaning: String? {
        switch self {
        case .success: "it succeeded"
        case .failure: "it failed"
        case .usage: "the command line or its input is wrong"
        case .notFound: "the backend, type or model does not exist"
        case .conflict:
            "busy, not ready or in the wrong state: a lock is held, a name is taken, a\n     limit is reached, a model is not available"
        case .denied: "the daemon does not serve this user, or refuses the route of a request"
        case .timeout: "it timed out"
        case .noDaemon: "no daemon answers"
        case .brokenPipe: nil
        }
    }
}
