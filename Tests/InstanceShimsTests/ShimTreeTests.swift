// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("ShimTree", .tags(.blocking), .timeLimit(.minutes(2)))
struct ShimTreeTests {
    private static func spawn(_ arguments: String..., on supervision: Supervision, _ directory: TemporaryDirectory)
        async throws -> any ProcessTree
    {
        try await TestTree(TestTree.launch(TestTree.spec(arguments), in: directory), in: directory, supervision).tree
    }

    @Test func `a program runs, and how it ended is known`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script("echo $BACKENDD_INSTANCE ready; exit 7", in: directory, supervision)
            #expect(await made.tree.exit() == .exited(7))
            #expect(try made.output().count > 10)
            await made.tree.clear()
            #expect(ProcessTable.entry(of: made.tree.pid) == nil)
            await made.tree.clear()
        }
    }

    @Test func `the directory of a run is watched, so that nothing waits for the next look`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script("echo ready; exec sleep 1000", in: directory, supervision)
            let runs = try Directory(path: directory.file("instances"))
            let run = try #require(try runs.names().first)
            let identity = try #require(try FileIdentity.of(path: "\(runs.path)/\(run)"))
            let watch = "ino:" + String(identity.inode, radix: 16) + " "
            let watches = try Directory(path: "/proc/self/fdinfo").names().compactMap { name in
                try? File.read(path: "/proc/self/fdinfo/\(name)", limit: 1 << 16)
            }
            #expect(watches.contains { String(decoding: $0, as: UTF8.self).contains(watch) })
            await made.tree.clear()
        }
    }

    @Test func `a signal is what ended it`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script("echo ready; kill -9 $$", in: directory, supervision)
            #expect(await made.tree.exit() == .signaled(.kill))
            await made.tree.clear()
        }
    }

    @Test func `a program gets three descriptors, its own session and no blocked signal`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "for f in /proc/$$/fd/*; do readlink $f; done; grep SigBlk /proc/self/status; echo ready; exec sleep 1000",
                in: directory, supervision)
            let words = try made.output().split(whereSeparator: \.isWhitespace).map(String.init)
            #expect(words.count == 6)
            #expect(words.first == "/dev/null" && words.dropFirst().prefix(2).allSatisfy { $0.hasPrefix("pipe:") })
            #expect(words.suffix(3) == ["SigBlk:", "0000000000000000", "ready"])
            #expect(ProcessTable.entry(of: made.tree.pid)?.session == made.tree.pid)
            await made.tree.clear()
        }
    }

    @Test func `one that ends at SIGTERM is not waited for longer`() async throws {
        try await withSupervision { supervision, directory in
            let tree = try await TestTree.script("echo ready; exec sleep 1000", in: directory, supervision).tree
            let start = ContinuousClock.now
            await tree.end(signal: .terminate, timeout: .seconds(100))
            #expect(ContinuousClock.now - start < .seconds(50))
            #expect(await tree.exit() == .signaled(.terminate))
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test(arguments: [Signal.terminate, nil])
    func `one that ignores the signal, or gets none, is killed after the timeout`(signal: Signal?) async throws {
        try await withSupervision { supervision, directory in
            let tree = try await TestTree.script(
                "trap '' TERM; echo ready; while :; do sleep 1000; done", in: directory, supervision
            ).tree
            await tree.end(signal: signal, timeout: .milliseconds(50))
            #expect(await tree.exit() == .signaled(.kill))
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `cancelling kills at once`() async throws {
        try await withSupervision { supervision, directory in
            let tree = try await TestTree.script(
                "trap '' TERM; echo ready; while :; do sleep 1000; done", in: directory, supervision
            ).tree
            let end = Task { await tree.end(signal: .terminate, timeout: .seconds(1000)) }
            end.cancel()
            await end.value
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `a stopped process hears the signal`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "trap 'exit 4' TERM; echo ready; kill -STOP $$; while :; do sleep 0.01; done", in: directory,
                supervision)
            await made.tree.end(signal: .terminate, timeout: .seconds(60))
            #expect(await made.tree.exit() == .exited(4))
        }
    }

    static let largeTree = """
        trap '' TERM
        setsid sh -c 'trap "" TERM; echo own $$; while :; do sleep 1000; done' &
        (setsid sh -c 'trap "" TERM; echo orphan $$; while :; do sleep 1000; done' & ) &
        (env -i setsid sh -c 'trap "" TERM; echo bare $$; while :; do sleep 1000; done' & ) &
        (sh -c 'trap "" TERM; echo group $$; while :; do sleep 1000; done' & ) &
        """

    @Test func `a tree with grandchildren that left the session and ignore SIGTERM dies whole`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "\(Self.largeTree)\nsleep 0.1; echo ready; while :; do sleep 1000; done", in: directory, supervision)
            while try made.output().split(separator: "\n").count < 5 { await Task.yield() }
            #expect((made.tree.members() ?? []).count >= 8)
            await made.tree.end(signal: .terminate, timeout: .milliseconds(20))
            #expect(made.tree.members()?.isEmpty == true)
            for word in try made.output().split(whereSeparator: \.isWhitespace) {
                guard let pid = Int32(word) else { continue }
                #expect(ProcessTable.entry(of: pid).map(\.isZombie) ?? true)
            }
        }
    }

    @Test func `processes that left the group are asked to end too, once the leader has ended`() async throws {
        try await withSupervision { supervision, directory in
            let told = directory.file("told")
            let made = try await TestTree.script(
                """
                setsid sh -c 'trap "echo told >\(told); exit" TERM; echo ready; while :; do sleep 0.01; done' &
                exec sleep 1000
                """, in: directory, supervision)
            while try !made.output().contains("ready") { await Task.yield() }
            // Not after this timeout, which is longer than the test may take.
            await made.tree.end(signal: .terminate, timeout: .seconds(3600))
            #expect(try File.kind(of: told) == .regular)
            #expect(made.tree.members()?.isEmpty == true)
        }
    }

    @Test func `what is left of a tree whose leader has died is gone soon, however it left`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "sleep 1000 & setsid sleep 1000 & echo ready; exit 3", in: directory, supervision)
            #expect(await made.tree.exit() == .exited(3))
            await made.tree.clear()
            #expect(made.tree.members()?.isEmpty == true)
        }
    }

    @Test(arguments: ["no-such-program-anywhere", "/no/such/program", "./nothing", ""])
    func `a program that is not there is named`(program: String) async throws {
        try await withSupervision { supervision, directory in
            let error = try await #require(throws: BackendError.self) {
                try await Self.spawn(program, on: supervision, directory)
            }
            #expect(error.reason == .programNotFound)
            #expect(error.message.contains("instance a"))
        }
    }

    @Test func `arguments that the system refuses are told with their length, and nothing is left`() async throws {
        try await withSupervision { supervision, directory in
            let error = try await #require(throws: BackendError.self) {
                try await Self.spawn("true", String(repeating: "x", count: 1 << 20), on: supervision, directory)
            }
            #expect(error.reason == .commandTooLong)
            #expect(error.message.contains("1048626 bytes"))
            await (try supervision.loop()).run {}
            #expect(try Directory(path: directory.file("instances")).names().isEmpty)
        }
    }

    @Test func `a limit that may not be set is named`() async throws {
        try await withSupervision { supervision, directory in
            let error = try await #require(throws: BackendError.self) {
                _ = try await TestTree.script(
                    "true", in: directory, supervision, limits: ProcessLimits(processors: [4095]))
            }
            #expect(error.reason == .spawnFailed)
            #expect(error.message.contains("limits.cpus"))
        }
    }

    @Test func `an argument is one argument, whatever is in it`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree(
                TestTree.launch(
                    TestTree.spec(["printf", "[%s]", "a b", "$HOME `id` \"'", "*"]), in: directory), in: directory,
                supervision)
            #expect(await made.tree.exit() == .exited(0))
            await made.tree.clear()
            #expect(try made.output() == "[a b][$HOME `id` \"'][*]")
        }
    }

    @Test func `limits are in force from the first instruction`() async throws {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "ulimit -n; nice; grep Cpus_allowed_list /proc/self/status; echo ready", in: directory, supervision,
                limits: ProcessLimits(resources: ["nofile": 77, "core": 0], nice: 3, processors: [0]))
            _ = await made.tree.exit()
            await made.tree.clear()
            #expect(
                try made.output().split(whereSeparator: \.isWhitespace)
                    == ["77", "3", "Cpus_allowed_list:", "0", "ready"])
        }
    }

    @Test func `what the tree uses is the sum of its processes`() async throws {
        try await withSupervision { supervision, directory in
            let tree = try await TestTree.script(
                "sleep 1000 & echo ready; while :; do sleep 1000; done", in: directory, supervision
            ).tree
            #expect(tree.usage.residentBytes == 0)
            tree.measure()
            #expect(tree.usage.residentBytes > 100_000)
            await tree.end(signal: .terminate, timeout: .seconds(10))
            #expect(tree.usage.residentBytes == 0)
        }
    }

    @Test func `what a program uses is known although the processes were listed before it began`() async throws {
        try await withSupervision { supervision, directory in
            let first = try await Self.spawn("sleep", "1000", on: supervision, directory)
            first.measure()
            // The kernel's count is rough: that of a program that has only begun may be zero.
            let second = try await TestTree.script(
                "echo ready; while :; do sleep 1000; done", in: directory, supervision
            )
            .tree
            second.measure()
            #expect(second.usage.residentBytes > 0)
            for tree in [first, second] { await tree.clear() }
        }
    }

    @Test func `the first programs may begin together`() async throws {
        for _ in 0..<10 {
            try await withSupervision { supervision, directory in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            let tree = try await Self.spawn("true", on: supervision, directory)
                            await tree.clear()
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `two hundred programs leave no descriptor, no zombie and no directory`() async throws {
        try await withSupervision { supervision, directory in
            func cycle() async throws {
                let tree = try await Self.spawn("sh", "-c", "sleep 1000 & exit 1", on: supervision, directory)
                _ = await tree.exit()
                await tree.clear()
                await tree.forget()
            }
            try await cycle()
            await (try supervision.loop()).run {}
            let before = try ProcessUsage.own().descriptors
            for _ in 0..<200 { try await cycle() }
            await (try supervision.loop()).run {}
            #expect(try ProcessUsage.own().descriptors <= before)
            let zombies = ProcessTable.children().filter { ProcessTable.entry(of: $0)?.isZombie ?? false }
            #expect(zombies.isEmpty)
            #expect(try Directory(path: directory.file("instances")).names().isEmpty)
        }
    }
}
