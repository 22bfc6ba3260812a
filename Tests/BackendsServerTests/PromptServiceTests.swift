// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// The calls for tuned prompts over the socket.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct PromptServiceTests {
    @Test func `tuned prompts are copied to where the model's server finds them, and removed`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let source = try service.directory.write("weights", to: "decoder.pt")
            let prompts = service.directory.file("prompts")
            _ = try Directory.trusted(prompts, creating: true)
            let load = LoadPromptArtifactsRequest(modelID: "m", promptID: "p1", paths: [source])
            try await client.create("local", "LOCAL")
            try await client.start("local")
            let none = try await refusal { try await client.models.loadPromptArtifacts(load) }
            #expect(none.word == "FAILED_PRECONDITION PROMPTS_UNSUPPORTED")
            let connection: GoogleStruct = [
                "connection": ["hostname": "127.0.0.1:8033", "prompt_dir": GoogleValue(kind: .stringValue(prompts))]
            ]
            try await client.create("r", "REMOTE", config: connection)
            try await client.start("r")
            let paths = try await client.models.loadPromptArtifacts(load).paths
            #expect(paths == [prompts + "/p1/decoder.pt"])
            #expect(try File.read(path: paths[0], limit: 100) == Array("weights".utf8))
            let bad = try await refusal {
                try await client.models.loadPromptArtifacts(
                    LoadPromptArtifactsRequest(modelID: "m", promptID: "../p", paths: [source]))
            }
            #expect(bad.word == "INVALID_ARGUMENT PROMPT_ID_INVALID")
            for _ in 0..<2 {
                _ = try await client.models.unloadPromptArtifacts(
                    UnloadPromptArtifactsRequest(modelID: "m", promptIds: ["p1"]))
            }
            #expect(try File.kind(of: prompts + "/p1") == .absent)
        }
    }

    @Test func `names of files that are not text cost no answer, and go with their prompt`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let prompts = service.directory.file("prompts")
            _ = try Directory.trusted(prompts, creating: true)
            try await client.create(
                "r", "REMOTE",
                config: [
                    "connection": [
                        "hostname": "127.0.0.1:8033", "prompt_dir": GoogleValue(kind: .stringValue(prompts)),
                    ]
                ])
            try await client.start("r")
            for path in ["/\u{1B}[2J/x.pt", "/\u{202E}\u{9B}/x.pt", "/x\u{7}.pt", "relative\u{1B}"] {
                let failed = try await refusal {
                    try await client.models.loadPromptArtifacts(
                        LoadPromptArtifactsRequest(modelID: "m", promptID: "p", paths: [path]))
                }
                #expect(failed.word == "FAILED_PRECONDITION ARTIFACT_UNUSABLE")
                #expect(!failed.message.unicodeScalars.contains { $0.properties.generalCategory == .control })
            }
            let script = #"""
                directory="$0/p/$(printf 'd\377')"
                mkdir -m 700 "$0/p" "${directory}"
                : > "${directory}/$(printf '\033\376')"
                : > "$0/p/$(printf '\1')"
                """#
            #expect(try await RunningProgram(["sh", "-c", script, prompts]).wait() == .exited(0))
            _ = try await client.models.unloadPromptArtifacts(
                UnloadPromptArtifactsRequest(modelID: "m", promptIds: ["p"]))
            #expect(try File.kind(of: prompts + "/p") == .absent)
        }
    }
}
