// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Dispatch
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("ChildTree", .tags(.blocking), .timeLimit(.minutes(2)))
struct ChildTreeTests {
    static func plan(_ arguments: String..., limits: ProcessLimits = ProcessLimits()) -> ProgramSpec {
        ProgramSpec(
            instance: "a/m", arguments: arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"],
            limits: limits)
    }

    /// Starts a shell script whose output goes to a file, and waits until it has written the word `ready` there.
    static func script(
        _ text: String, in directory: TemporaryDirectory, _ supervision: Supervision,
        limits: ProcessLimits = ProcessLimits()
    ) async throws -> (tree: ChildTree, output: () throws -> String) {
        let path = try directory.write("", to: "output")
        let file = try File.openForAppending(path)
        let tree = try await ChildTree.spawn(
            plan("sh", "-c", text, limits: limits), output: .descriptor(file.rawValue), error: .null,
            supervision: supervision)
        let output = { String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self) }
        while try !output().contains("ready"), tree.status == nil { await Task.yield() }
        return (tree, output)
    }

    @Test func `a program runs, and how it ended is known before it is reaped`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, output) = try await Self.script(
                "echo $BACKENDD_INSTANCE ready; exit 7", in: directory, supervision)
            #expect(await tree.exit() == .exited(7))
            #expect(try output().count > 10)
            #expect(ProcessTable.entry(of: tree.pid)?.isZombie == true)
            await tree.clear()
            #expect(ProcessTable.entry(of: tree.pid) == nil)
            await tree.clear()
        }
    }

    @Test func `a signal is what ended it`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script("echo ready; kill -9 $$", in: directory, supervision)
            #expect(await tree.exit() == .signaled(.kill))
            await tree.clear()
        }
    }

    @Test func `one that ends at SIGTERM is not waited for longer`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script("echo ready; exec sleep 1000", in: directory, supervision)
            let start = ContinuousClock.now
            await tree.end(signal: .terminate, timeout: .seconds(100))
            #expect(ContinuousClock.now - start < .seconds(50))
            #expect(tree.status == .signaled(.terminate))
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `one that ignores SIGTERM is killed after the timeout`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "trap '' TERM; echo ready; while :; do sleep 1000; done", in: directory, supervision)
            await tree.end(signal: .terminate, timeout: .milliseconds(50))
            #expect(tree.status == .signaled(.kill))
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `how a program ended is known although the loop is busy until it is reaped`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "echo ready; while [ ! -e '\(directory.file("go"))' ]; do sleep 0.01; done; exit 3", in: directory,
                supervision
            )
            let loop = try supervision.loop()
            let isFree = DispatchSemaphore(value: 0)
            let isBusy = Announcement<Void>()
            loop.execute {
                isBusy.set(())
                isFree.wait()
            }
            await isBusy.value()
            _ = try directory.write("", to: "go")
            while ProcessTable.entry(of: tree.pid)?.isZombie == false { await Task.yield() }
            await tree.clear()
            #expect(tree.status == .exited(3))
            isFree.signal()
            await loop.run {}
            #expect(tree.status == .exited(3))
        }
    }

    @Test func `cancelling kills at once`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "trap '' TERM; echo ready; while :; do sleep 1000; done", in: directory, supervision)
            let end = Task { await tree.end(signal: .terminate, timeout: .seconds(1000)) }
            end.cancel()
            await end.value
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `a tree with grandchildren that left the session and ignore SIGTERM dies whole`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, output) = try await Self.script(
                """
                trap '' TERM
                setsid sh -c 'trap "" TERM; echo own $$; while :; do sleep 1000; done' &
                (setsid sh -c 'trap "" TERM; echo orphan $$; while :; do sleep 1000; done' & ) &
                (sh -c 'trap "" TERM; echo group $$; while :; do sleep 1000; done' & ) &
                while [ "$(grep -c . "\(directory.file("output"))")" -lt 3 ]; do sleep 0.01; done
                echo ready
                while :; do sleep 1000; done
                """, in: directory, supervision)
            #expect((tree.members() ?? []).count >= 7)
            await tree.end(signal: .terminate, timeout: .milliseconds(20))
            #expect(tree.members()?.isEmpty == true)
            for word in try output().split(whereSeparator: \.isWhitespace) {
                guard let pid = Int32(word) else { continue }
                #expect(ProcessTable.entry(of: pid).map(\.isZombie) ?? true)
            }
        }
    }

    @Test func `what is left of a tree whose leader has died is cleared away`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "sleep 1000 & setsid sleep 1000 & echo ready; exit 3", in: directory, supervision)
            #expect(await tree.exit() == .exited(3))
            #expect(tree.members()?.isEmpty == false)
            await tree.clear()
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test func `a command can ask it to end`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "trap 'exit 5' USR1; trap '' TERM; echo ready; while :; do sleep 0.01; done", in: directory, supervision
            )
            await tree.end(
                signal: .terminate, timeout: .seconds(60), command: ["sh", "-c", "kill -USR1 $BACKENDD_PID"],
                environment: ["PATH": "/bin:/usr/bin"])
            #expect(tree.status == .exited(5))
        }
    }

    @Test func `a stop whose command does nothing ends with the timeout`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "trap '' TERM; echo ready; while :; do sleep 1000; done", in: directory, supervision)
            await tree.end(
                signal: .terminate, timeout: .milliseconds(50), command: ["true"],
                environment: ["PATH": "/bin:/usr/bin"])
            #expect(tree.status == .signaled(.kill))
            #expect(tree.members()?.isEmpty == true)
        }
    }

    @Test(arguments: [["sh", "-c", "exit 1"], ["/no/such/program"]])
    func `a stop whose command fails goes on with a signal, which a stopped process gets too`(
        command: [String]
    ) async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "trap 'exit 4' TERM; echo ready; kill -STOP $$; while :; do sleep 0.01; done", in: directory,
                supervision)
            await tree.end(
                signal: .interrupt, timeout: .seconds(60), command: command,
                environment: ["PATH": "/bin:/usr/bin"])
            #expect(tree.status == .exited(4))
        }
    }

    @Test func `a stop by a command takes at most as long as one by a signal`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script("echo ready; exec sleep 1000", in: directory, supervision)
            let start = ContinuousClock.now
            await tree.end(
                signal: .terminate, timeout: .seconds(4), command: ["sleep", "1000"],
                environment: ["PATH": "/bin:/usr/bin"])
            #expect(ContinuousClock.now - start < .seconds(7))
            #expect(tree.status == .signaled(.kill))
        }
    }

    @Test(arguments: ["no-such-program-anywhere", "/no/such/program", "./nothing", ""])
    func `a program that is not there is named`(program: String) async throws {
        try await withSupervision { supervision, directory in
            do throws(BackendError) {
                _ = try await ChildTree.spawn(Self.plan(program), output: .null, error: .null, supervision: supervision)
                Issue.record("it started")
            } catch {
                #expect(error.reason == .programNotFound)
                #expect(error.message.contains("instance a/m"))
            }
        }
    }

    @Test func `an argument is one argument, whatever is in it`() async throws {
        try await withSupervision { supervision, directory in
            let path = try directory.write("", to: "output")
            let file = try File.openForAppending(path)
            let tree = try await ChildTree.spawn(
                Self.plan("printf", "[%s]", "a b", "$HOME `id` \"'", "*"), output: .descriptor(file.rawValue),
                error: .null, supervision: supervision)
            #expect(await tree.exit() == .exited(0))
            await tree.clear()
            let text = String(decoding: try File.read(path: path, limit: 1000), as: UTF8.self)
            #expect(text == "[a b][$HOME `id` \"'][*]")
        }
    }

    @Test func `limits are in force from the first instruction`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, output) = try await Self.script(
                "ulimit -n; nice; grep Cpus_allowed_list /proc/self/status; echo ready", in: directory, supervision,
                limits: ProcessLimits(resources: ["nofile": 77, "core": 0], nice: 3, processors: [0]))
            _ = await tree.exit()
            await tree.clear()
            #expect(
                try output().split(whereSeparator: \.isWhitespace) == ["77", "3", "Cpus_allowed_list:", "0", "ready"])
        }
    }

    @Test func `what the tree uses is the sum of its processes`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "sleep 1000 & echo ready; exec sleep 1000", in: directory, supervision)
            #expect(tree.usage.residentBytes == 0)
            tree.measure()
            #expect(tree.usage.residentBytes > 100_000)
            await tree.end(signal: .terminate, timeout: .seconds(10))
            #expect(tree.usage.residentBytes == 0)
        }
    }

    @Test func `two hundred programs leave no descriptor and no zombie`() async throws {
        try await withSupervision { supervision, directory in
            func cycle() async throws {
                let tree = try await ChildTree.spawn(
                    Self.plan("sh", "-c", "sleep 1000 & exit 1"), output: .null, error: .null, supervision: supervision)
                _ = await tree.exit()
                await tree.clear()
            }
            try await cycle()
            let before = try ProcessUsage.own().descriptors
            for _ in 0..<200 { try await cycle() }
            #expect(try ProcessUsage.own().descriptors <= before)
            let zombies = ProcessTable.children().filter { ProcessTable.entry(of: $0)?.isZombie ?? false }
            #expect(zombies.isEmpty)
        }
    }
}
