// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What programs write ends up in answers, whatever bytes it has.
@Suite(.timeLimit(.minutes(5))) struct ForeignTextTests {
    private static let crash: GoogleValue = #"printf 'FATAL: \0000 corrupt\n' >&2; exit 3"#

    @Test func `a program that writes a NUL byte and fails leaves every answer readable`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("bad", "PROCESS", config: ["command": ["sh", "-c", Self.crash]])
            try await client.create("good", "REMOTE", config: ["connection": ["hostname": "127.0.0.1:8033"]])
            try await client.start("good")
            let failed = try await refusal { try await client.start("bad") }
            #expect(failed.word.hasSuffix(" EXITED"), "\(failed.word)")

            let listed = try await client.config.listBackends(ListBackendsRequest()).backends
            #expect(Set(listed.map(\.name)) == ["bad", "good"])
            #expect(try await client.get("bad").state == .failed)
            _ = try await client.models.listModels(ListModelsRequest())
            let resolved = try await client.models.resolveModel(
                ResolveModelRequest(modelID: "m", waitReady: true, autoStart: true))
            #expect(resolved.endpoint?.backend == "good")
            // From the first event on, those of the failure among them.
            try await client.observe.watching(ServerFixture.instance, since: 0) { stream in _ = try await stream.next()
            }
            var texts: [String] = []
            try await client.observe.readLogs(ReadLogsRequest(backend: "bad")) { stream in
                while let response = try await stream.next() { texts += response.lines.map(\.text) }
            }
            #expect(texts.contains { $0.hasPrefix("FATAL: ") && $0.hasSuffix(" corrupt") }, "\(texts)")
        }
    }

    @Test(
        arguments: [
            ["exec": ["command": ["sh", "-c", #"printf 'a\0000b'; printf 'a\0000b' >&2; exit 1"#]]],
            ["log_line": ["pattern": "never"]],
        ] as [GoogleValue])
    func `so does a probe that never succeeds`(probe: GoogleValue) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = [
                "command": ["sh", "-c", #"printf 'x\0000y'; exec sleep 1000"#], "load_timeout": "300ms",
                "stop_timeout": "10ms", "probes": ["startup": probe],
            ]
            try await client.create("bad", "PROCESS", config: config)
            let failed = try await refusal { try await client.start("bad") }
            #expect(!failed.word.contains("PAYLOAD_UNENCODABLE"), "\(failed.word)")
            #expect(try await client.get("bad").state == .failed)
            #expect(try await client.config.listBackends(ListBackendsRequest()).backends.count == 1)
        }
    }

    @Test func `a deleted backend takes the files of its output with it`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            for name in ["a", "ab"] {
                try await client.create(name, "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
                try await client.start(name)
            }
            try await client.delete("a", force: true)
            // A new one of the name keeps its files: it waits for the end of those.
            try await client.create("a", "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
            let logs = try Directory(path: service.directory.file("logs"))
            try await client.start("a")
            let names = ["a.stderr.log", "a.stdout.log", "ab.stderr.log", "ab.stdout.log"]
            #expect(try logs.names().sorted() == names)
            try await client.delete("a", force: true)
            try await client.create("c", "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
            try await client.start("c")
            #expect(try logs.names().sorted() == ["ab.stderr.log", "ab.stdout.log", "c.stderr.log", "c.stdout.log"])
        }
    }
}
