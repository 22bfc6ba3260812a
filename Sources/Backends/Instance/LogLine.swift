// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One line that an instance wrote.
package struct LogLine: Hashable, Sendable {
    package enum Stream: Hashable, Sendable {
        case standardOutput
        case standardError
    }

    /// The instance's name.
    package var instance: String
    package var stream: Stream
    /// When the daemon saw it.
    package var time: Timestamp
    /// Without the end of the line; bytes that are not UTF-8 are replaced, and a long line is cut.
    package var text: String
    /// Whether lines before it were lost to this reader.
    package var isAfterGap: Bool

    package init(
        instance: String, stream: Stream, time: Timestamp, text: String, isAfterGap: Bool = false
    ) {
        self.instance = instance
        self.stream = stream
        self.time = time
        self.text = text
        self.isAfterGap = isAfterGap
    }
}
