// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient

/// How `backendctl` ends; the numbers are part of its contract.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case failure = 1
    case usage = 2
    case notFound = 3
    case conflict = 4
    case denied = 5
    case timeout = 6
    case noDaemon = 7
    /// The reader of the output has gone: what a shell shows of a program that SIGPIPE ended.
    case brokenPipe = 141

    /// The status for a call that failed.
    package init(_ code: BackendClientError.Code) {
        switch code {
        case .invalidArgument: self = .usage
        case .notFound: self = .notFound
        case .alreadyExists, .failedPrecondition, .aborted, .resourceExhausted: self = .conflict
        case .permissionDenied, .unauthenticated: self = .denied
        case .deadlineExceeded: self = .timeout
        case .unavailable: self = .noDaemon
        // Codes are open: what is left, and what comes, is a failure.
        default: self = .failure
        }
    }

    /// The status and its meaning, as the help shows them; nil for one that no program waits for.
    package var meaning: String? {
        switch self {
        case .success: "it is done"
        case .failure: "it failed"
        case .usage: "the command line or its input is wrong"
        case .notFound: "there is no such backend or type"
        case .conflict: "busy or wrong state: a lock is held, a name taken, a limit reached"
        case .denied: "the daemon does not serve this user"
        case .timeout: "the time was over"
        case .noDaemon: "no daemon answers"
        case .brokenPipe: nil
        }
    }
}
