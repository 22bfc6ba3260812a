// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Logging
internal import SystemIO

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
            Self.appendQuoted(message, to: &line)
            for (key, value) in fields {
                line += ","
                Self.appendQuoted(key, to: &line)
                line += ":"
                Self.appendQuoted(value, to: &line)
            }
            line += "}"
        }
        return line + "\n"
    }

    private static func appendLogfmt(_ value: String, to line: inout String) {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" && !PlainText.isHarmful($0) }
        if isPlain {
            line += value
        } else {
            appendQuoted(value, to: &line)
        }
    }

    private static func appendQuoted(_ value: String, to line: inout String) {
        line += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where PlainText.isHarmful(scalar):
                let hex = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}
