// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import DaemonTestSupport
import SocketRPC
import Storage
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct StateTests {
    private let directory: TemporaryDirectory
    private var place: String { directory.file("state") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func start(_ configuration: String = "backends: []", in place: String? = nil) async throws -> RunningDaemon
    {
        try await RunningDaemon.start(
            configuration: configuration, environment: ["BACKENDD_STATE_DIRECTORY": place ?? self.place], in: directory)
    }

    private func kill(_ daemon: RunningDaemon) async throws {
        try daemon.program.signal(.kill)
        #expect(try await daemon.program.wait() == .signaled(.kill))
    }

    private static func number(_ value: Double) -> GoogleStruct {
        GoogleStruct(fields: ["n": GoogleValue(kind: .numberValue(value))])
    }

    private static func create(_ name: String, _ client: RPCClient, value: Double = 1) async throws {
        _ = try await BackendConfigServiceClient(client).createBackend(
            CreateBackendRequest(name: name, type: "LOCAL", config: number(value)))
    }

    private static func register(
        _ value: Double, on name: String, _ client: RPCClient
    ) async throws -> RegisterConfigResponse {
        try await BackendConfigServiceClient(client).registerConfig(
            RegisterConfigRequest(name: name, owner: "me", config: number(value), includeOrigins: true))
    }

    // MARK: What survives

    @Test func `what was created and configured by calls is the same after kill -9`() async throws {
        let first = try await start()
        let (before, sequence, token) = try await first.withClient { client in
            try await Self.create("a", client)
            _ = try await Self.register(2, on: "a", client)
            let answer = try await BackendConfigServiceClient(client).getBackend(
                GetBackendRequest(name: "a", includeOrigins: true))
            let token = try await client.holdingLock(of: "a") { $0.token }
            return (answer, try await client.info().sequence, token)
        }
        try await kill(first)
        let second = try await start()
        try await second.withClient { client in
            var after = try await BackendConfigServiceClient(client).getBackend(
                GetBackendRequest(name: "a", includeOrigins: true))
            // Its state is that of the new run.
            after.backend?.stateTime = before.backend?.stateTime
            #expect(after == before)
            #expect(try await client.info().sequence > sequence)
            #expect(try await client.holdingLock(of: "a") { $0.token } > token)
        }
        #expect(try await second.stop() == .exited(0))
    }

    @Test func `what was started is started again, but not what the daemon stopped at its end`() async throws {
        func states(_ daemon: RunningDaemon) async throws -> [BackendState] {
            try await daemon.withClient { client in
                try await BackendConfigServiceClient(client).listBackends(ListBackendsRequest()).backends.map(\.state)
            }
        }
        let first = try await start()
        try await first.withClient { client in
            for name in ["a", "b", "c"] { try await Self.create(name, client) }
            for name in ["a", "b"] {
                _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: name))
            }
            _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "b"))
        }
        try await kill(first)
        let second = try await start()
        #expect(try await states(second) == [.started, .stopped, .stopped])
        #expect(try await second.stop() == .exited(0))
        let third = try await start()
        #expect(try await states(third) == [.stopped, .stopped, .stopped])
        try await third.stop()
    }

    @Test func `after an orderly end the sequences go on without a gap`() async throws {
        let first = try await start()
        try await first.withClient { client in try await Self.create("a", client) }
        try await first.stop()
        let second = try await start()
        // One event of each run says that a was created.
        #expect(try await second.info().sequence == 2)
        try await second.stop()
    }

    @Test func `the file keeps its word about its backends, and layers of owners stay`() async throws {
        let first = try await start("backends: [{name: a, type: LOCAL, config: {m: 1}}, {name: b, type: LOCAL}]")
        try await first.withClient { client in
            _ = try await Self.register(5, on: "a", client)
            try await Self.create("c", client)
        }
        try await kill(first)
        let second = try await start("backends: [{name: a, type: LOCAL, config: {m: 2}}]")
        #expect(try await second.backends() == ["a", "c"])
        try await second.withClient { client in
            let a = try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: "a")).backend
            #expect(a?.config?.fields["m"]?.kind == .numberValue(2))
            #expect(a?.config?.fields["n"]?.kind == .numberValue(5))
            #expect(a?.generation == 3)
        }
        #expect(second.errors.lines.contains { $0.contains("is gone") && $0.contains("backend=b") })
        try await second.stop()
    }

    @Test func `a file whose order names a backend of a call starts whether that backend is there or not`() async throws
    {
        let file = "backends: [{name: f, type: LOCAL, after: [r]}]"
        let first = try await start()
        try await first.withClient { client in try await Self.create("r", client) }
        try await first.stop()
        let second = try await start(file)
        #expect(try await second.backends() == ["f", "r"])
        try await second.withClient { client in
            _ = try await BackendConfigServiceClient(client).deleteBackend(DeleteBackendRequest(name: "r"))
        }
        try await kill(second)
        let third = try await start(file)
        #expect(try await third.backends() == ["f"])
        #expect(third.errors.lines.contains { $0.contains("after names \\\"r\\\"") && $0.contains("backend=f") })
        try await third.stop()
    }

    @Test func `a saved backend that closes a cycle with the file is created without that order`() async throws {
        let first = try await start("backends: [{name: f, type: LOCAL}]")
        try await first.withClient { client in
            _ = try await BackendConfigServiceClient(client).createBackend(
                CreateBackendRequest(name: "pr", type: "LOCAL", after: ["f"]))
            _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "pr"))
        }
        try await kill(first)
        let second = try await start("backends: [{name: f, type: LOCAL, after: [pr]}]")
        try await second.withClient { client in
            let pr = try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: "pr")).backend
            #expect(pr?.state == .started && pr?.after == [])
        }
        #expect(second.errors.lines.contains { $0.contains("the configuration file says the opposite") })
        try await second.stop()
    }

    // MARK: Refusals

    @Test func `two daemons never share a state`() async throws {
        let first = try await start()
        let second = try RunningProgram(
            [RunningDaemon.executable, "--socket", directory.file("other"), "--state-directory", place])
        #expect(try await second.wait() == .exited(3))
        let words = await second.errors.all().joined()
        #expect(words.contains("another daemon keeps its state there; stop it, or set state_directory"), "\(words)")
        try await first.stop()
    }

    @Test func `a directory that cannot be used ends the start with the key to set`() async throws {
        let file = try directory.write("", to: "file")
        let program = try RunningProgram(
            [RunningDaemon.executable, "--socket", directory.file("s"), "--state-directory", file + "/state"])
        #expect(try await program.wait() == .exited(2))
        let words = await program.errors.all().joined()
        #expect(words.contains("set state_directory to a directory that can be used, or to none"), "\(words)")
    }

    @Test func `the state of a later version is refused`() async throws {
        do {
            let later = StateSchema(steps: StateSchema.current.steps + [["CREATE TABLE more (x)"]])
            _ = try StateFile(directory: place, schema: later)
        }
        let program = try RunningProgram(
            [RunningDaemon.executable, "--socket", directory.file("s"), "--state-directory", place])
        #expect(try await program.wait() == .exited(2))
        #expect(await program.errors.all().joined().contains("a later version of backendd made it"))
    }

    @Test func `a damaged state is put aside, and the daemon serves what its file says`() async throws {
        try Directory(path: directory.path).makeDirectory("state", mode: 0o700)
        try directory.write(String(repeating: "no database", count: 1000), to: "state/state.db")
        let daemon = try await start("backends: [{name: a, type: LOCAL}]")
        #expect(try await daemon.backends() == ["a"])
        let line = daemon.errors.lines.first { $0.contains("is damaged and is put aside") }
        #expect(line?.contains("level=error") == true)
        #expect(line?.contains("state.db.corrupt-") == true)
        try await daemon.stop()
    }

    // MARK: Faults

    @Test func `a change that the disk does not take is told, and saved once it does`() async throws {
        let daemon = try await start()
        try await daemon.withClient { client in
            try await Self.create("before", client)
            try await TestProcess.limitFileSize(of: daemon.pid, to: 1)
            let error = await #expect(throws: RPCStatus.self) { () async throws in
                try await Self.create("during", client)
            }
            #expect(error?.reason == "STATE_NOT_SAVED")
            #expect(error?.message.contains("limit on file sizes") == true, "\(String(describing: error?.message))")
            try await TestProcess.limitFileSize(of: daemon.pid, to: nil)
            try await Self.create("after", client)
        }
        try await kill(daemon)
        let next = try await start()
        #expect(try await next.backends() == ["before", "during", "after"])
        try await next.stop()
    }

    // MARK: Crash points

    /// What one client knows of its backends.
    private struct Model: Sendable {
        struct Backend: Equatable, Sendable {
            var value: Double
            var generation: UInt64
            var isStarted = false
        }

        /// What one call does to a backend.
        private enum Act { case create, register, delete, start, stop }

        let prefix: String
        /// The number of calls: a value that no other call has.
        var calls = 0
        var backends: [String: Backend] = [:]
        /// A call without an answer: it may have had its effect.
        var unsure: (name: String, before: Backend?, after: Backend?)?

        /// Makes one random call.
        mutating func act(_ client: RPCClient, _ random: inout SeededGenerator) async throws {
            let name = "\(prefix)-\(Int.random(in: 0..<3, using: &random))"
            let before = backends[name]
            calls += 1
            let value = Double(calls)
            let act = Self.act(on: before, &random)
            var after = before ?? Backend(value: value, generation: 1)
            switch act {
            case .create, .delete: break
            case .register: (after.value, after.generation) = (value, after.generation + 1)
            case .start: after.isStarted = true
            case .stop: after.isStarted = false
            }
            unsure = (name, before, act == .delete ? nil : after)
            switch act {
            case .create: try await StateTests.create(name, client, value: value)
            case .register: _ = try await StateTests.register(value, on: name, client)
            case .delete:
                _ = try await BackendConfigServiceClient(client).deleteBackend(DeleteBackendRequest(name: name))
            case .start: _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: name))
            case .stop: _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: name))
            }
            backends[name] = act == .delete ? nil : after
            unsure = nil
        }

        /// Only a stopped backend is configured or deleted.
        private static func act(on backend: Backend?, _ random: inout SeededGenerator) -> Act {
            guard let backend else { return .create }
            if backend.isStarted { return .stop }
            return [.register, .register, .delete, .start].randomElement(using: &random) ?? .register
        }

        /// Compares with what a daemon has, and takes over what became of the call without an answer.
        mutating func compare(_ found: [String: Backend], round: Int) {
            let found = found.filter { $0.key.hasPrefix(prefix) }
            if let unsure {
                let actual = found[unsure.name]
                #expect(actual == unsure.before || actual == unsure.after, "round \(round): \(unsure)")
                backends[unsure.name] = actual
            }
            unsure = nil
            #expect(found == backends, "round \(round)")
        }
    }

    /// `BACKENDD_TEST_ROUNDS` asks for more.
    private static let rounds = Environment.get("BACKENDD_TEST_ROUNDS").flatMap { Int($0) } ?? 25

    @Test func `no acknowledged change is lost and none is half done, wherever the daemon is killed`() async throws {
        var models = (0..<4).map { Model(prefix: "c\($0)") }
        var random = SeededGenerator(seed: 12)
        var (sequence, token): (UInt64, UInt64) = (0, 0)
        for round in 0..<Self.rounds {
            let daemon = try await start("backends: [{name: lock, type: LOCAL}]")
            (sequence, token) = try await daemon.withClient { client in
                let newest = try await client.info().sequence
                #expect(newest > sequence, "round \(round)")
                let next = try await client.holdingLock(of: "lock") { $0.token }
                #expect(next > token, "round \(round)")
                let page = try await BackendConfigServiceClient(client).listBackends(ListBackendsRequest())
                let found = page.backends.map { backend in
                    guard case .numberValue(let value) = backend.config?.fields["n"]?.kind else {
                        return (backend.name, Model.Backend(value: -1, generation: 0))
                    }
                    let found = Model.Backend(
                        value: value, generation: backend.generation, isStarted: backend.state == .started)
                    return (backend.name, found)
                }
                for index in models.indices {
                    models[index].compare(Dictionary(uniqueKeysWithValues: found), round: round)
                }
                return (newest, next)
            }
            models = try await killed(
                daemon, models, afterCalls: Int.random(in: 1..<60, using: &random), seed: round,
                afterReply: round % 2 == 0)
            #expect(try await daemon.program.wait() == .signaled(.kill))
        }
    }

    /// Kills a daemon at the last of some calls.
    private final class Trigger: Sendable {
        private let daemon: RunningDaemon
        private let left: Guarded<Int>

        init(_ daemon: RunningDaemon, afterCalls count: Int) {
            self.daemon = daemon
            left = Guarded(count)
        }

        func count() {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            // It may have ended before.
            if isLast { try? daemon.program.signal(.kill) }
        }
    }

    /// Lets each client make calls until the daemon is killed: right after a reply, or while calls are under way.
    private func killed(
        _ daemon: RunningDaemon, _ models: [Model], afterCalls limit: Int, seed: Int, afterReply: Bool
    ) async throws -> [Model] {
        let trigger = Trigger(daemon, afterCalls: limit)
        return try await withThrowingTaskGroup(of: Model.self) { group in
            for (index, model) in models.enumerated() {
                group.addTask {
                    var (model, random) = (model, SeededGenerator(seed: seed * 4000 + index * 1000))
                    try await daemon.withClient { client in
                        do {
                            while true {
                                if !afterReply { Task { trigger.count() } }
                                try await model.act(client, &random)
                                if afterReply { trigger.count() }
                            }
                        } catch let status as RPCStatus {
                            // It is gone.
                            #expect(status.code == .unavailable, "\(status)")
                        }
                    }
                    return model
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }.sorted { $0.prefix < $1.prefix }
    }
}
