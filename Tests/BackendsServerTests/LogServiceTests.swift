// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// `ReadLogs` over the socket, of processes that are real.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LogServiceTests {
    /// Runs a test with a backend whose process runs a script of the shell, which says `ready` when it has started.
    private static func withProcess(
        _ script: String, leaving files: [String: String] = [:], quiet: Duration = .seconds(1),
        _ body: (ServiceClient, TemporaryDirectory) async throws -> Void
    ) async throws {
        try await withService(quiet: quiet, types: { .standard(on: $0) }) { service in
            _ = try Directory.trusted(service.directory.file("logs"), creating: true)
            for (name, text) in files {
                TestProcess.setMode(try service.directory.write(text, to: "logs/\(name)"), 0o600)
            }
            try await service.client.create(
                "a", "PROCESS",
                config: [
                    "command": ["sh", "-c", .init(kind: .stringValue(script)), "sh", "${SOCKET}"],
                    "probes": ["startup": ["log_line": ["pattern": "ready"], "listener": "any"]],
                ])
            try await body(service.client, service.directory)
        }
    }

    private static func read(_ request: ReadLogsRequest, _ client: ServiceClient) async throws -> [ReadLogsResponse] {
        try await client.observe.readLogs(request) { stream in
            var messages: [ReadLogsResponse] = []
            while let message = try await stream.next() { messages.append(message) }
            return messages
        }
    }

    private static func texts(_ messages: [ReadLogsResponse]) -> [String] { messages.flatMap(\.lines).map(\.text) }

    @Test func `a thousand lines are few messages, none of them long`() async throws {
        let line = String(repeating: "x", count: 150)
        try await Self.withProcess(
            "i=0; while [ $i -lt 1000 ]; do echo $i \(line); i=$((i+1)); done; echo ready; exec sleep 1000"
        ) { client, _ in
            try await client.start("a")
            let messages = try await Self.read(ReadLogsRequest(backend: "a", lines: 1001), client)
            #expect(Self.texts(messages) == (0..<1000).map { "\($0) \(line)" } + ["ready"])
            #expect(messages.count <= 4)
            for message in messages { #expect(try message.encoded().count <= 300_000) }
        }
    }

    @Test func `a process that writes line by line is followed in few messages`() async throws {
        try await Self.withProcess(
            "echo ready; i=0; while [ $i -lt 2000 ]; do echo $i; i=$((i+1)); done; exec sleep 1000"
        ) { client, _ in
            try await client.observe.readLogs(ReadLogsRequest(backend: "a", follow: true)) { stream in
                let first = try #require(try await stream.next())
                #expect(first.caughtUp && first.lines.isEmpty)
                try await client.start("a")
                var (texts, messages): ([String], Int) = ([], 0)
                while texts.count < 2001, let message = try await stream.next() {
                    texts += message.lines.map(\.text)
                    messages += 1
                    #expect(!message.caughtUp)
                }
                #expect(texts == ["ready"] + (0..<2000).map { "\($0)" })
                #expect(messages < 64)
            }
        }
    }

    @Test func `lines of an earlier run come first and have no time, also before a start`() async throws {
        try await Self.withProcess(
            "echo ready; exec sleep 1000",
            leaving: ["a.stdout.log.1": "one\n", "a.stdout.log": "two\n", "a.stderr.log": "three\n"]
        ) { client, _ in
            let before = try await Self.read(ReadLogsRequest(backend: "a"), client)
            #expect(Self.texts(before) == ["one", "two", "three"])
            #expect(before.flatMap(\.lines).allSatisfy { $0.time == nil })
            try await client.observe.readLogs(ReadLogsRequest(backend: "a", lines: 2, follow: true)) { stream in
                let first = try #require(try await stream.next())
                #expect(first.lines.map(\.text) == ["two", "three"])
                #expect(first.caughtUp)
                try await client.start("a")
                let next = try #require(try await stream.next())
                #expect(next.lines.map(\.text) == ["ready"])
                #expect(next.lines.allSatisfy { $0.time != nil })
            }
            let after = try await Self.read(ReadLogsRequest(backend: "a"), client)
            #expect(Self.texts(after) == ["one", "two", "three", "ready"])
        }
    }

    @Test func `a last line without an end is read while the process lives, of the streams that are wanted`()
        async throws
    {
        try await Self.withProcess("echo 1; printf ready; printf 'no end' >&2; exec sleep 1000") { client, _ in
            try await client.start("a")
            var texts: [String] = []
            // The start does not wait for what is on standard error.
            while texts.count < 3 { texts = Self.texts(try await Self.read(ReadLogsRequest(backend: "a"), client)) }
            #expect(texts.sorted() == ["1", "no end", "ready"])
            for (stream, last) in [(LogStream.stdout, "ready"), (.stderr, "no end")] {
                let read = try await Self.read(ReadLogsRequest(backend: "a", lines: 1, stream: stream), client)
                #expect(Self.texts(read) == [last])
            }
        }
    }

    @Test func `a last line without an end is told to a reader that follows, and its rest alone when it comes`()
        async throws
    {
        try await Self.withProcess(
            "printf ready; until [ -e $(dirname $1)/../go ]; do sleep 0.01; done; echo ' and more'; exec sleep 1000",
            quiet: .zero
        ) { client, directory in
            try await client.start("a")
            try await client.observe.readLogs(ReadLogsRequest(backend: "a", follow: true)) { stream in
                var texts: [String] = []
                while texts.isEmpty, let message = try await stream.next() { texts += message.lines.map(\.text) }
                #expect(texts == ["ready"])
                try directory.write("", to: "go")
                while texts.count < 2, let message = try await stream.next() { texts += message.lines.map(\.text) }
                #expect(texts == ["ready", " and more"])
            }
            #expect(Self.texts(try await Self.read(ReadLogsRequest(backend: "a"), client)) == ["ready and more"])
        }
    }

    @Test func `a backend whose program never ran has no logs, and the error says why`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let command: GoogleValue = ["/no/such/program", "${SOCKET}"]
            try await service.client.create("z", "PROCESS", config: ["command": command])
            try await service.client.create(
                "many", "PROCESS", config: ["command": command, "scope": "model", "models": ["m"]])
            for isTried in [false, true] {
                let status = try await refusal { try await Self.read(ReadLogsRequest(backend: "z"), service.client) }
                #expect(status.word == "NOT_FOUND LOGS_NOT_FOUND")
                #expect(status.message.contains("/no/such/program") == isTried)
                _ = try await refusal { try await service.client.start("z") }
            }
            try await service.client.start("many")
            _ = try await refusal { try await service.client.models.loadModel(LoadModelRequest(modelID: "m")) }
            for follow in [false, true] {
                let request = ReadLogsRequest(backend: "many", modelID: "m", follow: follow)
                let status = try await refusal { try await Self.read(request, service.client) }
                #expect(status.word == "NOT_FOUND LOGS_NOT_FOUND")
                #expect(status.message.contains("/no/such/program"))
            }
        }
    }

    @Test func `a backend without processes says so`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await service.client.create("l", "LOCAL")
            try await service.client.create("r", "REMOTE", config: ["connection": ["hostname": "localhost:80"]])
            for (name, type) in [("l", "LOCAL"), ("r", "REMOTE")] {
                let status = try await refusal { try await Self.read(ReadLogsRequest(backend: name), service.client) }
                #expect(status.word == "NOT_FOUND LOGS_NOT_FOUND")
                #expect(status.message.contains(type) && !status.message.contains("start it"))
            }
        }
    }

    @Test func `a request that cannot be meant is refused`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await service.client.create("a", "PROCESS", config: ["command": ["sleep", "1000", "${SOCKET}"]])
            let requests: [(ReadLogsRequest, String)] = [
                (ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: 1, nanos: -1)), "since"),
                (ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: 1, nanos: 1_000_000_000)), "since"),
                (ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: .max)), "since"),
                (ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: .min)), "since"),
                (ReadLogsRequest(backend: "a", stream: .unrecognized(7)), "stream"),
                (ReadLogsRequest(backend: "a", stream: .unrecognized(-1)), "stream"),
            ]
            for (request, field) in requests {
                for follow in [false, true] {
                    var request = request
                    request.follow = follow
                    let status = try await refusal { try await Self.read(request, service.client) }
                    #expect(status.code == .invalidArgument && status.message.contains(field))
                }
            }
        }
    }

    @Test func `since leaves out what is older, as far as that is known`() async throws {
        try await Self.withProcess(
            "echo ready; exec sleep 1000", leaving: ["a.stdout.log": "left\n"]
        ) { client, _ in
            try await client.start("a")
            let now = WallClock.now.seconds
            let hourAgo = ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: now - 3600))
            #expect(Self.texts(try await Self.read(hourAgo, client)) == ["left", "ready"])
            var last = hourAgo
            last.lines = 1
            #expect(Self.texts(try await Self.read(last, client)) == ["ready"])
            let later = ReadLogsRequest(backend: "a", since: GoogleTimestamp(seconds: now + 3600))
            #expect(try await Self.read(later, client).isEmpty)
        }
    }

    @Test func `names of files in the log directory that the daemon has not made cost no answer`() async throws {
        let files = [
            "a%2F%00x", "a%2F%1B%5B2J", "a%2F\u{1B}[2J", "a%2F\u{202E}x\u{9B}", "a%2F%FF", "a%2F..", "a%2F", "a%2Fm",
        ].map { "\($0).stdout.log" }
        let leaving = Dictionary(uniqueKeysWithValues: files.map { ($0, "left\n") })
        try await Self.withProcess("echo ready; exec sleep 1000", leaving: leaving) { client, directory in
            let name = directory.file("logs") + "/a%2F"
            let script = #"echo left > "$0$(printf '\377').stdout.log""#
            #expect(try await RunningProgram(["sh", "-c", script, name]).wait() == .exited(0))
            let messages = try await Self.read(ReadLogsRequest(backend: "a"), client)
            #expect(Self.texts(messages).count { $0 == "left" } >= files.count)
            let names = messages.flatMap(\.lines).map(\.instance)
            #expect(names.contains("a/m"))
            #expect(
                names.allSatisfy { !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } })
            #expect(!names.contains { $0.contains("\u{202E}") })
            try await client.start("a")
            #expect(try await client.get("a").state == .started)
        }
    }

    @Test func `a mistyped model gets a suggestion, also from the models of an earlier run`() async throws {
        let script = "echo ready; exec sleep 1000"
        try await Self.withProcess(script, leaving: ["a%2Fsmollm2.stdout.log": "one\n"]) { client, _ in
            let near = try await refusal {
                _ = try await Self.read(ReadLogsRequest(backend: "a", modelID: "smolm2"), client)
            }
            #expect(near.word == "NOT_FOUND LOGS_NOT_FOUND")
            let words = "backend a has run no process for model"
            #expect(near.message == "\(words) \"smolm2\" yet; did you mean \"smollm2\"?")
            let far = try await refusal {
                _ = try await Self.read(ReadLogsRequest(backend: "a", modelID: "phi"), client)
            }
            #expect(far.message == "\(words) \"phi\" yet; load the model")
        }
    }

    @Test func `the end of the daemon is told to a reader that follows`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await service.client.create("a", "PROCESS", config: ["command": ["sleep", "1000", "${SOCKET}"]])
            let status = try await refusal {
                try await service.client.observe.readLogs(ReadLogsRequest(backend: "a", follow: true)) { stream in
                    _ = try await stream.next()
                    await service.server.shutDown(grace: .seconds(600))
                    while try await stream.next() != nil {}
                }
            }
            #expect(status.word == "UNAVAILABLE SHUTTING_DOWN")
        }
    }
}
