// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Logging
import SystemIO

/// Keeps every line that is logged, whatever its level, for a test to look at.
final class LogCapture: Sendable {
    struct Line: Sendable {
        let message: String
        let fields: [String: String]

        /// The whole line, for a search of what must not be in any.
        var text: String {
            ([message] + fields.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
        }
    }

    private let state = Guarded<[Line]>([])

    var lines: [Line] { state.withLock { $0 } }

    /// The lines of calls that change something.
    var calls: [[String: String]] { lines.filter { $0.message == "call" }.map(\.fields) }

    /// A logger that writes here.
    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(capture: self) }
        logger.logLevel = .trace
        return logger
    }

    fileprivate func append(_ line: Line) {
        state.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let capture: LogCapture
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(capture: LogCapture) {
            self.capture = capture
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            capture.append(Line(message: event.message.description, fields: all.mapValues { $0.description }))
        }
    }
}
