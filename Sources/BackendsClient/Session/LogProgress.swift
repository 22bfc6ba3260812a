// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Which lines a reader of logs has received, so that the next call continues after them, even in another run of the
/// daemon.
///
/// Lines have no numbers, and those of an earlier run have no times, so the last lines received are found by their
/// texts.
package struct LogProgress: Sendable {
    /// The number of the last lines of an output that are looked for.
    private static let memory = 32

    /// One output of one instance.
    private struct Source: Hashable {
        let instance: TextKey
        let stream: LogLine.Stream

        init(_ line: LogLine) {
            instance = TextKey(line.instance)
            stream = line.stream
        }
    }

    private typealias Bytes = [UInt8]

    private var last: [Source: [Bytes]] = [:]

    package init() {}

    package mutating func told(_ line: LogLine) {
        let texts = last[Source(line), default: []] + [Bytes(line.text.utf8)]
        last[Source(line)] = texts.suffix(Self.memory)
    }

    /// Returns the lines that were not received before, of those that another call begins with. The first line of an
    /// output is marked if others may be missing before it.
    package func news(in lines: [LogLine]) -> [LogLine] {
        var texts: [Source: [Bytes]] = [:]
        for line in lines { texts[Source(line), default: []].append(Bytes(line.text.utf8)) }
        var told: [Source: Place] = [:]
        for (source, texts) in texts { told[source] = Self.place(of: last[source] ?? [], in: texts) }
        var indices: [Source: Int] = [:]
        return lines.compactMap { line -> LogLine? in
            let index = indices[Source(line), default: 0]
            indices[Source(line)] = index + 1
            var line = line
            if let place = told[Source(line)] {
                if index < place.line { return nil }
                if index == place.line {
                    line.text = String(decoding: line.text.utf8.dropFirst(place.bytes), as: UTF8.self)
                }
            } else if index == 0 {
                line.isAfterGap = true
            }
            return line
        }
    }

    /// Where the new lines begin: the index of the line, and of the byte in it.
    private struct Place {
        var line: Int
        var bytes = 0
    }

    /// Returns where the received lines end, given the last of them; nil if these are not among the texts.
    private static func place(of last: [Bytes], in texts: [Bytes]) -> Place? {
        guard let newest = last.last else { return Place(line: 0) }
        if let line = texts.indices.last(where: { isEnd(last[...], of: texts[...$0]) }) { return Place(line: line + 1) }
        // The newest line was received before it was complete.
        let begun = texts.indices.last { index in
            !newest.isEmpty && texts[index].starts(with: newest) && isEnd(last.dropLast(), of: texts[..<index])
        }
        return begun.map { Place(line: $0, bytes: newest.count) }
    }

    /// Whether the received lines are the end of the texts, as far as these reach back. A line can have been received
    /// in parts.
    private static func isEnd(_ told: ArraySlice<Bytes>, of texts: ArraySlice<Bytes>) -> Bool {
        var texts = texts
        // The part of a line that is not matched yet.
        var rest: ArraySlice<UInt8> = []
        for part in told.reversed() {
            if rest.isEmpty {
                guard let line = texts.popLast() else { return true }
                rest = line[...]
                if part.isEmpty, !line.isEmpty { return false }
            }
            guard rest.suffix(part.count).elementsEqual(part) else { return false }
            rest = rest.dropLast(part.count)
        }
        // The first parts of the oldest line may be forgotten.
        return rest.isEmpty || told.count >= memory - 1
    }
}
