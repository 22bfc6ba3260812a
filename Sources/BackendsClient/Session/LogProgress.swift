// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Which lines a reader that follows has been told, so that it goes on behind them at another call, also of another run of the daemon.
///
/// Lines have no numbers, and those of an earlier run no times: the last ones that were told are looked for by their texts.
package struct LogProgress: Sendable {
    /// How many of the last lines of a stream are looked for.
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

    /// Of the lines that another call begins with, those that were not told. The first of a stream is marked where others may be
    /// missing before it.
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

    /// Where the news begin: the number of the line, and of the byte in it.
    private struct Place {
        var line: Int
        var bytes = 0
    }

    /// Where what was told ends, when these were the last of it; nil where they are not among the texts.
    private static func place(of last: [Bytes], in texts: [Bytes]) -> Place? {
        guard let newest = last.last else { return Place(line: 0) }
        if let line = texts.indices.last(where: { isEnd(last[...], of: texts[...$0]) }) { return Place(line: line + 1) }
        // The newest was told before its line had an end.
        let begun = texts.indices.last { index in
            !newest.isEmpty && texts[index].starts(with: newest) && isEnd(last.dropLast(), of: texts[..<index])
        }
        return begun.map { Place(line: $0, bytes: newest.count) }
    }

    /// Whether what was told is the end of the texts, as far as they reach back. A line can have been told in parts.
    private static func isEnd(_ told: ArraySlice<Bytes>, of texts: ArraySlice<Bytes>) -> Bool {
        var texts = texts
        // What of a line is not among the parts yet.
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
        // Of the oldest line the first parts may be forgotten.
        return rest.isEmpty || told.count >= memory - 1
    }
}
