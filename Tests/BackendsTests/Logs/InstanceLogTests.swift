// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import Glibc
import Logging
import SystemIO
import TestSupport
import Testing

@Suite("InstanceLog", .tags(.blocking), .timeLimit(.minutes(2)))
struct InstanceLogTests {
    static func words(_ lines: [LogLine]) -> [String] {
        lines.map { ($0.isAfterGap ? "gap " : "") + ($0.stream == .standardOutput ? "out " : "err ") + $0.text }
    }

    /// Runs a shell script with the log and waits until it is over and all is read.
    static func run(
        _ script: String, _ log: InstanceLog, _ supervision: Supervision, size: Int64 = 8 << 20, files: Int = 2
    ) async throws {
        let tree = try await begin(script, log, supervision, size: size, files: files)
        _ = await tree.exit()
        await tree.clear()
        await log.pause()
    }

    /// Begins to run a shell script with the log.
    static func begin(
        _ script: String, _ log: InstanceLog, _ supervision: Supervision, size: Int64 = 8 << 20, files: Int = 2
    ) async throws -> any ProcessTree {
        try await log.open()
        func rotation(_ stream: LogLine.Stream) -> LogRotation {
            let name = log.path(of: stream).split(separator: "/").last ?? ""
            return LogRotation(name: String(name), size: size, files: files)
        }
        let note = InstanceNote(
            backend: "a", instance: log.instance, model: nil, address: "", startTime: supervision.clock.now())
        return try await #require(supervision.host).spawn(
            TreeLaunch(
                program: TestTree.spec(["sh", "-c", script]), note: note, logDirectory: supervision.logDirectory,
                output: rotation(.standardOutput), error: rotation(.standardError),
                logChanged: { log.lossChanged($0) }), on: supervision)
    }

    @Test func `lines of both streams are kept, also the one without an end`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a/m", model: "m", supervision: supervision)
            try await Self.run(#"echo one; printf 'two\r\nth'; printf 'bad \377' >&2; printf ree"#, log, supervision)
            let lines = Self.words(log.tail(lines: 10).lines)
            #expect(lines.filter { $0.hasPrefix("out") } == ["out one", "out two", "out three"])
            #expect(lines.filter { $0.hasPrefix("err") } == ["err bad \u{FFFD}"])
            #expect(log.lastLines(5, of: .standardError) == ["bad \u{FFFD}"])
            #expect(Self.words(log.tail(lines: 1).lines).count == 1)
            await log.close()
        }
    }

    @Test func `the files are their owner's alone and lie in the log directory`() async throws {
        try await withSupervision { supervision, directory in
            let log = InstanceLog(instance: "a/m", model: "m", supervision: supervision)
            try await Self.run("echo x", log, supervision)
            let path = log.path(of: .standardOutput)
            #expect(path == directory.file("logs/a%2Fm.stdout.log"))
            #expect(try File.mode(of: path) == 0o600)
            #expect(try File.mode(of: directory.file("logs")) == 0o700)
            #expect(String(decoding: try File.read(path: path, limit: 10), as: UTF8.self) == "x\n")
        }
    }

    @Test func `a follower gets each line as it comes, until the instance is gone`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            let tree = try await Self.begin("echo 1; echo 2; exec sleep 1000", log, supervision)
            var (texts, position): ([String], LogPosition) = ([], LogPosition())
            while texts.count < 2 {
                let page = try await log.lines(after: position)
                texts += page.lines.map(\.text)
                position = page.position
            }
            #expect(texts == ["1", "2"])
            let rest = Task { [position] in try await log.lines(after: position).lines }
            await tree.end(signal: .kill, timeout: .zero)
            await log.close()
            #expect(try await rest.value.isEmpty)
        }
    }

    @Test func `a reader that stops following is forgotten`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            let following = Task { try await log.lines(after: LogPosition()) }
            following.cancel()
            await #expect(throws: CancellationError.self) { try await following.value }
        }
    }

    @Test func `a reader that is too slow is told of the gap, and memory stays bounded`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await Self.run("seq -f 'line %.0f' 100000", log, supervision)
            let page = try await log.lines(after: LogPosition(line: 10))
            #expect(page.lines.first?.isAfterGap == true)
            #expect(page.lines.dropFirst().allSatisfy { !$0.isAfterGap })
            let tail = log.tail(lines: 1_000_000)
            #expect(tail.position.line == 100_000)
            #expect(tail.lines.last?.text == "line 100000")
            #expect(tail.lines.reduce(0) { $0 + $1.text.utf8.count } <= 256 << 10)
        }
    }

    @Test func `a flood does not fill the disk, and the newest lines are there`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await Self.run(
                "head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 99; echo", log, supervision, size: 1 << 20)
            try await Self.run("echo last", log, supervision)
            #expect(log.tail(lines: 1).lines.first?.text == "last")
            let path = log.path(of: .standardOutput)
            for file in [path, path + ".1"] {
                #expect(try File.read(path: file, limit: 40 << 20).count <= 1 << 20)
            }
        }
    }

    @Test func `a line that never ends is cut`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await Self.run("head -c 100000 /dev/zero | tr '\\0' 'x'; echo; echo next", log, supervision)
            let lines = log.tail(lines: 10).lines.map(\.text)
            #expect(lines.count == 2)
            #expect(lines.first?.utf8.count == 8192 + 3)
            #expect(lines.last == "next")
        }
    }

    @Test func `what an earlier run wrote stays in the file`() async throws {
        try await withSupervision { supervision, _ in
            for (word, seen) in [("first", ["first"]), ("second", ["first", "second"])] {
                let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
                try await Self.run("echo \(word)", log, supervision)
                #expect(log.tail(lines: 10).lines.map(\.text) == seen)
                let text = try File.read(path: log.path(of: .standardOutput), limit: 100)
                #expect(String(decoding: text, as: UTF8.self).hasSuffix("\(word)\n"))
            }
        }
    }

    @Test(arguments: [
        (ENOSPC, "the disk is full"), (EDQUOT, "quota"), (EIO, "the disk has failed"),
        (EFBIG, "the limit on file sizes"),
        (EROFS, "read-only"),
    ])
    func `output that is dropped is told with what to do, when that begins and when it ends`(
        code: Int32, words: String
    ) async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            let changes = Recorder<BackendFailure?>()
            log.onChange { changes.append($0) }
            let cause = SystemError(code: code, call: "write its output")
            for bytes in [10, 20] { log.lossChanged(LogLoss(cause: cause, bytes: UInt64(bytes))) }
            #expect(changes.elements.count == 1)
            let begin = try #require(changes.elements.first ?? nil)
            #expect(begin.reason == "LOG_NOT_KEPT" && begin.message.contains(words))
            #expect(log.failure == begin && log.lostBytes == 20)
            #expect(supervision.lostOutputBytes == 20)
            log.lossChanged(nil)
            #expect(changes.elements.count == 2 && changes.elements.last == .some(nil))
            #expect(log.failure == nil)
            let told = log.tail(lines: 10).lines.map(\.text).filter { $0.hasPrefix("backendd: this output is") }
            #expect(told.count == 2)
            await log.close()
        }
    }

    @Test func `a loss that was over before it was seen is told, with its end`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            let changes = Recorder<BackendFailure?>()
            log.onChange { changes.append($0) }
            log.lossChanged(LogLoss(cause: nil, bytes: 20))
            #expect(changes.elements.count == 2 && changes.elements.last == .some(nil))
            #expect(changes.elements.first??.message.contains("20 bytes of it were lost") == true)
            #expect(log.lostBytes == 20)
            log.lossChanged(LogLoss(cause: nil, bytes: 20))
            #expect(changes.elements.count == 2)
            await log.close()
        }
    }

    @Test func `each line of a log that is rotated while it is read is read once`() async throws {
        try await withSupervision { supervision, _ in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            try await Self.run(
                "for i in $(seq 2000); do echo line $i; [ $((i % 100)) = 0 ] && sleep 0.01; done", log, supervision,
                size: 4096, files: 3)
            let numbers = log.tail(lines: 5000).lines.compactMap { $0.text.split(separator: " ").last }
            #expect(numbers.map(String.init) == (1...2000).map(String.init))
        }
    }

    @Test(arguments: [false, true])
    func `a log that is removed or moved away is begun again, and read`(isMoved: Bool) async throws {
        try await withSupervision { supervision, directory in
            let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
            let tree = try await Self.begin(
                "echo before; while [ ! -e '\(directory.file("go"))' ]; do sleep 0.01; done; echo after", log,
                supervision)
            while log.tail(lines: 1).lines.isEmpty { await Task.yield() }
            let logs = try Directory(path: directory.file("logs"))
            if isMoved { try logs.rename("a.stdout.log", to: "kept") } else { try logs.remove("a.stdout.log") }
            _ = try directory.write("", to: "go")
            _ = await tree.exit()
            await tree.clear()
            await log.pause()
            #expect(log.tail(lines: 10).lines.map(\.text) == ["before", "after"])
            #expect(try File.read(path: log.path(of: .standardOutput), limit: 100) == Array("after\n".utf8))
        }
    }

    @Test func `a deleted backend takes its files with it, and those of no other`() async throws {
        try await withProcesses { fixture in
            try await fixture.start(ProcessBackendTests.shell("echo x; exec sleep 1000"))
            try await fixture.backend.stop()
            let logs = try Directory(path: fixture.directory.file("logs"))
            // Also what an earlier run of the daemon has left.
            let (own, others) = (["b%2Fm.stderr.log", "b%2Fm.stdout.log.1"], ["bb.stdout.log", "b.x.stderr.log"])
            for name in own + others { _ = try logs.createFile(name, mode: 0o600) }
            #expect(try logs.names().contains("b.stdout.log"))
            fixture.backend.deleted()
            await (try fixture.supervision.loop()).run {}
            #expect(try logs.names().sorted() == others.sorted())
        }
    }

    @Test func `a directory that cannot be made is an error that names it`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "logs")
        let supervision = Supervision(
            clock: SystemBackendClock(), socketDirectory: directory.file("s"), logDirectory: directory.file("logs/x"),
            log: .init(label: "tests"))
        let log = InstanceLog(instance: "a", model: nil, supervision: supervision)
        do throws(BackendError) {
            try await log.open()
            Issue.record("it opened")
        } catch {
            #expect(error.reason == .fileUnusable)
            #expect(error.message.contains(directory.file("logs")))
        }
    }
}
