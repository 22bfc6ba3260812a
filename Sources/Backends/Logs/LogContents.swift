// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The newest output of one instance: its last lines, and the unfinished ones.
struct LogContents: Sendable {
    /// An unfinished line.
    struct Beginning: Sendable {
        var text: String
        /// When it last grew.
        var time: Timestamp
        /// Whether it has not grown for a while.
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

    /// Sets the unfinished line of a stream; nil after its line break.
    mutating func begin(_ text: String?, of stream: LogLine.Stream, at time: Timestamp) {
        beginnings[stream] = text.map { Beginning(text: $0, time: time) }
    }

    /// Call when the unfinished line of a stream has not grown for a while.
    mutating func rest(_ stream: LogLine.Stream) { beginnings[stream]?.isQuiet = true }

    /// The newest lines, oldest first, unfinished ones last. A reader that follows gets those only when they are quiet.
    func newest(_ count: Int, isFollowing: Bool) -> (lines: [LogLine], position: LogPosition) {
        var position = LogPosition(line: tail.end)
        let open = open(after: &position, onlyQuiet: isFollowing)
        return (Array((tail.newest(count) + open).suffix(max(0, count))), position)
    }

    /// The lines after a position, quiet unfinished ones last. Of a line that the reader has in part, only the rest is returned.
    func lines(after position: LogPosition, atMost count: Int) -> (lines: [LogLine], position: LogPosition) {
        let page = tail.lines(after: position.line, atMost: count)
        var (lines, next) = (page.lines, LogPosition(line: page.position, received: position.received))
        // The rest of a line that the reader has in part may be lost.
        if lines.first?.isAfterGap == true { next.received = [:] }
        for (stream, received) in next.received {
            guard let index = lines.firstIndex(where: { $0.stream == stream && $0.text.hasBytes(of: received) }) else {
                continue
            }
            next.received[stream] = nil
            lines[index].text.drop(received)
            if lines[index].text.isEmpty { lines.remove(at: index) }
        }
        if page.position == tail.end { lines += open(after: &next, onlyQuiet: true) }
        return (lines, next)
    }

    /// The parts of unfinished lines that the reader does not have.
    private func open(after position: inout LogPosition, onlyQuiet: Bool) -> [LogLine] {
        var lines: [LogLine] = []
        for (stream, beginning) in beginnings.sorted(by: { $0.value.time < $1.value.time }) {
            guard beginning.isQuiet || !onlyQuiet else { continue }
            var text = beginning.text
            if let received = position.received[stream], text.hasBytes(of: received) { text.drop(received) }
            guard !text.isEmpty else { continue }
            lines.append(LogLine(instance: instance, stream: stream, time: beginning.time, text: text))
            position.received[stream] = beginning.text
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
