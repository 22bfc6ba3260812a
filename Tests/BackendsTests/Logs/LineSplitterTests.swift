// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("LineSplitter")
struct LineSplitterTests {
    private static let output = "one\r\n\ntwo \u{1B}[0m\nthr\u{E9}e"

    @Test(arguments: 1...8)
    func `output in parts gives the same lines as in one piece`(size: Int) {
        let bytes = Array(Self.output.utf8)
        var splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += splitter.lines(in: bytes[start..<min(start + size, bytes.count)])
        }
        #expect(lines.count == 3)
        #expect(lines[0] == "one" && lines[1].isEmpty)
        #expect(lines[2].hasPrefix("two ") && !lines[2].utf8.contains(0x1B))
        #expect(splitter.beginning == "thr\u{E9}e")
        #expect(splitter.end() == "thr\u{E9}e")
        #expect(splitter.end() == nil)
    }

    @Test func `an unfinished line is shown without the part of a character`() {
        var splitter = LineSplitter()
        #expect(splitter.lines(in: [0x61, 0xE2, 0x82]).isEmpty)
        #expect(splitter.beginning == "a")
        #expect(splitter.lines(in: [0xAC]).isEmpty)
        #expect(splitter.beginning == "a\u{20AC}")
    }

    @Test func `the rest of a long line is dropped, and the next line is whole`() {
        var splitter = LineSplitter()
        let long = Array(repeating: UInt8(ascii: "x"), count: 3 * LineSplitter.limit)
        let lines = splitter.lines(in: long + Array("\nnext\n".utf8))
        #expect(lines.map(\.utf8.count) == [LineSplitter.limit + "…".utf8.count, 4])
        #expect(lines.last == "next")
    }
}
