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
    /// When the daemon saw it; of a line that an earlier run of the daemon has left, when its file was written to last.
    package var time: Timestamp
    /// Whether an earlier run of the daemon has left it in the files, which have no times.
    package var isOfEarlierRun: Bool
    /// Without the end of the line; bytes that are not UTF-8 are replaced, and a long line is cut.
    package var text: String
    /// Whether lines before it were lost to this reader.
    package var isAfterGap: Bool

    package init(
        instance: String, stream: Stream, time: Timestamp, text: String, isOfEarlierRun: Bool = false,
        isAfterGap: Bool = false
    ) {
        self.instance = instance
        self.stream = stream
        self.time = time
        self.text = text
        self.isOfEarlierRun = isOfEarlierRun
        self.isAfterGap = isAfterGap
    }
}
