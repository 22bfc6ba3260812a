// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing

@Suite struct LogProgressTests {
    /// Lines written as `instance/stream text`, with `gap` before one that is marked.
    private static func lines(_ words: String...) -> [LogLine] {
        words.map { word in
            let parts = word.split(separator: " ", maxSplits: 1)
            let source = parts[0].split(separator: "/")
            return LogLine(
                instance: String(source[0]), stream: source[1] == "err" ? .error : .output, time: nil,
                text: parts.count > 1 ? String(parts[1]) : "")
        }
    }

    private static func words(_ lines: [LogLine]) -> [String] {
        lines.map { ($0.isAfterGap ? "gap " : "") + "\($0.instance)/\($0.stream == .error ? "err" : "out") \($0.text)" }
    }

    private static func progress(_ told: [LogLine]) -> LogProgress {
        var progress = LogProgress()
        for line in told { progress.told(line) }
        return progress
    }

    @Test func `received lines are not new`() {
        let progress = Self.progress(Self.lines("a/out 1", "a/err x", "a/out 2"))
        let news = progress.news(in: Self.lines("a/out 0", "a/out 1", "a/out 2", "a/out 3", "a/err x", "b/out new"))
        #expect(Self.words(news) == ["a/out 3", "b/out new"])
        #expect(progress.news(in: Self.lines("a/out 1", "a/out 2", "a/err x")).isEmpty)
    }

    @Test func `a repeated text is told apart by the lines before it`() {
        let progress = Self.progress(Self.lines("a/out tick", "a/out 1", "a/out tick"))
        let news = progress.news(in: Self.lines("a/out tick", "a/out 1", "a/out tick", "a/out 2", "a/out tick"))
        #expect(Self.words(news) == ["a/out 2", "a/out tick"])
    }

    @Test func `lines that do not continue the received ones are marked`() {
        let progress = Self.progress(Self.lines("a/out 1", "a/out 2"))
        #expect(Self.words(progress.news(in: Self.lines("a/out 7", "a/out 8"))) == ["gap a/out 7", "a/out 8"])
    }

    @Test func `a tail that begins with received lines continues after them`() {
        let progress = Self.progress(Self.lines("a/out 1", "a/out 2", "a/out 3"))
        #expect(Self.words(progress.news(in: Self.lines("a/out 3", "a/out 4"))) == ["a/out 4"])
    }

    @Test func `a line that was received in parts is not new`() {
        let parts = Self.progress(Self.lines("a/out 0", "a/out rea", "a/out dy", "a/out 2"))
        #expect(Self.words(parts.news(in: Self.lines("a/out 0", "a/out ready", "a/out 2", "a/out 3"))) == ["a/out 3"])
        let begun = Self.progress(Self.lines("a/out 0", "a/out rea"))
        #expect(Self.words(begun.news(in: Self.lines("a/out 0", "a/out ready", "a/out 2"))) == ["a/out dy", "a/out 2"])
        #expect(begun.news(in: Self.lines("a/out 0", "a/out rea")).isEmpty)
        let digit = Self.progress(Self.lines("a/out 0", "a/out 1"))
        #expect(Self.words(digit.news(in: Self.lines("a/out 21", "a/out 31"))) == ["gap a/out 21", "a/out 31"])
    }

    @Test func `an empty line counts as received, and is not part of another`() {
        let progress = Self.progress(Self.lines("a/out 0", "a/out", "a/out"))
        #expect(Self.words(progress.news(in: Self.lines("a/out 0", "a/out", "a/out", "a/out 1"))) == ["a/out 1"])
        #expect(Self.words(progress.news(in: Self.lines("a/out 7"))) == ["gap a/out 7"])
    }

    @Test func `texts that look the same and differ in bytes are different`() {
        let progress = Self.progress(Self.lines("a/out caf\u{e9}"))
        #expect(Self.words(progress.news(in: Self.lines("a/out cafe\u{301}"))) == ["gap a/out cafe\u{301}"])
    }
}
