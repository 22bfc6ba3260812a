// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a reader has read the output of one instance.
package struct LogPosition: Hashable, Sendable {
    /// The number of lines before it.
    package var line: UInt64
    /// What the reader got of unfinished lines.
    var received: [LogLine.Stream: String] = [:]

    package init(line: UInt64 = 0) { self.line = line }

    init(line: UInt64, received: [LogLine.Stream: String]) {
        self.line = line
        self.received = received
    }
}

/// The output of one instance, readable for as long as its backend exists.
package protocol LogSource: Sendable {
    /// The instance's name.
    var instance: String { get }
    /// Nil when the instance serves every model of its backend.
    var model: String? { get }

    /// Whether a process has run or has left lines; for a reader that follows, also whether a process may still run.
    func isReadable(isFollowing: Bool) -> Bool

    /// The newest lines, oldest first, and the position after them.
    ///
    /// The last of them may be an unfinished line. A reader that follows gets it only when it has not grown for a second.
    func tail(lines: Int, isFollowing: Bool) -> (lines: [LogLine], position: LogPosition)

    /// Whether a reader at the position may lose lines by waiting, because the memory fills up.
    func isFilling(after position: LogPosition) -> Bool

    /// The lines after a position that a reader that follows can get now, at most a page.
    func available(after position: LogPosition) -> (lines: [LogLine], position: LogPosition)

    /// Waits for lines after a position. The result is empty only after the instance has ended for good. Lines that have left the
    /// memory meanwhile are reported as a gap.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func lines(after position: LogPosition) async throws(CancellationError) -> (lines: [LogLine], position: LogPosition)
}

extension LogSource {
    package func tail(lines: Int) -> (lines: [LogLine], position: LogPosition) {
        tail(lines: lines, isFollowing: false)
    }
}

/// One line that an instance wrote.
package struct LogLine: Hashable, Sendable {
    package enum Stream: Hashable, Sendable {
        case standardOutput
        case standardError
    }

    /// The instance's name.
    package var instance: String
    package var stream: Stream
    /// When the daemon read the line. For a line from an earlier run of the daemon: when its file was last written to.
    package var time: Timestamp
    /// Whether an earlier run of the daemon left the line in the files, which hold no times.
    package var isOfEarlierRun: Bool
    /// The line without its line break. Invalid UTF-8 is replaced, and a long line is cut.
    package var text: String
    /// Whether this reader has lost lines before it.
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
