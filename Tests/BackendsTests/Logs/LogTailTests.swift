// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("LogTail")
struct LogTailTests {
    private static func line(_ text: String) -> LogLine {
        LogLine(instance: "a", stream: .standardOutput, time: Timestamp(seconds: 0), text: text)
    }

    /// A tail with room for four short lines.
    private static func tail(_ count: Int) -> LogTail {
        var tail = LogTail(limit: 4 * LogTail.size(line("000")))
        for number in 100..<(100 + count) { tail.append(line("\(number)")) }
        return tail
    }

    @Test func `the oldest lines make room, and a reader behind them hears of the gap`() {
        let tail = Self.tail(10)
        #expect(tail.end == 10)
        #expect(tail.newest(100).map(\.text) == ["106", "107", "108", "109"])
        #expect(tail.newest(2).map(\.text) == ["108", "109"])
        let late = tail.lines(after: 3, atMost: 2)
        #expect(late.lines.map(\.text) == ["106", "107"] && late.position == 8)
        #expect(late.lines.map(\.isAfterGap) == [true, false])
        let next = tail.lines(after: late.position, atMost: 100)
        #expect(next.lines.map(\.text) == ["108", "109"] && next.position == 10)
        #expect(!next.lines[0].isAfterGap)
        #expect(tail.lines(after: 10, atMost: 100).lines.isEmpty)
    }

    @Test func `a reader is in danger of a gap with a page before it, or in the older half`() {
        let tail = Self.tail(10)
        #expect(tail.isFilling(after: 6, page: 4))
        #expect(tail.isFilling(after: 7, page: 100))
        #expect(!tail.isFilling(after: 8, page: 100))
        #expect(!Self.tail(2).isFilling(after: 0, page: 3))
    }

    @Test func `many lines are kept by what they take, not by their number`() {
        var tail = LogTail(limit: 10_000)
        for number in 0..<5000 { tail.append(Self.line("\(number)")) }
        #expect(tail.end == 5000)
        #expect(tail.newest(.max).last?.text == "4999")
        #expect(tail.newest(.max).reduce(0) { $0 + LogTail.size($1) } <= 10_000)
    }
}
