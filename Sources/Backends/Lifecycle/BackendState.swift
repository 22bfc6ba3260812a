// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

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

/// Why a backend is in the state `failed`.
package struct BackendFailure: Hashable, Sendable {
    /// The longest message kept; a longer one is cut, so that lists and snapshots stay small.
    package static let messageLimit = 4096

    /// A stable UPPER_SNAKE word.
    package let reason: String
    package let message: String

    package init(reason: String, message: String) {
        self.reason = reason
        let message = SecretWords.shown(PlainText.cleaned(message))
        self.message =
            message.utf8.count <= Self.messageLimit
            ? message : message.cut(toBytes: Self.messageLimit - 3)
    }

    package init(_ error: BackendError) {
        self.init(reason: error.reason.rawValue, message: error.message)
    }
}

extension BackendFailure {
    /// The message without what a program has written.
    package var firstLine: String {
        let line = String(message.prefix { $0 != "\n" })
        // What leads up to the quote goes with it.
        guard line.utf8.count < message.utf8.count, line.hasSuffix(":"),
            let lead = line.utf8.lastIndex(of: UInt8(ascii: ";"))
        else { return line }
        return String(line[..<lead])
    }
}
