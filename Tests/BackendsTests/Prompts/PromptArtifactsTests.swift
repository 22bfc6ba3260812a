// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport
import Testing

@Suite("Tuned prompts", .tags(.blocking), .timeLimit(.minutes(1)))
struct PromptArtifactsTests {
    private let directory: TemporaryDirectory
    private let prompts: TemporaryDirectory
    private let artifacts: PromptArtifacts

    init() throws {
        directory = try TemporaryDirectory()
        prompts = try TemporaryDirectory()
        artifacts = PromptArtifacts(directory: prompts.path, clock: SystemBackendClock())
    }

    private func content(_ name: String) throws -> String {
        String(decoding: try File.read(path: prompts.file(name), limit: 1 << 24), as: UTF8.self)
    }

    private func names(_ path: String) throws -> [String] { try Directory(path: path).names().sorted() }

    @Test func `files are copied to where the server finds them, and removed`() async throws {
        let paths = [try directory.write("d", to: "decoder.pt"), try directory.write("e", to: "encoder.pt")]
        #expect(
            try await artifacts.load(paths, as: "p.1") == [
                prompts.file("p.1/decoder.pt"), prompts.file("p.1/encoder.pt"),
            ])
        #expect(try content("p.1/decoder.pt") == "d")
        #expect(try names(prompts.file("p.1")) == ["decoder.pt", "encoder.pt"])
        try await artifacts.unload("p.1")
        try await artifacts.unload("p.1")
        #expect(try names(prompts.path) == [])
    }

    @Test func `a file that is there already is left, a changed one replaced`() async throws {
        let path = try directory.write("one", to: "decoder.pt")
        _ = try await artifacts.load([path], as: "p")
        // Same size and time: only a copy would change it back.
        let before = try #require(try Directory(path: prompts.file("p")).status(of: "decoder.pt"))
        _ = try await artifacts.load([path], as: "p")
        #expect(try Directory(path: prompts.file("p")).status(of: "decoder.pt") == before)
        try directory.write("three", to: "decoder.pt")
        _ = try await artifacts.load([path], as: "p")
        #expect(try content("p/decoder.pt") == "three")
    }

    @Test(arguments: ["", ".", "..", "../x", "a/b", "/x", "a b", "a\u{0}", "ä", String(repeating: "a", count: 129)])
    func `an id that leads out of the directory is refused`(id: String) async throws {
        let path = try directory.write("d", to: "decoder.pt")
        #expect(await failure { _ = try await artifacts.load([path], as: id) }?.reason == .promptIDInvalid)
        #expect(await failure { try await artifacts.unload(id) }?.reason == .promptIDInvalid)
        #expect(try names(prompts.path) == [])
    }

    @Test func `sources must be regular files, or nothing is copied`() async throws {
        let path = try directory.write("d", to: "decoder.pt")
        let hidden = try directory.write("d", to: ".hidden")
        let paths = [
            [], ["decoder.pt"], [directory.path], [directory.file("none")], [hidden], ["/dev/null"],
            [path, path], [directory.file("../decoder.pt/..")], Array(repeating: path, count: 65),
        ]
        for paths in paths {
            let error = await failure { _ = try await artifacts.load(paths, as: "p") }
            #expect(error?.reason == .artifactUnusable, "\(paths)")
        }
        #expect(try names(prompts.path) == [])
    }

    @Test func `a file of the largest size there is does no harm`() async throws {
        let memory = "/dev/shm/backendd-test-\(ProcessInformation.pid)"
        defer { try? File.remove(memory) }
        let truncate = try RunningProgram(["truncate", "-s", String(Int64.max), memory])
        // Only on file systems that allow files of this size.
        guard try await truncate.wait() == .exited(0) else { return }
        let path = try directory.write("d", to: "decoder.pt")
        #expect(await failure { _ = try await artifacts.load([path, memory], as: "p") }?.reason == .artifactUnusable)
    }

    @Test func `more bytes than allowed are not begun`() async throws {
        var limits = PromptArtifacts.Limits()
        limits.bytes = 3
        let artifacts = PromptArtifacts(directory: prompts.path, clock: SystemBackendClock(), limits: limits)
        let path = try directory.write("four", to: "decoder.pt")
        #expect(await failure { _ = try await artifacts.load([path], as: "p") }?.reason == .artifactUnusable)
        #expect(try names(prompts.path) == [])
    }

    @Test func `links are never followed out of the directory`() async throws {
        let outside = try TemporaryDirectory()
        try outside.write("keep", to: "keep")
        let path = try directory.write("d", to: "decoder.pt")
        try TestProcess.link(outside.path, at: prompts.file("p"))
        #expect(await failure { _ = try await artifacts.load([path], as: "p") }?.reason == .artifactUnusable)
        try await artifacts.unload("p")
        _ = try await artifacts.load([path], as: "p")
        try TestProcess.link(outside.path, at: prompts.file("p/inner"))
        try await artifacts.unload("p")
        #expect(try names(outside.path) == ["keep"])
        #expect(try names(prompts.path) == [])
    }

    @Test func `loads and unloads of one prompt at once do no harm`() async throws {
        let text = String(repeating: "x", count: 300_000)
        let paths = try (0..<4).map { try directory.write(text, to: "f\($0)") }
        for _ in 0..<5 {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask { [artifacts] in
                        let error = await failure {
                            if number % 3 == 2 {
                                try await artifacts.unload("p")
                            } else {
                                _ = try await artifacts.load(paths, as: "p")
                            }
                        }
                        #expect(error == nil)
                    }
                }
            }
            _ = try await artifacts.load(paths, as: "p")
            #expect(try names(prompts.file("p")) == ["f0", "f1", "f2", "f3"])
            #expect(try content("p/f3") == text)
        }
    }

    @Test func `an unload waits for a load of another process, for a limited time`() async throws {
        var limits = PromptArtifacts.Limits()
        limits.wait = .milliseconds(30)
        let artifacts = PromptArtifacts(directory: prompts.path, clock: SystemBackendClock(), limits: limits)
        _ = try await artifacts.load([try directory.write("d", to: "decoder.pt")], as: "p")
        let other = try Directory(path: prompts.file("p"))
        #expect(try other.lock(alone: false))
        #expect(await failure { try await artifacts.unload("p") }?.kind == .aborted)
        #expect(try names(prompts.file("p")) == ["decoder.pt"])
        _ = try await artifacts.load([directory.file("decoder.pt")], as: "p")
    }
}
