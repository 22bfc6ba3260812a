// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The newest lines of one instance, as many as fit.
struct LogTail: Sendable {
    /// What the lines may have together, each with some for itself.
    private let limit: Int
    private var lines: [LogLine] = []
    private var head = 0
    private var bytes = 0
    /// How many lines there were before the oldest that is kept.
    private var dropped: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// The position after the newest line.
    var end: UInt64 { dropped + UInt64(lines.count - head) }

    mutating func append(_ line: LogLine) {
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
    func newest(_ count: Int) -> [LogLine] {
        Array(lines[head...].suffix(max(0, count)))
    }

    /// At most so many lines after a position. The first is marked where some before it are gone.
    func lines(after position: UInt64, atMost count: Int) -> (lines: [LogLine], position: UInt64) {
        let isLost = position < dropped
        let start = max(position, dropped)
        guard start < end else { return ([], end) }
        let first = head + Int(start - dropped)
        var page = Array(lines[first...].prefix(count))
        if isLost, !page.isEmpty { page[0].isAfterGap = true }
        return (page, start + UInt64(page.count))
    }

    /// What a line takes of the limit.
    static func size(_ line: LogLine) -> Int { line.text.utf8.count + 64 }
}
