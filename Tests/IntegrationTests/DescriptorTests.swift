// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What a daemon does that has no descriptors left.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct DescriptorTests {
    private static let configuration = """
        backends:
          - name: p
            type: PROCESS
            config:
              command: [sh, -c, "echo hello; exec sleep 1000", "${SOCKET}"]
              stop_timeout: 5s
              probes: {startup: {exec: {command: ["true"]}, listener: any}}
          - {name: l, type: LOCAL, config: {a: 1}}
        """

    @Test(arguments: 0...8 as ClosedRange<UInt>)
    func `with few descriptors left each call works or says what is missing`(free: UInt) async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        let limit = try TestProcess.descriptorLimit(of: daemon.pid)
        try await daemon.withClient { client in
            while try await client.info().connections != 1 {}
            try await TestProcess.leaveDescriptors(free, to: daemon.pid)
            for (name, call) in Self.calls {
                guard let status = await Self.failure(of: call, client) else { continue }
                #expect(Self.tellsOfDescriptors(status), "\(name), \(free) free: \(status)")
            }
            try daemon.program.signal(.hangup)
            // It says whether it could read the file.
            #expect(await daemon.errors.line { $0.contains("reloaded") } != nil)
            try await TestProcess.limitDescriptors(of: daemon.pid, to: limit)
            for (name, call) in Self.calls {
                let status = await Self.failure(of: call, client)
                #expect(status == nil, "\(name): \(String(describing: status))")
            }
        }
        #expect(try await daemon.info().pid == daemon.pid)
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test func `a process is ended and its end is seen without a descriptor`() async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        let limit = try TestProcess.descriptorLimit(of: daemon.pid)
        try await daemon.withClient { client in
            let start = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "p"))
            #expect(start.backend?.state == .started)
            let backend = try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: "p")).backend
            let pid = try #require(backend?.instances.first?.pid)
            try await TestProcess.leaveDescriptors(0, to: daemon.pid)
            let stop = Task { try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p")) }
            while ProcessTable.entry(of: pid).map({ !$0.isZombie }) ?? false { await Task.yield() }
            try await TestProcess.limitDescriptors(of: daemon.pid, to: limit)
            _ = try await stop.value
            #expect(ProcessTable.entry(of: pid) == nil)
        }
        #expect(try await daemon.stop() == .exited(0))
    }

    /// Threads and timers of the concurrency runtime are made when they are first used, which ends a process that has no descriptor left.
    @Test func `all tasks and timers are those of the daemon's own threads`() async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        // A probe, the patience with a command and the end of a tree all wait for a time.
        for (name, call) in Self.calls {
            try await daemon.withClient { client in
                let status = await Self.failure(of: call, client)
                #expect(status == nil, "\(name): \(String(describing: status))")
            }
        }
        let directory = "/proc/\(daemon.pid)/fdinfo"
        let timers = try Directory(path: directory).names().filter { name in
            guard let bytes = try? File.read(path: "\(directory)/\(name)", limit: 1 << 16) else { return false }
            return String(decoding: bytes, as: UTF8.self).contains("clockid:")
        }
        #expect(timers == [])
        let tasks = "/proc/\(daemon.pid)/task"
        let threads = try Directory(path: tasks).names().map { thread in
            String(decoding: try File.read(path: "\(tasks)/\(thread)/comm", limit: 64), as: UTF8.self)
        }
        #expect(threads.count >= 3 && threads.allSatisfy { !$0.contains("qos") }, "\(threads)")
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test func `a backend starts while connections take all the room there is for them`() async throws {
        let directory = try TemporaryDirectory()
        let (path, file) = (directory.file("s"), try directory.write(Self.configuration, to: "config.yaml"))
        let script = #"ulimit -n 64; exec "$0" --socket "$1" --config "$2""#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file])
        #expect(await program.errors.line { $0.contains("msg=listening") } != nil)
        let client = try RPCClient(path: path)
        #expect(try await client.info().pid == program.pid)
        // Both those that are served and those that are kept to be told that they are too many.
        let idle = try (0..<100).map { _ in try RawPeer(path: path) }
        for _ in 0..<20 { _ = try await client.info() }
        #expect(try await client.info().connections > 4)
        for (name, call) in Self.calls {
            let status = await Self.failure(of: call, client)
            #expect(status == nil, "\(name): \(String(describing: status))")
        }
        withExtendedLifetime(idle) {}
        await client.close()
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    @Test(arguments: [12, 20, 63])
    func `a limit that leaves no room is told at the start`(limit: Int) async throws {
        let directory = try TemporaryDirectory()
        let script = #"ulimit -n \#(limit); exec "$0" --socket "$1""#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, directory.file("s")])
        #expect(try await program.wait() == .exited(1))
        let words = await program.errors.all().joined()
        #expect(words.contains("(ulimit -n) is \(limit), and at least 64 are needed"), "\(words)")
    }

    @Test func `what the daemon starts has the limit that the daemon was started with`() async throws {
        let directory = try TemporaryDirectory()
        let (path, places) = (directory.file("s"), ["instance", "probe", "model", "stop"])
        func told(_ place: String) -> String { "ulimit -Sn >\(directory.file(place))" }
        let file = try directory.write(
            """
            backends:
              - name: p
                type: PROCESS
                config:
                  command: [sh, -c, "\(told("instance")); exec sleep 1000", "${SOCKET}"]
                  stop_command: [sh, -c, "\(told("stop")); kill $BACKENDD_PID"]
                  probes: {startup: {exec: {command: [sh, -c, "\(told("probe"))"]}, listener: any}}
              - name: m
                type: PROCESS
                config:
                  scope: model
                  models: [x]
                  command: [sh, -c, "\(told("model")); exec sleep 1000", "${SOCKET}"]
                  probes: {startup: {exec: {command: ["true"]}, listener: any}}
            """, to: "config.yaml")
        let script = #"ulimit -Sn 123; exec "$0" --socket "$1" --config "$2""#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file])
        #expect(await program.errors.line { $0.contains("msg=listening") } != nil)
        let own = try TestProcess.descriptorLimit(of: program.pid)
        #expect(try #require(own) > 123)
        let client = try RPCClient(path: path)
        _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "p"))
        _ = try await ModelServiceClient(client).loadModel(LoadModelRequest(modelID: "x", autoStart: true))
        _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p"))
        for place in places {
            let text = String(decoding: try File.read(path: directory.file(place), limit: 100), as: UTF8.self)
            #expect(text == "123\n", "\(place)")
        }
        await client.close()
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    // MARK: Calls

    private typealias Call = @Sendable (RPCClient) async throws -> Void

    /// What people do, ending as it began.
    private static let calls: [(String, Call)] = [
        ("start", { _ = try await LifecycleServiceClient($0).startBackend(StartBackendRequest(name: "p")) }),
        ("get", { _ = try await BackendConfigServiceClient($0).getBackend(GetBackendRequest(name: "p")) }),
        (
            "resolve",
            { client in
                let request = ResolveModelRequest(modelID: "p", waitReady: true, autoStart: true)
                _ = try await ModelServiceClient(client).resolveModel(request)
            }
        ),
        (
            "use",
            { client in
                let request = UseModelRequest(modelID: "p", autoStart: true, wait: GoogleDuration(.seconds(60)))
                try await ModelServiceClient(client).useModel { stream in
                    try await stream.send(request)
                    _ = try await stream.next()
                    try await stream.finishSending()
                    while try await stream.next() != nil {}
                }
            }
        ),
        (
            "watch",
            { client in
                try await ObserveServiceClient(client).watchBackends(WatchBackendsRequest()) { _ = try await $0.next() }
            }
        ),
        (
            "logs",
            { client in
                do {
                    try await ObserveServiceClient(client).readLogs(ReadLogsRequest(backend: "p")) { stream in
                        while try await stream.next() != nil {}
                    }
                } catch let status as RPCStatus where status.reason == "LOGS_NOT_FOUND" {}
            }
        ),
        (
            "context",
            { client in
                let context = RuntimeContext(source: .grpc(GRPCContext(method: "/a.B/C")))
                let request = HandleRuntimeContextRequest(modelID: "p", context: context)
                _ = try await RuntimeContextServiceClient(client).handleRuntimeContext(request)
            }
        ),
        (
            "configuration",
            { client in
                let request = RegisterConfigRequest(name: "l", owner: "test", config: GoogleStruct())
                _ = try await BackendConfigServiceClient(client).registerConfig(request)
            }
        ),
        ("stop", { _ = try await LifecycleServiceClient($0).stopBackend(StopBackendRequest(name: "p")) }),
    ]

    private static func tellsOfDescriptors(_ status: RPCStatus) -> Bool {
        switch (status.code, status.reason) {
        case (.resourceExhausted, "NO_DESCRIPTOR"): status.message.contains("Too many open files")
        // A backend that could not be started is told of with the reason.
        case (_, "BACKEND_FAILED"): status.message.contains("Too many open files")
        // A client leaves the connection on which it has given up a call, and the daemon may use its descriptor before the next one comes.
        case (.resourceExhausted, "TOO_MANY_CONNECTIONS"): status.message.contains("no descriptor left")
        default: false
        }
    }

    private static func failure(of call: Call, _ client: RPCClient) async -> RPCStatus? {
        do {
            try await call(client)
            return nil
        } catch {
            return error as? RPCStatus ?? RPCStatus(.unknown, reason: "UNKNOWN", "\(error)")
        }
    }
}
