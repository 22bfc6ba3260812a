// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SystemIO
import TestSupport
import Testing

/// Lines whose end is not written yet.
@Suite(.tags(.blocking), .timeLimit(.minutes(2))) struct UnfinishedLineTests {
    private static func write(_ text: String, to file: borrowing FileDescriptor) throws {
        try file.writeAll(Array(text.utf8))
    }

    @Test func `a reader that does not follow gets at once what a line has so far`() async throws {
        try await withSupervision(quiet: .seconds(3600)) { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await log.open()
            let output = try File.openForAppending(log.path(of: .standardOutput))
            let error = try File.openForAppending(log.path(of: .standardError))
            try Self.write("one\nREADY caf\u{e9}\r", to: output)
            try Self.write("oops", to: error)
            await log.catchUp()
            let words = InstanceLogTests.words(log.tail(lines: 10).lines)
            #expect(Set(words) == ["out one", "out READY caf\u{e9}", "err oops"])
            #expect(words.first == "out one")
            #expect(log.tail(lines: 2).lines.count == 2)
            #expect(log.lastLines(5, of: .standardError) == ["oops"])
            // Who follows waits for more of it.
            #expect(InstanceLogTests.words(log.tail(lines: 10, isFollowing: true).lines) == ["out one"])
            try Self.write("\n", to: output)
            await log.catchUp()
            let page = try await log.lines(after: LogPosition(line: 1))
            #expect(InstanceLogTests.words(page.lines) == ["out READY caf\u{e9}"])
            await log.close()
            #expect(log.tail(lines: 10).lines.count == 3)
        }
    }

    @Test func `an incomplete character is not shown`() async throws {
        try await withSupervision(quiet: .seconds(3600)) { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await log.open()
            let output = try File.openForAppending(log.path(of: .standardOutput))
            let steps: [([UInt8], String)] = [
                ([0x61, 0xE2], "a"), ([0x82], "a"), ([0xAC], "a\u{20AC}"), ([0xFF], "a\u{20AC}\u{FFFD}"),
            ]
            for (bytes, text) in steps {
                try output.writeAll(bytes)
                await log.catchUp()
                #expect(log.tail(lines: 1).lines.map(\.text) == [text])
            }
            await log.close()
        }
    }

    @Test func `a reader that follows gets a quiet line, then the rest of it, each text once`() async throws {
        try await withSupervision(quiet: .zero) { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await log.open()
            let output = try File.openForAppending(log.path(of: .standardOutput))
            var position = log.tail(lines: 10, isFollowing: true).position
            let steps = [
                ("READY", "READY"), (" now", " now"), ("\nnext\n", "next"), ("end\n", "end"), ("a", "a"), ("b\n", "b"),
                ("c\n", "c"),
            ]
            for (text, told) in steps {
                try Self.write(text, to: output)
                let page = try await log.lines(after: position)
                #expect(page.lines.map(\.text) == [told])
                position = page.position
                // A reader that begins here has it already, and does not get it again either.
                let tail = log.tail(lines: 1, isFollowing: true)
                #expect(log.available(after: tail.position).lines.isEmpty)
            }
            #expect(log.tail(lines: 10).lines.map(\.text) == ["READY now", "next", "end", "ab", "c"])
            try Self.write("last", to: output)
            position = try await log.lines(after: position).position
            await log.close()
            // The end of the process ends the line, which the reader has already.
            #expect(try await log.lines(after: position).lines.isEmpty)
        }
    }
}
