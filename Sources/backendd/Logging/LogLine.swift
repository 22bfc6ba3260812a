// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO
internal import TextKeys

/// One event of the log, ready to be written.
struct LogLine {
    let time: WallClock.Instant
    let level: Logger.Level
    let message: String
    let fields: [(key: String, value: String)]

    /// The line with its line feed. Control characters are escaped in both formats: what a peer sent cannot forge a line.
    func text(_ format: LogFormat) -> String {
        var line = ""
        switch format {
        case .logfmt:
            line += "time=\(time.rfc3339) level=\(level.rawValue) msg="
            Self.appendLogfmt(message, to: &line)
            for (key, value) in fields {
                line += " \(key)="
                Self.appendLogfmt(value, to: &line)
            }
        case .json:
            line += "{\"time\":\"\(time.rfc3339)\",\"level\":\"\(level.rawValue)\",\"msg\":"
            line += message.quoted()
            for (key, value) in fields {
                line += ",\(key.quoted()):\(value.quoted())"
            }
            line += "}"
        }
        return line + "\n"
    }

    private static func appendLogfmt(_ value: String, to line: inout String) {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" && !$0.isHarmful }
        if isPlain {
            line += value
        } else {
            line += value.quoted()
        }
    }
}

/// How a log line is written.
enum LogFormat: String, CaseIterable, Sendable {
    /// `time=… level=info msg="…" key=value`, for people and for grep.
    case logfmt
    /// One JSON object per line.
    case json
}
