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

    private var last: [Source: [TextKey]] = [:]

    package init() {}

    package mutating func told(_ line: LogLine) {
        let texts = last[Source(line), default: []] + [TextKey(line.text)]
        last[Source(line)] = texts.suffix(Self.memory)
    }

    /// Of the lines that another call begins with, those that were not told. The first of a stream is marked where others may be
    /// missing before it.
    package func news(in lines: [LogLine]) -> [LogLine] {
        var texts: [Source: [TextKey]] = [:]
        for line in lines { texts[Source(line), default: []].append(TextKey(line.text)) }
        var told: [Source: Int?] = [:]
        for (source, texts) in texts { told[source] = .some(end(of: last[source] ?? [], in: texts)) }
        var indices: [Source: Int] = [:]
        return lines.compactMap { line in
            let index = indices[Source(line), default: 0]
            indices[Source(line)] = index + 1
            if case .some(.some(let end)) = told[Source(line)] { return index < end ? nil : line }
            var line = line
            if index == 0 { line.isAfterGap = true }
            return line
        }
    }

    /// How many of the texts were told, when the last of those that were are these; nil where they are not among them.
    private func end(of last: [TextKey], in texts: [TextKey]) -> Int? {
        if last.isEmpty { return 0 }
        return stride(from: texts.count, to: 0, by: -1).first { end in
            let count = min(last.count, end)
            return texts[end - count..<end] == last.suffix(count)
        }
    }
}
