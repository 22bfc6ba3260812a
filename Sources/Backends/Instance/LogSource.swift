// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where the lines of one instance can be read, for as long as its backend exists.
package protocol LogSource: Sendable {
    /// The instance's name.
    var instance: String { get }
    /// Nil where the instance serves every model of its backend.
    var model: String? { get }

    /// The newest lines, oldest first, and the position after them.
    func tail(lines: Int) -> (lines: [LogLine], position: UInt64)

    /// Whether so much was written after a position that a reader which waits may lose some.
    func isFilling(after position: UInt64) -> Bool

    /// What was written after a position: waits until there is something; never empty, except once the instance is gone for
    /// good. Lines that have left the memory meanwhile are told as a gap.
    ///
    /// Throws when the task is cancelled.
    func lines(after position: UInt64) async throws(CancellationError) -> (lines: [LogLine], position: UInt64)
}
