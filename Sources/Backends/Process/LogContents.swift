// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one instance wrote last: its newest lines, and those that have no end yet.
struct LogContents: Sendable {
    struct Beginning: Sendable {
        var text: String
        /// When it got its newest part.
        var time: Timestamp
        /// Whether it has got no further for a while.
        var isQuiet = false
    }

    private let instance: String
    private(set) var tail: LogTail
    private(set) var beginnings: [LogLine.Stream: Beginning] = [:]

    init(instance: String, limit: Int) {
        self.instance = instance
        tail = LogTail(limit: limit)
    }

    mutating func append(_ line: LogLine) { tail.append(line) }

    /// The line of a stream that has no end yet, as it is so far; nil once it has one.
    mutating func begin(_ text: String?, of stream: LogLine.Stream, at time: Timestamp) {
        beginnings[stream] = text.map { Beginning(text: $0, time: time) }
    }

    /// A stream's line without an end has got no further for a while.
    mutating func rest(_ stream: LogLine.Stream) { beginnings[stream]?.isQuiet = true }

    /// The newest lines, oldest first. Those without an end are last; a reader that follows gets them when they are quiet.
    func newest(_ count: Int, isFollowing: Bool) -> (lines: [LogLine], position: LogPosition) {
        var position = LogPosition(line: tail.end)
        let open = open(after: &position, onlyQuiet: isFollowing)
        return (Array((tail.newest(count) + open).suffix(max(0, count))), position)
    }

    /// The lines after a position, the quiet ones without an end last. Of a line that was told as far as it was, only the rest comes.
    func lines(after position: LogPosition, atMost count: Int) -> (lines: [LogLine], position: LogPosition) {
        let page = tail.lines(after: position.line, atMost: count)
        var (lines, next) = (page.lines, LogPosition(line: page.position, told: position.told))
        // The ends of the lines that were told may be lost.
        if lines.first?.isAfterGap == true { next.told = [:] }
        for (stream, told) in next.told {
            guard let index = lines.firstIndex(where: { $0.stream == stream && $0.text.hasBytes(of: told) }) else {
                continue
            }
            next.told[stream] = nil
            lines[index].text.drop(told)
            if lines[index].text.isEmpty { lines.remove(at: index) }
        }
        if page.position == tail.end { lines += open(after: &next, onlyQuiet: true) }
        return (lines, next)
    }

    /// What the lines without an end have that was not told.
    private func open(after position: inout LogPosition, onlyQuiet: Bool) -> [LogLine] {
        var lines: [LogLine] = []
        for (stream, beginning) in beginnings.sorted(by: { $0.value.time < $1.value.time }) {
            guard beginning.isQuiet || !onlyQuiet else { continue }
            var text = beginning.text
            if let told = position.told[stream], text.hasBytes(of: told) { text.drop(told) }
            guard !text.isEmpty else { continue }
            lines.append(LogLine(instance: instance, stream: stream, time: beginning.time, text: text))
            position.told[stream] = beginning.text
        }
        return lines
    }
}

extension String {
    /// Whether it begins with the bytes of another.
    fileprivate func hasBytes(of beginning: String) -> Bool { utf8.starts(with: beginning.utf8) }

    /// Drops the bytes of what it begins with.
    fileprivate mutating func drop(_ beginning: String) {
        self = String(decoding: utf8.dropFirst(beginning.utf8.count), as: UTF8.self)
    }
}
