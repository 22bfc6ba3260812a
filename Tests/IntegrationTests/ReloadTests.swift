// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
internal import ConfigDocument
import DaemonTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Reloads of the daemon's own configuration file.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ReloadTests {
    /// A daemon with a file that can be changed.
    private struct House {
        let daemon: RunningDaemon
        var ctl: Backendctl { Backendctl(daemon: daemon) }

        init(_ daemon: RunningDaemon) { self.daemon = daemon }

        init(_ configuration: String) async throws {
            daemon = try await RunningDaemon.start(configuration: configuration)
        }

        func write(_ configuration: String) throws { _ = try daemon.directory.write(configuration, to: "config.yaml") }

        func start(_ name: String = "p") async throws {
            try await daemon.withClient { client in
                _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: name))
            }
        }

        func backend(_ name: String = "p") async throws -> Backend {
            try await daemon.withClient { client in
                let answer = try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: name))
                return try #require(answer.backend)
            }
        }

        func instances(_ name: String = "p") async throws -> [Instance] { try await backend(name).instances }

        /// The instances of a backend once they are as wanted.
        func instances(_ name: String = "p", where isWanted: ([Instance]) -> Bool) async throws -> [Instance] {
            while true {
                let instances = try await instances(name)
                if isWanted(instances) { return instances }
                await Task.yield()
            }
        }

        func reload(_ more: String...) async throws -> ConfigValue {
            let run = try await Backendctl.run(
                ["reload", "-o", "json"] + more, environment: ["BACKENDD_SOCKET": daemon.path])
            #expect(run.status == 0, "\(run.error)")
            return try run.json
        }
    }

    private static let stays = "exec sleep 1000"
    /// Another command with the same effect.
    private static let changed = "sleep 999; exec sleep 1"

    private static func entry(
        _ name: String = "p", _ script: String = stays, config: String = "", entry: String = ""
    ) -> String {
        """
          - name: \(name)
            type: PROCESS
            \(entry)
            config:
              command: [sh, -c, '\(script)']
              started_after: 10ms
              \(config)

        """
    }

    /// An entry with a process per model.
    private static func perModel(_ script: String = stays) -> String {
        entry(
            "p", script + "; : ${SOCKET}",
            config:
                "scope: model\n      models: [m, n]\n      probes: {startup: {exec: {command: [\"true\"]}, listener: any}}",
            entry: "apply: rolling")
    }

    private static func file(_ entries: String...) -> String { "backends:\n" + entries.joined() }

    private static func kinds(_ plan: ConfigValue) -> [String] {
        (plan["backends"]?.listValue ?? []).map { backend in
            let apply = backend["apply"]?.stringValue.map { " \($0)" } ?? ""
            let paths = (backend["paths"]?.listValue ?? []).compactMap(\.stringValue)
            return "\(backend["name"]?.stringValue ?? "") \(backend["kind"]?.stringValue ?? "")\(apply)"
                + paths.map { " " + $0 }.joined()
        }
    }

    @Test func `unchanged backends keep their processes while others come, change and go`() async throws {
        let house = try await House(Self.file(Self.entry("p"), Self.entry("q"), Self.entry("r")))
        for name in ["p", "q", "r"] { try await house.start(name) }
        let (p, q) = (try await house.instances("p"), try await house.instances("q"))
        try house.write(
            Self.file(
                Self.entry("p"), Self.entry("q", config: "stop_timeout: 3s", entry: "priority: 10"), Self.entry("s")))
        let plan = try await house.reload()
        #expect(Self.kinds(plan) == ["p UNCHANGED", "q CHANGED config.stop_timeout", "s ADDED", "r REMOVED"])
        #expect(try await house.instances("p").map(\.pid) == p.map(\.pid))
        #expect(try await house.instances("q").map(\.pid) == q.map(\.pid))
        #expect(try await house.instances("q").map(\.outdated) == [false])
        while try await house.daemon.backends() != ["p", "q", "s"] { await Task.yield() }
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a change for the next start leaves the process outdated until the backend is restarted`() async throws {
        let house = try await House(Self.file(Self.entry()))
        try await house.start()
        let first = try #require(try await house.instances().first)
        try house.write(Self.file(Self.entry("p", Self.changed)))
        #expect(Self.kinds(try await house.reload("--dry-run")) == ["p NEEDS_RESTART NEXT_START config.command"])
        #expect(try await house.instances().map(\.outdated) == [false])
        #expect(Self.kinds(try await house.reload()) == ["p NEEDS_RESTART NEXT_START config.command"])
        let outdated = try #require(try await house.instances().first)
        #expect(outdated.pid == first.pid && outdated.outdated)
        let status = try await house.ctl("status", "p")
        #expect(status.output.contains("outdated"), "\(status.output)")
        #expect(try await house.ctl("restart", "p").status == 0)
        let restarted = try #require(try await house.instances().first)
        #expect(restarted.pid != first.pid && !restarted.outdated)
        #expect(Self.kinds(try await house.reload()) == ["p UNCHANGED"])
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `the daemon's death between a reload and the restart loses nothing of it`() async throws {
        let house = try await House(Self.file(Self.entry()))
        try await house.start()
        let first = try #require(try await house.instances().first)
        let changed = Self.file(Self.entry("p", Self.changed))
        try house.write(changed)
        _ = try await house.reload()
        try house.daemon.program.signal(.kill)
        try await house.daemon.program.wait()
        let next = try await RunningDaemon.start(configuration: changed, in: house.daemon.directory)
        let adopted = try await next.withClient { client in
            try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: "p")).backend?.instances
        }
        #expect(adopted?.map(\.pid) == [first.pid] && adopted?.map(\.outdated) == [true])
        #expect(try await next.stop() == .exited(0))
    }

    @Test func `a change that is applied now restarts the backend`() async throws {
        let house = try await House(Self.file(Self.entry(entry: "apply: now")))
        try await house.start()
        let first = try #require(try await house.instances().first)
        try house.write(Self.file(Self.entry("p", Self.changed, entry: "apply: now")))
        #expect(Self.kinds(try await house.reload()) == ["p NEEDS_RESTART NOW config.command"])
        let next = try await house.instances { $0.first?.state == .ready && $0.first?.pid != first.pid }
        #expect(next.map(\.outdated) == [false])
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a rolling change loads the models again, one after the other`() async throws {
        let house = try await House(Self.file(Self.perModel()))
        try await house.start()
        try await house.daemon.withClient { client in
            for model in ["m", "n"] {
                _ = try await ModelServiceClient(client).loadModel(LoadModelRequest(modelID: model, backend: "p"))
            }
        }
        let first = try await house.instances().map(\.pid)
        #expect(first.count == 2)
        try house.write(Self.file(Self.perModel(Self.changed)))
        #expect(Self.kinds(try await house.reload()) == ["p NEEDS_RESTART ROLLING config.command"])
        let next = try await house.instances { instances in
            instances.count == 2 && instances.allSatisfy { $0.state == .ready && !$0.outdated }
        }
        #expect(Set(next.map(\.pid)).isDisjoint(with: first))
        #expect(try await house.backend().state == .started)
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a wrong file changes nothing, and the place of each error is named`() async throws {
        let house = try await House(Self.file(Self.entry()))
        try await house.start()
        let first = try await house.instances()
        let path = house.daemon.directory.file("config.yaml")
        let wrong = [
            ("grac: 1s\nbackends: []\n", "\(path):1:1: grac: unknown key"),
            ("backends: [\n", "\(path):2:"),
            ("backends:\n  - name: x\n    type: LOCAL\n  - name: p\n    type: PROCESS\n", "\(path):4:5: "),
            ("backends:\n  - name: p\n    type: NONE\n", "\(path):2:5: "),
        ]
        for (text, place) in wrong {
            try house.write(text)
            let run = try await house.ctl("reload")
            #expect(run.status == 2 && run.error.hasPrefix("backendctl: INVALID_ARGUMENT CONFIG_FILE_INVALID: "))
            #expect(run.error.contains(place), "\(run.error)")
        }
        #expect(try await house.daemon.backends() == ["p"])
        #expect(try await house.instances().map(\.pid) == first.map(\.pid))
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `SIGHUP reloads, and an error is in the log`() async throws {
        let house = try await House("backends: []\n")
        try house.write("backends: [{name: a, type: LOCAL}]\n")
        try house.daemon.program.signal(.hangup)
        #expect(await house.daemon.errors.line { $0.contains("was reloaded") && $0.contains("added=1") } != nil)
        #expect(try await house.daemon.backends() == ["a"])
        try house.write("backends: [{nam: a}]\n")
        try house.daemon.program.signal(.hangup)
        #expect(
            await house.daemon.errors.line { $0.contains("was not reloaded") && $0.contains("config.yaml:1:") } != nil)
        #expect(try await house.daemon.backends() == ["a"])
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `keys of the daemon change, or are named as waiting for its restart`() async throws {
        let house = try await House("backends: []\n")
        try house.write("backends: []\nlog_format: json\nlog_level: debug\nloops: 2\nlimits: {connections: 9}\n")
        let keys = try await house.reload()["keys"]?.listValue?.map { key in
            "\(key["path"]?.stringValue ?? "") \(key["needs_restart"] == .bool(true))"
        }
        #expect(keys == ["limits.connections false", "log_format false", "log_level false", "loops true"])
        #expect(await house.daemon.errors.line { $0.hasPrefix("{") && $0.contains("was reloaded") } != nil)
        // What waits for the restart is still different, and the rest is not.
        let table = try await house.ctl("reload", "--dry-run").output
        #expect(table.contains("loops") && table.contains("needs a restart of the daemon"))
        #expect(!table.contains("log_level") && !table.contains("limits"))
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `limits change with a reload, and connections that are open stay`() async throws {
        let house = try await House("backends: []\n")
        try await house.daemon.withClient { client in
            let observe = ObserveServiceClient(client)
            try house.write(
                "backends: []\nlimits: {connections: 1, input_bytes: 16777216, output_bytes: 33554432}\n")
            _ = try await ConfigurationServiceClient(client).reloadConfiguration(ReloadConfigurationRequest())
            let refused = try await house.ctl("list")
            #expect(refused.status == 4 && refused.error.contains("TOO_MANY_CONNECTIONS"), "\(refused.error)")
            let info = try await observe.getServerInfo(GetServerInfoRequest())
            #expect(info.input?.limitBytes == 16_777_216 && info.output?.limitBytes == 33_554_432)
            try house.write("backends: []\nlimits: {connections: 2}\n")
            _ = try await ConfigurationServiceClient(client).reloadConfiguration(ReloadConfigurationRequest())
            #expect(try await house.ctl("list").status == 0)
        }
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `many reloads at once run one after the other`() async throws {
        let house = try await House(Self.file(Self.entry()))
        try await house.start()
        let first = try await house.instances()
        try house.write(Self.file(Self.entry(), "  - {name: a, type: LOCAL}\n"))
        let added = try await house.daemon.withClient { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await ConfigurationServiceClient(client).reloadConfiguration(ReloadConfigurationRequest())
                            .backends.count { $0.kind == .added }
                    }
                }
                return try await group.reduce(0, +)
            }
        }
        #expect(added == 1)
        #expect(try await house.instances().map(\.pid) == first.map(\.pid))
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a change waits for the start lock, which the plan says`() async throws {
        let house = try await House("backends: [{name: a, type: LOCAL}]\n")
        try await house.daemon.withClient { client in
            try await client.holdingLock(of: "a") { lock in
                try house.write("backends: [{name: a, type: LOCAL, start: manual}]\n")
                let run = try await house.ctl("reload")
                #expect(run.output.contains("waits for the start lock of pid"), "\(run.output)")
                #expect(try await house.backend("a").start == .onDemand)
                try await lock.release()
            }
            while try await house.backend("a").start != .manual { await Task.yield() }
        }
        #expect(try await house.daemon.stop() == .exited(0))
    }

    // MARK: A file that is not there, or says nothing

    @Test func `a file that is empty for a moment changes nothing, an explicit list without backends does`()
        async throws
    {
        let house = try await House(Self.file(Self.entry()))
        try await house.start()
        let first = try await house.instances()
        for text in ["", " \n\n", "# all gone\n", "---\n"] {
            try house.write(text)
            let run = try await house.ctl("reload")
            #expect(run.status == 2)
            #expect(run.error.contains("config.yaml is empty; write {} for the defaults, or"), "\(run.error)")
        }
        #expect(try await house.instances().map(\.pid) == first.map(\.pid))
        try house.write("backends: []\n")
        #expect(Self.kinds(try await house.reload()) == ["p REMOVED"])
        while try await house.daemon.backends() != [] { await Task.yield() }
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a pipe to which no program writes is named as that`() async throws {
        let house = try await House("backends: []\n")
        let path = house.daemon.directory.file("config.yaml")
        try File.remove(path)
        let pipe = try RunningProgram(["/usr/bin/mkfifo", path])
        #expect(try await pipe.wait() == .exited(0))
        let run = try await house.ctl("reload")
        #expect(
            run.status == 2 && run.error.contains("it is not a regular file, and nothing came from it within 5s"),
            "\(run.error)")
        #expect(try await house.daemon.stop() == .exited(0))
    }

    // MARK: A reload during another one

    private static func slow(_ type: String = "PROCESS") -> String {
        type == "PROCESS"
            ? entry("p", "trap \"until test -e $GATE; do sleep 0.01; done; exit 0\" TERM; while :; do sleep 0.01; done")
            : "  - {name: p, type: \(type)}\n"
    }

    @Test(arguments: ["", slow("LOCAL")])
    func `a file that is restored before the backend has stopped keeps it`(between: String) async throws {
        let directory = try TemporaryDirectory()
        let gate = directory.file("gate")
        let daemon = try await RunningDaemon.start(
            configuration: Self.file(Self.slow()), environment: ["GATE": gate], in: directory)
        let house = House(daemon)
        let merged = try await house.ctl("config", "merge", "p", "--owner", "me", #"{"stop_timeout": "42s"}"#)
        #expect(merged.status == 0, "\(merged.error)")
        try await house.start()
        let first = try #require(try await house.instances().first)
        try house.write(between.isEmpty ? "backends: []\n" : Self.file(between))
        try house.daemon.program.signal(.hangup)
        while try await house.backend().state != .stopping { await Task.yield() }
        try house.write(Self.file(Self.slow()))
        try house.daemon.program.signal(.hangup)
        #expect(await house.daemon.errors.line { $0.contains("was reloaded") && $0.contains("added=1") } != nil)
        _ = try directory.write("", to: "gate")
        let next = try await house.instances { $0.first?.state == .ready && $0.first?.pid != first.pid }
        #expect(next.count == 1)
        #expect(try await house.backend().type == "PROCESS")
        #expect(try await house.backend().config?.fields["stop_timeout"]?.kind == .stringValue("42s"))
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `a daemon that is killed during a change of the type loses nothing of the backend`() async throws {
        let directory = try TemporaryDirectory()
        let environment = ["GATE": directory.file("gate"), "BACKENDD_STATE_DIRECTORY": directory.file("state")]
        let house = House(
            try await RunningDaemon.start(
                configuration: Self.file(Self.slow()), environment: environment, in: directory))
        #expect(try await house.ctl("config", "merge", "p", "--owner", "me", #"{"stop_timeout": "42s"}"#).status == 0)
        #expect(try await house.ctl("disable", "p").status == 0)
        try await house.start()
        let changed = Self.file(Self.slow("LOCAL"))
        try house.write(changed)
        _ = try await house.reload()
        #expect(try await house.backend().state == .stopping)
        try house.daemon.program.signal(.kill)
        try await house.daemon.program.wait()
        _ = try directory.write("", to: "gate")
        let next = House(
            try await RunningDaemon.start(configuration: changed, environment: environment, in: directory))
        let backend = try await next.backend()
        #expect(backend.type == "LOCAL" && backend.state == .started && !backend.enabled)
        #expect(backend.config?.fields["stop_timeout"]?.kind == .stringValue("42s"))
        #expect(try await next.daemon.stop() == .exited(0))
    }
}
