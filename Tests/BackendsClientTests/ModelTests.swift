// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsClient
import SystemIO
import TestSupport
import Testing

/// What the client does for models, with processes that are real.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelTests {
    /// Runs a test with a backend `a` that has a process for each model `m*`.
    private static func withModels(_ body: @Sendable (BackendClient) async throws -> Void) async throws {
        try await withDaemonClient(types: { .standard(on: $0) }) { client in
            // It would serve every model.
            try await client.backend("local").delete()
            try await client.createBackend(
                "a", type: "PROCESS",
                config: [
                    "command": ["sh", "-c", "echo up $0; while :; do sleep 1000; done", "${MODEL_ID}", "${SOCKET}"],
                    "scope": "model", "models": ["m*"],
                    "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
                ])
            try await body(client)
        }
    }

    @Test func `a model is explained, resolved, listed, loaded and unloaded`() async throws {
        try await Self.withModels { client in
            let verdicts = try await client.explainModel("m1")
            #expect(verdicts.map(\.decision) == [.start])
            #expect(try await client.models().isEmpty)
            let resolution = try await client.resolveModel("m1", backends: ["a"])
            #expect(resolution.endpoint.instance == "a/m1")
            #expect(resolution.endpoint.address.hasPrefix("unix:/"))
            let model = try #require(try await client.backend("a").models().first)
            #expect(model.state == .ready && model.modelID == "m1" && !model.isPinned && model.loadDuration != nil)
            #expect(try await !client.loadModel("m1").isChanged)
            #expect(try await client.unloadModel("m1") == ModelUnload(modelID: "m1", isChanged: true))
            #expect(try await client.unloadModel("m1").isChanged == false)
            #expect(try await client.backend("a").loadModel("m2").isChanged)
            let instance = try #require(try await client.backend("a").describe().instances.first)
            #expect(instance.state == .ready && instance.modelID == "m2" && instance.residentBytes > 0)
        }
    }

    @Test func `a model stays while it is used`() async throws {
        try await Self.withModels { client in
            let address = try await client.withModel("m") { endpoint in
                let uses = try await client.models().first?.uses
                #expect(uses == 1)
                try await expectRefusal("MODEL_BUSY") { try await client.unloadModel("m", drain: .milliseconds(1)) }
                return endpoint.address
            }
            #expect(address.hasPrefix("unix:/"))
            #expect(try await client.unloadModel("m").isChanged)
        }
    }

    @Test func `an error of the body ends the use and is thrown`() async throws {
        struct Trouble: Error {}
        try await Self.withModels { client in
            await #expect(throws: Trouble.self) {
                try await client.withModel("m") { _ in throw Trouble() }
            }
            let unload = try await client.unloadModel("m")
            #expect(unload.isChanged)
        }
    }

    @Test func `a use that the daemon ends cancels the body and throws the reason`() async throws {
        try await Self.withModels { client in
            let wasCancelled = Recorder<Bool>()
            try await expectRefusal("MODEL_UNLOADED") {
                try await client.withModel("m") { _ in
                    // The answer may come after the end of the use.
                    _ = try? await client.unloadModel("m", force: true)
                    // Ends when the task is cancelled.
                    for await _ in AsyncStream<Void>.makeStream().stream {}
                    wasCancelled.append(Task.isCancelled)
                }
            }
            #expect(wasCancelled.elements == [true])
        }
    }

    @Test func `a use of a model that cannot be had is refused`() async throws {
        try await Self.withModels { client in
            try await expectRefusal("MODEL_NOT_FOUND") { try await client.withModel("other") { _ in } }
            try await client.backend("a").start()
            try await expectRefusal("MODEL_NOT_READY") { try await client.withModel("m2", wait: .zero) { _ in } }
            try await expectRefusal("MODEL_NOT_LOADED") {
                try await client.backend("a").withModel("m", autoStart: false) { _ in }
            }
        }
    }

    @Test func `lines of a process are read, and followed until its end`() async throws {
        try await Self.withModels { client in
            let backend = client.backend("a")
            try await expectRefusal("LOGS_NOT_FOUND") { try await backend.withLogs { for try await _ in $0 {} } }
            try await backend.loadModel("m")
            let lines = try await backend.withLogs(modelID: "m", lines: 1, stream: .output) { lines in
                try await lines.reduce(into: []) { $0.append($1) }
            }
            #expect(lines.map(\.text) == ["up m"])
            #expect(lines.first?.instance == "a/m")
            try await backend.withLogs(modelID: "m", follow: true) { lines in
                for try await line in lines {
                    #expect(line.text == "up m")
                    // What follows is the end of the instance, which ends the stream.
                    try await backend.unloadModel("m")
                }
            }
        }
    }

    @Test func `a reader that follows a backend gets the lines of later processes`() async throws {
        try await Self.withModels { client in
            let lines = Recorder<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Nothing has run yet.
                    try await client.withLogs(of: "a", follow: true) { stream in
                        for try await line in stream { lines.append("\(line.instance) \(line.text)") }
                    }
                }
                try await client.loadModel("m1", backend: "a")
                _ = await lines.wait(for: 1)
                try await client.loadModel("m2", backend: "a")
                _ = await lines.wait(for: 2)
                // The same instance once more, behind what was read of it.
                try await client.unloadModel("m1")
                try await client.loadModel("m1", backend: "a")
                _ = await lines.wait(for: 3)
                try await client.backend("a").delete(force: true)
                // With the backend the reading is over.
                try await group.waitForAll()
            }
            #expect(lines.elements == ["a/m1 up m1", "a/m2 up m2", "a/m1 up m1"])
        }
    }

    @Test func `a failure is reported, and the backend probes the model`() async throws {
        try await Self.withModels { client in
            try await expectRefusal("MODEL_NOT_FOUND") {
                try await client.reportFailure(of: "other", code: .unavailable)
            }
            try await client.loadModel("m", backend: "a")
            #expect(try await client.reportFailure(of: "m", backend: "a", code: .notFound) == .ignored)
            #expect(try await client.backend("a").reportFailure(of: "m", code: .unavailable) == .healthy)
        }
    }

    @Test func `tuned prompts reach the directory of the model's server`() async throws {
        let directory = try TemporaryDirectory()
        let source = try directory.write("weights", to: "decoder.pt")
        let prompts = directory.file("prompts")
        _ = try Directory.trusted(prompts, creating: true)
        try await withDaemonClient(types: { .standard(on: $0) }) { client in
            try await client.createBackend(
                "r", type: "REMOTE",
                config: ["connection": ["hostname": "127.0.0.1:8033", "prompt_dir": .string(prompts)]])
            try await client.backend("r").start()
            let paths = try await client.backend("r").loadPromptArtifacts("p", from: [source], for: "m")
            #expect(paths == [prompts + "/p/decoder.pt"])
            try await expectRefusal("PROMPT_ID_INVALID") {
                try await client.loadPromptArtifacts("..", from: [source], for: "m")
            }
            try await client.backend("r").unloadPromptArtifacts(["p"], for: "m")
            #expect(try File.kind(of: prompts + "/p") == .absent)
        }
    }
}
