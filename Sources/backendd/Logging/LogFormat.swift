// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How a log line is written.
enum LogFormat: String, CaseIterable, Sendable {
    /// `time=… level=info msg="…" key=value`, for people and for grep.
    case logfmt
    /// One JSON object a line.
    case json
}
