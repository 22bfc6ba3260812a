// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One line that a supervised process wrote.
public struct LogLine: Hashable, Sendable {
    /// Which of its outputs.
    public enum Stream: Hashable, Sendable {
        /// Standard output.
        case output
        /// Standard error.
        case error
    }

    /// The instance's name.
    public let instance: String
    /// Where it wrote it.
    public let stream: Stream
    /// When the daemon saw it; nil for a line that an earlier run of the daemon has left.
    public let time: Timestamp?
    /// The line without its end.
    public internal(set) var text: String
    /// Whether lines before it were lost to this reader.
    public internal(set) var isAfterGap: Bool

    package init(instance: String, stream: Stream, time: Timestamp?, text: String, isAfterGap: Bool = false) {
        self.instance = instance
        self.stream = stream
        self.time = time
        self.text = text
        self.isAfterGap = isAfterGap
    }
}
