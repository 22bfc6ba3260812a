// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// What the next daemon makes of the instances of one that has ended.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct AdoptionTests {
    /// The shim of a process.
    private static func shim(of pid: Int32) throws -> ProcessTable.Entry {
        let entry = try #require(ProcessTable.entry(of: pid))
        return try #require(ProcessTable.entry(of: entry.parent))
    }

    /// The processes of a shim, once all of them are there: an instance may be ready before.
    private static func tree(below shim: ProcessTable.Entry, of count: Int) async -> [ProcessTable.Entry] {
        while true {
            let tree = ProcessTable.all().filter { $0.parent == shim.pid && !$0.isZombie }
            if tree.count == count { return tree }
            await Task.yield()
        }
    }

    private static func stop(_ house: SuccessiveDaemons) async throws {
        #expect(try await house.daemon.stop() == .exited(0))
        #expect(try house.runs.isEmpty)
    }

    @Test func `five daemons in a row have the same instance, whose output has no gap`() async throws {
        let script = "echo up; n=0; while :; do n=$((n + 1)); echo $n; sleep 0.02; done"
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration(script))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        for _ in 0..<5 {
            try await house.succeed()
            let next = try await house.instance()
            #expect(next.state == .ready && next.pid == first.pid && next.startTime == first.startTime)
            #expect(next.restarts == 0 && !next.outdated && next.address == first.address)
            #expect(try await house.backend().state == .started)
        }
        let log = try File.read(path: house.directory.file("s.d/logs/p.stdout.log"), limit: 1 << 20)
        try await Self.stop(house)
        let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
        #expect(lines == (1...max(1, lines.count)).map(String.init))
        #expect(!ProcessTable.isAlive(first.pid))
    }

    @Test(arguments: [("exit 3", "EXITED", "exit code 3"), ("kill -9 $$$$", "KILLED", "signal 9")])
    func `what ended while no daemon ran is told with its status, and started again`(
        end: String, reason: String, words: String
    ) async throws {
        let directory = try TemporaryDirectory()
        let script =
            "[ -e \(directory.file("again")) ] && exec sleep 1000; "
            + "until [ -e \(directory.file("go")) ]; do sleep 0.01; done; touch \(directory.file("again")); \(end)"
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration(script))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed(isLast: true)
        _ = try directory.write("", to: "go")
        await ProcessTable.waitUntilGone(first.pid)
        try await house.succeed()
        let next = try await house.instance { $0.state == .ready && $0.pid != first.pid }
        #expect(next.restarts == 1)
        #expect(next.failure?.reason == reason && next.failure?.message.contains(words) == true, "\(next)")
        let told = await house.daemon.errors.line { $0.contains("to=BACKOFF") && $0.contains("reason=\(reason)") }
        #expect(told != nil)
        try await Self.stop(house)
    }

    @Test(arguments: ["exec sleep 1000", "trap \"\" TERM; while :; do sleep 1000; done"])
    func `an instance that is to end with the daemon does, also if it does not want to`(script: String) async throws {
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(
                "(setsid sleep 1000 &) ; \(script)", "on_daemon_exit: end\n      stop_timeout: 200ms"))
        try await house.start()
        let pid = try await house.instance { $0.state == .ready }.pid
        let shim = try Self.shim(of: pid)
        try await house.succeed(isLast: true)
        await ProcessTable.waitUntilGone(pid)
        await ProcessTable.waitUntilGone(shim.pid)
        #expect(!ProcessTable.all().contains { $0.parent == shim.pid })
        try await house.succeed()
        #expect(try await house.backend().state == .stopped)
        #expect(try house.runs.isEmpty)
        try await Self.stop(house)
    }

    @Test func `what is to end with its daemon ends, also if the next one comes before that`() async throws {
        let directory = try TemporaryDirectory()
        let script =
            "exec 9>lock; flock -n 9 || touch doubled; [ -e began ] || trap \"\" TERM; touch began; echo up; "
            + "until [ -e go ]; do sleep 0.01; done; rm go"
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(script, "on_daemon_exit: end\n      working_directory: \(directory.path)"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed()
        #expect(try await house.backend().state == .stopped)
        #expect(ProcessTable.isAlive(first.pid))
        let start = Task { [daemon = house.daemon] in try await SuccessiveDaemons.start(daemon) }
        _ = try directory.write("", to: "go")
        try await start.value
        #expect(try await house.instance { $0.state == .ready }.pid != first.pid)
        #expect(try File.kind(of: directory.file("doubled")) == .absent)
        try await Self.stop(house)
    }

    @Test func `an instance is adopted although its secret is not there any more`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let secret = try directory.write("x", to: "secret")
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration("echo up; exec sleep 1000", "secret_files: {TOKEN: \(secret)}"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try File.remove(secret)
        try await house.succeed()
        let next = try await house.instance()
        #expect(next.pid == first.pid && next.state == .ready)
        try await Self.stop(house)
    }

    @Test func `an instance whose configuration has changed is outdated until it is restarted`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        house.configuration = SuccessiveDaemons.configuration("echo changed; exec sleep 1000")
        try await house.succeed()
        let next = try await house.instance()
        #expect(next.pid == first.pid && next.state == .ready && next.outdated)
        // It stays so for the daemon after that.
        try await house.succeed()
        #expect(try await house.instance().outdated)
        try await house.daemon.withClient { client in
            _ = try await LifecycleServiceClient(client).restartBackend(RestartBackendRequest(name: "p"))
        }
        let restarted = try await house.instance { $0.state == .ready }
        #expect(restarted.pid != first.pid && !restarted.outdated)
        try await Self.stop(house)
    }

    @Test func `instances of a backend that is not configured any more are stopped`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        house.configuration = "backends: []"
        try await house.succeed()
        #expect(await house.daemon.errors.line { $0.contains("not configured any more") } != nil)
        await ProcessTable.waitUntilGone(first.pid)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a daemon that is told to leave them hands its instances over`() async throws {
        let house = try await SuccessiveDaemons("on_shutdown: leave\n" + SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed(.terminate)
        #expect(try await house.instance().pid == first.pid)
        house.configuration = SuccessiveDaemons.configuration()
        try await house.succeed(.terminate)
        #expect(try await house.instance().pid == first.pid)
        try await Self.stop(house)
        #expect(!ProcessTable.isAlive(first.pid))
    }

    @Test func `a shim that is killed takes its tree with it, and the instance is started again`() async throws {
        let script = "(setsid sleep 1000 &); (env -i setsid sleep 1000 &); echo up; exec sleep 1000"
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration(script, "stop_timeout: 100ms"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        let shim = try Self.shim(of: first.pid)
        let tree = await Self.tree(below: shim, of: 3)
        try ProcessTable.signal(shim, .kill)
        let next = try await house.instance { $0.state == .ready && $0.pid != first.pid }
        #expect(next.restarts == 1 && next.failure?.reason == "KILLED")
        for entry in tree { #expect(!ProcessTable.isAlive(entry.pid)) }
        try await Self.stop(house)
    }

    @Test func `a shim that is killed together with the daemon leaves nothing either`() async throws {
        let script = "(env -i setsid sleep 1000 &); echo up; exec sleep 1000"
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration(script, "stop_timeout: 100ms"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        let shim = try Self.shim(of: first.pid)
        let tree = await Self.tree(below: shim, of: 2)
        try await house.succeed(isLast: true)
        try ProcessTable.signal(shim, .kill)
        await ProcessTable.waitUntilGone(first.pid)
        try await house.succeed()
        _ = try await house.instance { $0.state == .ready && $0.pid != first.pid }
        for entry in tree { #expect(!ProcessTable.isAlive(entry.pid)) }
        try await Self.stop(house)
    }

    @Test func `a shim that was stopped is continued`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        let shim = try Self.shim(of: first.pid)
        try ProcessTable.signal(shim, .stop)
        try await house.succeed()
        #expect(try await house.instance().pid == first.pid)
        #expect(ProcessTable.entry(of: shim.pid)?.state != "T")
        try await Self.stop(house)
    }

    @Test func `models with processes of their own are loaded again, with the same processes`() async throws {
        let house = try await SuccessiveDaemons(
            """
            backends:
              - name: p
                type: PROCESS
                config:
                  command: [sh, -c, 'exec sleep 1000', "${PORT}"]
                  scope: model
                  models: ["m*"]
                  probes: {startup: {exec: {command: ["true"]}, listener: any}}
            """)
        func load(_ model: String) async throws {
            try await house.daemon.withClient { client in
                _ = try await ModelServiceClient(client).loadModel(LoadModelRequest(modelID: model, autoStart: true))
            }
        }
        for model in ["m1", "m2"] { try await load(model) }
        let before = try await house.backend().instances
        #expect(before.map(\.modelID) == ["m1", "m2"])
        try await house.succeed()
        while try await house.backend().instances.count(where: { $0.state == .ready }) < 2 { await Task.yield() }
        #expect(try await house.backend().instances.map(\.pid) == before.map(\.pid))
        for model in ["m1", "m2"] { try await load(model) }
        #expect(try await house.backend().instances.map(\.pid) == before.map(\.pid))
        try await Self.stop(house)
    }

    @Test func `an instance that waits to be started again is, by the next daemon, with its count`() async throws {
        let directory = try TemporaryDirectory()
        let script = "[ -e \(directory.file("down")) ] && exit 4; exec sleep 1000"
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(script, "max_restarts: 1000").replacing(
                "backoff: 10ms", with: "backoff: 1h"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        _ = try directory.write("", to: "down")
        try ProcessTable.signal(#require(ProcessTable.entry(of: first.pid)), .kill)
        _ = try await house.instance { $0.state == .backoff }
        try await house.succeed()
        let next = try await house.instance { $0.state == .backoff }
        #expect(next.failure?.reason == "KILLED" && next.pid == 0)
        try await Self.stop(house)
    }

    @Test func `a backend that a person has stopped stays down, and what is left of it goes`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.daemon.withClient { client in
            _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p"))
        }
        #expect(try house.runs.isEmpty)
        try await house.succeed()
        #expect(try await house.backend().state == .stopped)
        #expect(!ProcessTable.isAlive(first.pid))
        try await Self.stop(house)
    }

    @Test func `a second daemon does not work in the directory of the first`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        let other = try TemporaryDirectory()
        let file = try other.write(
            "instance_directory: \(house.directory.file("s.d"))\nstate_directory: none\n\(house.configuration)",
            to: "config.yaml")
        let program = try RunningProgram([RunningDaemon.executable, "--socket", other.file("s"), "--config", file])
        #expect(try await program.wait() != .exited(0))
        let errors = await program.errors.all()
        #expect(errors.contains { $0.contains("another daemon uses it") }, "\(errors)")
        #expect(ProcessTable.isAlive(first.pid))
        try await Self.stop(house)
    }

    @Test func `what cannot be read or is not complete is cleared away`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed(isLast: true)
        let instances = house.directory.file("s.d/instances")
        let script = """
            cd "$0"; mkdir -m 700 .new-1 empty other; mkfifo -m 600 .new-1/life
            touch other/lock; chmod 600 other/lock; head -c 100 /dev/urandom >other/intent; chmod 600 other/intent
            """
        #expect(try await RunningProgram(["sh", "-ec", script, instances]).wait() == .exited(0))
        try await house.succeed()
        #expect(try await house.instance().pid == first.pid)
        #expect(try house.runs.count == 1)
        try await Self.stop(house)
    }

    @Test func `a run without a readable note is ended`() async throws {
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration())
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed(isLast: true)
        try await Self.spoilNote(of: house)
        try await house.succeed()
        await ProcessTable.waitUntilGone(first.pid)
        #expect(try await house.backend().state == .stopped)
        try await Self.stop(house)
    }

    private static func spoilNote(of house: SuccessiveDaemons) async throws {
        let note = try house.run + "/intent"
        #expect(try await RunningProgram(["sh", "-ec", "echo nonsense >\"$0\"", note]).wait() == .exited(0))
    }

    @Test(arguments: ["unreadable", "removed", "not configured"])
    func `a daemon that is stopped at once has cleared away what was left`(what: String) async throws {
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(
                "echo up; trap : TERM; while :; do sleep 1; done", "stop_timeout: 3s"))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        try await house.succeed(isLast: true)
        switch what {
        case "unreadable": try await Self.spoilNote(of: house)
        case "removed": #expect(try await RunningProgram(["rm", "-r", house.run]).wait() == .exited(0))
        default: house.configuration = "backends: []"
        }
        try await house.succeed()
        try await Self.stop(house)
        #expect(!ProcessTable.isAlive(first.pid))
    }

    @Test func `commands that helped an instance of a daemon that was killed are killed by the next one`() async throws
    {
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(
                "exec sleep 1000",
                "probes: {liveness: {exec: {command: [sh, -c, \"sleep 7654 & sleep 7654\"]}, period: 10ms, timeout: 1h}}"
            ))
        try await house.start()
        func helpers() -> [ProcessTable.Entry] {
            ProcessTable.all().filter { entry in
                ((try? ProcessTable.variable(entry.pid, "BACKENDD_INSTANCE")) ?? nil)?.hasPrefix("helper-") == true
                    && (try? File.read(path: "/proc/\(entry.pid)/cmdline", limit: 4096))
                        .map { String(decoding: $0, as: UTF8.self).contains("7654") } == true
            }
        }
        while helpers().count < 3 { await Task.yield() }
        let left = helpers()
        try await house.succeed()
        for entry in left { await ProcessTable.waitUntilGone(entry.pid) }
        try await Self.stop(house)
    }
}
