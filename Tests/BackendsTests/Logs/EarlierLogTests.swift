// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing

/// What an earlier run of the daemon has left in the log directory.
@Suite(.tags(.blocking), .timeLimit(.minutes(2))) struct EarlierLogTests {
    private static func words(_ source: (any LogSource)?) -> [String] {
        InstanceLogTests.words(source?.tail(lines: .max).lines ?? [])
    }

    /// Writes files into the log directory.
    private static func leave(_ files: [String: String], in directory: TemporaryDirectory) throws {
        _ = try Directory.trusted(directory.file("logs"), creating: true)
        for (name, text) in files {
            let path = try directory.write(text, to: "logs/\(name)")
            TestProcess.setMode(path, 0o600)
        }
    }

    private static func logs(_ supervision: Supervision, _ backend: String, of model: String? = nil) async
        -> [any LogSource]
    {
        await BackendType.process(on: supervision).make(backend).logs(of: model)
    }

    @Test func `what was left is read in order, without the part that was dropped`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(
                [
                    "b.stdout.log.1": "one\nsplit ", "b.stdout.log": "line\nthree\nopen", "b.stderr.log": "bad \u{1}\n",
                ], in: directory)
            let logs = await Self.logs(supervision, "b")
            #expect(logs.map(\.instance) == ["b"])
            #expect(
                Self.words(logs.first) == ["out one", "out split line", "out three", "out open", "err bad \\u{1}"])
            #expect(logs.first?.tail(lines: .max).lines.allSatisfy(\.isOfEarlierRun) == true)
            #expect(logs.first?.tail(lines: 1).lines.map(\.text) == ["bad \\u{1}"])
        }
    }

    @Test func `the last line of a process that did not end it stays apart from the next one's first`() async throws {
        try await withSupervision { supervision, directory in
            for run in 1...3 {
                // Each is another run of the daemon.
                let log = InstanceLog(instance: "b", model: nil, supervision: supervision)
                for start in 1...2 {
                    try await log.open()
                    let output = try File.openForAppending(log.path(of: .standardOutput))
                    try output.writeAll(Array("no newline \(run).\(start)".utf8))
                    await log.pause()
                }
                await log.close()
                let words = InstanceLogTests.words(log.tail(lines: .max).lines)
                let expected = (1...run).flatMap { ["out no newline \($0).1", "out no newline \($0).2"] }
                #expect(words == expected)
            }
            let path = directory.file("logs/b.stdout.log")
            let bytes = try File.read(path: path, limit: 4096)
            #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").count == 6)
        }
    }

    @Test func `of a long file only the end is kept, from the beginning of a line on`() async throws {
        try await withSupervision { supervision, directory in
            let lines = (0..<40_000).map { "line \($0)" }
            try Self.leave(
                ["b.stdout.log": lines.map { $0 + "\n" }.joined(), "b.stderr.log": "last\n"], in: directory)
            let read = Self.words(await Self.logs(supervision, "b").first)
            #expect(read.last == "err last")
            let output = read.dropLast()
            #expect((500...5000).contains(output.count))
            #expect(Array(output) == lines.suffix(output.count).map { "out " + $0 })
        }
    }

    @Test func `the instances of a backend are told by their files, those of others are not`() async throws {
        try await withSupervision { supervision, directory in
            let long = String(repeating: "x", count: 200)
            try Self.leave(
                [
                    "b.stdout.log": "0\n", "b%2Fa%2Fm.stdout.log": "1\n", "b%2Fcaf%C3%A9.stderr.log.1": "2\n",
                    "bb.stdout.log": "no\n", "b-2.stdout.log": "no\n", "b.other": "no\n", "c%2Fm.stdout.log": "no\n",
                ], in: directory)
            let logs = await Self.logs(supervision, "b")
            #expect(logs.map(\.instance) == ["b", "b/a/m", "b/café"])
            #expect(logs.map(\.model) == [nil, "a/m", "café"])
            #expect(logs.map { Self.words($0) } == [["out 0"], ["out 1"], ["err 2"]])
            #expect(await Self.logs(supervision, "b", of: "a/m").map(\.instance) == ["b/a/m"])
            #expect(await Self.logs(supervision, "b", of: "m").isEmpty)
            // A name that is cut in the file is known by the model that is asked for.
            let named = InstanceLog(instance: "b/\(long)", model: long, supervision: supervision)
            try await InstanceLogTests.run("echo long", named, supervision)
            await named.close()
            #expect(await Self.logs(supervision, "b", of: long).map { Self.words($0) } == [["out long"]])
            #expect(await Self.logs(supervision, "b").count == 4)
        }
    }

    @Test func `lines of this run come behind those that were left, each once`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["b.stdout.log": "before\n"], in: directory)
            let log = InstanceLog(instance: "b", model: nil, supervision: supervision)
            try await InstanceLogTests.run("echo now", log, supervision)
            try await InstanceLogTests.run("echo again", log, supervision)
            #expect(Self.words(log) == ["out before", "out now", "out again"])
            #expect(log.tail(lines: .max).lines.map(\.isOfEarlierRun) == [true, false, false])
            await log.close()
        }
    }

    @Test func `what an earlier process wrote since it was looked at is not lost`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["b.stdout.log": "before\n"], in: directory)
            let log = InstanceLog(instance: "b", model: nil, supervision: supervision)
            let backend = BackendType.process(on: supervision).make("b")
            let known = try #require(await backend.logs(of: nil).first as? InstanceLog)
            try await InstanceLogTests.run("echo meanwhile", log, supervision)
            await log.close()
            try await InstanceLogTests.run("echo now", known, supervision)
            #expect(Self.words(known) == ["out before", "out meanwhile", "out now"])
            try await InstanceLogTests.run("echo later", known, supervision)
            #expect(Self.words(known) == ["out before", "out meanwhile", "out now", "out later"])
            await known.close()
        }
    }

    @Test func `what was left is not taken for words of a process that fails now`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["b.stderr.log": "of the former\n"], in: directory)
            let fixture = ProcessFixture(.process(on: supervision), supervision, directory)
            let error = await #expect(throws: BackendError.self) {
                try await fixture.start([
                    "command": ["sh", "-c", "echo of this one >&2; exit 3", "${SOCKET}"], "restart": "never",
                ])
            }
            #expect(error?.message.contains("of this one") == true)
            #expect(error?.message.contains("of the former") == false)
            try await fixture.backend.stop()
        }
    }

    @Test func `a reader that waits hears of what the instance writes once it runs`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["b.stdout.log": "before\n"], in: directory)
            let backend = BackendType.process(on: supervision).make("b")
            let log = try #require(await backend.logs(of: nil).first)
            let tail = log.tail(lines: .max)
            #expect(InstanceLogTests.words(tail.lines) == ["out before"])
            async let next = log.lines(after: tail.position)
            let fixture = ProcessFixture(BackendType.process(on: supervision), supervision, directory, backend)
            try await fixture.start([
                "command": ["sh", "-c", "echo now; exec sleep 1000", "${SOCKET}"],
                "probes": ["startup": ["log_line": ["pattern": "now"], "listener": "any"]],
            ])
            #expect(InstanceLogTests.words(try await next.lines) == ["out now"])
            try await backend.stop()
        }
    }

    @Test(.enabled(if: ProcessInformation.uid == 0, "only root can give a file away"))
    func `a file of another user is not read, which is told`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["b.stdout.log": "mine\n", "b.stderr.log": "theirs\n"], in: directory)
            try #require(TestProcess.give(directory.file("logs/b.stderr.log"), to: 12345))
            let words = Self.words(await Self.logs(supervision, "b").first)
            #expect(words.first == "out mine")
            #expect(words.count == 2)
            #expect(words.last?.contains("cannot be read") == true)
            #expect(words.last?.contains("uid 12345") == true)
            #expect(!words.contains { $0.contains("theirs") })
        }
    }
}
