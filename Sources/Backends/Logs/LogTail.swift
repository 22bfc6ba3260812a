// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The newest lines of one instance within a limit.
package struct LogTail: Sendable {
    /// The most bytes of all lines, by ``size(_:)``.
    private let limit: Int
    private var lines: [LogLine] = []
    private var head = 0
    private var bytes = 0
    /// How many lines were before the oldest one kept.
    private var dropped: UInt64 = 0

    package init(limit: Int) {
        self.limit = limit
    }

    /// The position after the newest line.
    package var end: UInt64 { dropped + UInt64(lines.count - head) }

    package mutating func append(_ line: LogLine) {
        lines.append(line)
        bytes += Self.size(line)
        while bytes > limit, head < lines.count {
            bytes -= Self.size(lines[head])
            head += 1
            dropped += 1
        }
        if head > 1024, head * 2 > lines.count {
            lines.removeFirst(head)
            head = 0
        }
    }

    /// The newest lines, oldest first.
    package func newest(_ count: Int) -> [LogLine] {
        Array(lines[head...].suffix(max(0, count)))
    }

    /// At most `count` lines after a position. The first is marked when lines between the position and it were dropped.
    package func lines(after position: UInt64, atMost count: Int) -> (lines: [LogLine], position: UInt64) {
        let isLost = position < dropped
        let start = max(position, dropped)
        guard start < end else { return ([], end) }
        let first = head + Int(start - dropped)
        var page = Array(lines[first...].prefix(count))
        if isLost, !page.isEmpty { page[0].isAfterGap = true }
        return (page, start + UInt64(page.count))
    }

    /// Whether a page of lines follows the position, or the position is in the older half of the lines kept.
    package func isFilling(after position: UInt64, page: Int) -> Bool {
        end >= position + UInt64(page) || bytes > limit / 2 && position < dropped + UInt64(lines.count - head) / 2
    }

    /// The bytes of a line that count against the limit.
    package static func size(_ line: LogLine) -> Int { line.text.utf8.count + 64 }
}
