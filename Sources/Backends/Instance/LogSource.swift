// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a reader has come with one instance.
package struct LogPosition: Hashable, Sendable {
    /// How many lines there were.
    package var line: UInt64
    /// What was told of lines that had no end.
    var told: [LogLine.Stream: String] = [:]

    package init(line: UInt64 = 0) { self.line = line }

    init(line: UInt64, told: [LogLine.Stream: String]) {
        self.line = line
        self.told = told
    }
}

/// Where the lines of one instance can be read, for as long as its backend exists.
package protocol LogSource: Sendable {
    /// The instance's name.
    var instance: String { get }
    /// Nil where the instance serves every model of its backend.
    var model: String? { get }

    /// Whether a process has run or has left lines; for a reader that follows, also whether one may still come.
    func isReadable(isFollowing: Bool) -> Bool

    /// The newest lines, oldest first, and the position after them.
    ///
    /// Among them is what a line without an end has so far; for a reader that follows only when the instance writes no further part
    /// of it for a second.
    func tail(lines: Int, isFollowing: Bool) -> (lines: [LogLine], position: LogPosition)

    /// Whether so much was written after a position that a reader which waits may lose some.
    func isFilling(after position: LogPosition) -> Bool

    /// What a reader that follows has after a position now, at most a page.
    func available(after position: LogPosition) -> (lines: [LogLine], position: LogPosition)

    /// What was written after a position: waits until there is something; never empty, except once the instance is gone for
    /// good. Lines that have left the memory meanwhile are told as a gap.
    ///
    /// Throws when the task is cancelled.
    func lines(after position: LogPosition) async throws(CancellationError) -> (lines: [LogLine], position: LogPosition)
}

extension LogSource {
    package func tail(lines: Int) -> (lines: [LogLine], position: LogPosition) {
        tail(lines: lines, isFollowing: false)
    }
}
