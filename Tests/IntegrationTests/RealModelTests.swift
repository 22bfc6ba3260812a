// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// A real model server: llama.cpp with a model of 135 million parameters. Needs `tools/test --real`.
@Suite(
    .tags(.blocking), .timeLimit(.minutes(10)),
    .enabled(if: Environment.get("BACKENDD_TEST_REAL") != nil, "needs tools/test --real"))
struct RealModelTests {
    /// Where `tools/llm/install` has put things.
    private static func configuration() async throws -> String {
        let install = try RunningProgram([Peers.root + "/tools/llm/install"])
        var places: [Substring: Substring] = [:]
        for line in await install.output.all() {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { places[parts[0]] = parts[1].description[...] }
        }
        let (python, model) = (places["python"] ?? "", places["model"] ?? "")
        return """
            backends:
              - name: llama
                type: PROCESS
                config:
                  scope: model
                  models: [smollm2]
                  command: [\(python), \(Peers.root)/tools/llm/serve.py, \(model), "${PORT}"]
                  env: {MODEL: "${MODEL_ID}"}
                  ttl: 3s
                  backoff: 10ms
                  load_timeout: 2m
                  probes:
                    startup: {http: {path: /health}, period: 200ms}
                    liveness: {http: {path: /health}}
            """
    }

    private static func completion(at address: String) async throws -> String {
        let curl = try RunningProgram([
            "curl", "-s", "--max-time", "60", "http://\(address)/completion", "-d",
            #"{"prompt": "The capital of France is", "n_predict": 4, "temperature": 0}"#,
        ])
        return await curl.output.all().joined()
    }

    @Test func `a model is loaded, answers, is healed, and is unloaded when idle`() async throws {
        try await withBackendctl(configuration: try await Self.configuration()) { backendctl in
            #expect(try await backendctl("start", "llama").status == 0)
            let resolved = try await backendctl("resolve", "smollm2", "--timeout", "2m")
            #expect(resolved.status == 0, "\(resolved.error)")
            let address = resolved.output.trimmingSuffix { $0 == "\n" }
            #expect(try await Self.completion(at: String(address)).contains("Paris"))

            // A use keeps it from its idle time while the server is killed and comes back.
            let use = try backendctl.start("use", "smollm2", "--", "sh", "-c", "echo held; exec sleep 1000")
            #expect(await use.output.line { $0 == "held" } != nil)
            let watch = try backendctl.start("watch", "-o", "json")
            // The snapshot with which it begins.
            #expect(await watch.output.line { $0.contains("smollm2") } != nil)
            let instance = try await Self.instance(backendctl)
            let pid = Int32(instance["pid"]?.integerValue ?? 0)
            try ProcessTable.signal(try #require(ProcessTable.entry(of: pid)), .kill)
            _ = await watch.output.line { $0.contains("\"BACKOFF\"") && $0.contains("KILLED") }
            _ = await watch.output.line { $0.contains("instance") && $0.contains("\"new_state\":\"READY\"") }
            let again = try await backendctl("resolve", "smollm2", "--timeout", "2m").output
            #expect(try await Self.completion(at: String(again.trimmingSuffix { $0 == "\n" })).contains("Paris"))

            // No client uses it now.
            try use.signal(.terminate)
            _ = try await use.wait()
            _ = await watch.output.line { $0.contains("\"cause\":\"IDLE\"") }
            _ = await watch.output.line { $0.contains("\"cause\":\"UNLOADED\"") }
            #expect(try await Self.instance(backendctl) == .null)
            #expect(try await backendctl("stop", "llama").status == 0)
        }
    }

    private static func instance(_ backendctl: Backendctl) async throws -> ConfigValue {
        try await backendctl("get", "llama", "-o", "json").json["instances"]?.listValue?.first ?? .null
    }
}

extension String {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
        var text = self[...]
        while let last = text.last, isDropped(last) { text.removeLast() }
        return text
    }
}
