// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import InstanceShims
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What a daemon makes of runs of an earlier one that are not what they seem.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct AdoptionFaultTests {
    private static func configuration(
        _ script: String = "(env -i setsid sleep 1000 &); echo up; exec sleep 1000",
        _ more: String = "stop_timeout: 100ms"
    ) -> String { SuccessiveDaemons.configuration(script, more) }

    private static func ready(_ house: SuccessiveDaemons) async throws -> Instance {
        try await house.instance { $0.state == .ready }
    }

    /// Starts the backend, kills the daemon, lets `change` change the directory of the run, and looks what the next daemon has.
    private static func succession(
        _ change: (_ run: borrowing Directory, _ first: Instance) async throws -> Void,
        _ look: (_ first: Instance, _ next: Instance) async throws -> Void
    ) async throws {
        let house = try await SuccessiveDaemons(configuration())
        try await house.start()
        let first = try await ready(house)
        try await house.succeed(isLast: true)
        try await change(try Directory(path: house.run), first)
        try await house.succeed()
        try await house.start()
        try await look(first, try await ready(house))
        #expect(try await house.daemon.stop() == .exited(0))
        #expect(try house.runs.isEmpty)
    }

    @Test func `a record that names another process does not pass it off as the instance`() async throws {
        let bystander = try RunningProgram(["sleep", "1000"])
        try await Self.succession { run, _ in
            let bytes = try run.read("running", limit: 4096)
            var record = try ShimRunning(decoding: #require(bytes))
            record.leader = ShimProcess(pid: UInt32(bystander.pid), startTicks: 1)
            try run.replace("running", by: record.encoded())
        } _: { first, next in
            #expect(next.pid != bystander.pid && next.pid != first.pid)
            await ProcessTable.waitUntilGone(first.pid)
        }
        #expect(ProcessTable.isAlive(bystander.pid))
        try bystander.signal(.kill)
        _ = try await bystander.wait()
    }

    @Test func `an end that has not been does not leave a second server`() async throws {
        try await Self.succession { run, _ in
            try run.replace("exit", by: ShimExit(version: 1, kind: .code(3), cleared: true).encoded())
        } _: { first, next in
            #expect(next.pid != first.pid && !ProcessTable.isAlive(first.pid))
        }
    }

    @Test func `a run without the pipe for commands is ended, and its server is not doubled`() async throws {
        try await Self.succession { run, _ in
            try run.remove("life")
        } _: { first, next in
            #expect(next.pid != first.pid && !ProcessTable.isAlive(first.pid))
        }
    }

    @Test(arguments: [false, true])
    func `a run whose note cannot be read is ended, also if its shim was killed`(isShimKilled: Bool) async throws {
        var left: [ProcessTable.Entry] = []
        try await Self.succession { run, first in
            let shim = try #require(ProcessTable.entry(of: first.pid)).parent
            if isShimKilled {
                left = ProcessTable.all().filter { $0.parent == shim && $0.pid != first.pid }
                try ProcessTable.signal(#require(ProcessTable.entry(of: shim)), .kill)
                await ProcessTable.waitUntilGone(first.pid)
            }
            try run.replace("intent", by: Array("damaged".utf8))
        } _: { first, next in
            #expect(next.pid != first.pid && !ProcessTable.isAlive(first.pid))
        }
        // This one has cleared its environment, so that only its shim or its note could tell what it is.
        for entry in left where ProcessTable.isAlive(entry.pid) { try ProcessTable.signal(entry, .kill) }
    }

    @Test func `a server whose directory is gone is killed before another one begins`() async throws {
        let directory = try TemporaryDirectory()
        let script = "exec 9>lock; flock -n 9 || touch doubled; echo up; exec sleep 1000"
        let house = try await SuccessiveDaemons(Self.configuration(script, "working_directory: \(directory.path)"))
        try await house.start()
        let first = try await Self.ready(house)
        try await house.succeed(isLast: true)
        let removal = try RunningProgram(["rm", "-rf", house.directory.file("s.d/instances")])
        #expect(try await removal.wait() == .exited(0))
        try await house.succeed()
        try await house.start()
        #expect(try await Self.ready(house).pid != first.pid)
        #expect(!ProcessTable.isAlive(first.pid))
        #expect(try File.kind(of: directory.file("doubled")) == .absent)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a server of a daemon in a container with a directory of the same path is left alone`() async throws {
        let house = try await SuccessiveDaemons(Self.configuration())
        try await house.start()
        let first = try await Self.ready(house)
        let mark = try #require(try ProcessTable.variable(first.pid, "BACKENDD_INSTANCE"))
        // A run of which the next daemon does not know.
        let other = mark.split(separator: "-").dropLast(2).joined(separator: "-") + "-other-1"
        let inside = try? RunningProgram([
            "unshare", "--pid", "--fork", "--kill-child", "env", "BACKENDD_INSTANCE=\(other)", "sh", "-c",
            "echo up; exec sleep 1000",
        ])
        guard let inside, await inside.output.line(where: { $0 == "up" }) != nil else { return }
        let outside = try RunningProgram(["env", "BACKENDD_INSTANCE=\(other)", "sleep", "1000"])
        try await house.succeed()
        #expect(try await outside.wait() == .signaled(.kill))
        #expect(try await Self.ready(house).pid == first.pid)
        #expect(ProcessTable.isAlive(inside.pid))
        try inside.signal(.kill)
        _ = try await inside.wait()
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `the server of a daemon that lives is left alone by one that sees another directory at the path`()
        async throws
    {
        let house = try await SuccessiveDaemons(Self.configuration())
        try await house.start()
        let first = try await Self.ready(house)
        let place = house.directory.file("s.d")
        let other = try TemporaryDirectory()
        let file = try other.write(
            "instance_directory: \(place)\n"
                + Self.configuration().replacing("type: PROCESS", with: "type: PROCESS\n    start: boot"),
            to: "config.yaml")
        let script = #"mount -t tmpfs t "$1" && exec "$0" --socket "$2" --config "$3" --state-directory none"#
        let program = try RunningProgram(
            ["unshare", "-m", "sh", "-c", script, RunningDaemon.executable, place, other.file("s"), file])
        let line = await program.errors.line { $0.contains("to=READY") }
        // Only root may mount.
        guard line != nil else { return }
        #expect(try await house.instance().pid == first.pid)
        #expect(ProcessTable.isAlive(first.pid))
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a process that was to be restarted is not taken for one that serves, and another one follows`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let script = """
            [ -e began ] || trap "touch asked; until [ -e go ]; do sleep 0.01; done; exit 0" TERM; touch began; \
            echo up; while :; do sleep 0.01; done
            """
        let house = try await SuccessiveDaemons(
            Self.configuration(script, "working_directory: \(directory.path)"))
        try await house.start()
        let first = try await Self.ready(house)
        let restart = Task { [daemon = house.daemon] in
            try? await daemon.withClient { client in
                let request = RestartBackendRequest(name: "p", part: .instance("p"))
                _ = try await LifecycleServiceClient(client).restartBackend(request)
            }
        }
        while try File.kind(of: directory.file("asked")) == .absent { await Task.yield() }
        try await house.succeed()
        _ = await restart.value
        let next = try await house.instance()
        #expect(next.pid == first.pid && next.state == .stopping)
        #expect(try await house.backend().state == .started)
        _ = try directory.write("", to: "go")
        let last = try await house.instance { $0.state == .ready }
        #expect(last.pid != first.pid)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a first start that ended with its daemon is not taken for a failure`() async throws {
        let house = try await SuccessiveDaemons(
            Self.configuration("echo up; exec sleep 1000", "probes: {startup: {exec: {command: [\"false\"]}}}"))
        let start = Task { [daemon = house.daemon] in try? await SuccessiveDaemons.start(daemon) }
        let first = try await house.instance { $0.state == .starting && $0.pid != 0 }
        try await house.succeed(isLast: true)
        _ = await start.value
        try ProcessTable.signal(#require(ProcessTable.entry(of: first.pid)), .kill)
        await ProcessTable.waitUntilGone(first.pid)
        try await house.succeed()
        #expect(try await house.backend().state == .stopped)
        #expect(try house.runs.isEmpty)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a daemon whose directories are relative starts instances`() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            "instance_directory: inst\nlog_directory: ./logs\n"
                + Self.configuration().replacing("type: PROCESS", with: "type: PROCESS\n    start: boot"),
            to: "config.yaml")
        let script = #"cd "$1" && exec "$0" --socket s --config "$2" --state-directory none"#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, directory.path, file])
        #expect(await program.errors.line { $0.contains("to=READY") } != nil)
        #expect(try File.kind(of: directory.file("logs/p.stdout.log")) == .regular)
        #expect(try Directory(path: directory.file("inst/instances")).names().count == 1)
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    @Test func `a shim that was stopped is continued when its program ends`() async throws {
        let house = try await SuccessiveDaemons(Self.configuration())
        try await house.start()
        let first = try await Self.ready(house)
        let leader = try #require(ProcessTable.entry(of: first.pid))
        try ProcessTable.signal(#require(ProcessTable.entry(of: leader.parent)), .stop)
        try ProcessTable.signal(leader, .kill)
        let next = try await house.instance { $0.state == .ready && $0.pid != first.pid }
        #expect(next.restarts == 1)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `the look of another daemon at a lock is not taken for a shim`() async throws {
        let directory = try TemporaryDirectory()
        var other: RunningProgram?
        try await Self.succession { run, first in
            let leader = try #require(ProcessTable.entry(of: first.pid))
            try ProcessTable.signal(#require(ProcessTable.entry(of: leader.parent)), .kill)
            await ProcessTable.waitUntilGone(first.pid)
            let held = directory.file("held")
            other = try RunningProgram([
                "flock", "--shared", run.path + "/lock", "sh", "-c", "touch \(held); exec sleep 1000",
            ])
            while try File.kind(of: held) == .absent { await Task.yield() }
        } _: { first, next in
            #expect(next.pid != first.pid)
        }
        try other?.signalGroup(.kill)
        _ = try await other?.wait()
    }

    @Test func `a start waits for the end of a stop that an earlier daemon has begun`() async throws {
        let directory = try TemporaryDirectory()
        let script = """
            exec 9>lock; flock -n 9 || touch doubled; trap "" TERM; echo up; while :; do sleep 0.05; done
            """
        let house = try await SuccessiveDaemons(
            Self.configuration(script, "working_directory: \(directory.path)\n      stop_timeout: 2s"))
        try await house.start()
        let first = try await Self.ready(house)
        let stop = Task { [daemon = house.daemon] in
            try? await daemon.withClient { client in
                _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p"))
            }
        }
        // The next daemon knows of the stop once it is noted.
        let note = try house.run + "/intent"
        while try !ShimIntent(decoding: File.read(path: note, limit: 65_536)).isStopping { await Task.yield() }
        try await house.succeed()
        await stop.value
        try await house.start()
        #expect(try await Self.ready(house).pid != first.pid)
        #expect(!ProcessTable.isAlive(first.pid))
        #expect(try File.kind(of: directory.file("doubled")) == .absent)
        #expect(try await house.daemon.stop() == .exited(0))
    }
}
