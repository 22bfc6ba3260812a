// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
internal import ConfigDocument
import DaemonTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct BackenddSignalTests {
    @Test(arguments: [Signal.terminate, .interrupt])
    func `a signal drains: locks are kept until they are let go, and it ends with 0`(signal: Signal) async throws {
        let daemon = try await RunningDaemon.start()
        try await daemon.withClient { client in
            let watch = WatchBackendsRequest()
            try await ObserveServiceClient(client).watchBackends(watch) { events in
                _ = try await events.next()
                _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "local"))
                try await client.holdingLock(of: "local") { lock in
                    try daemon.program.signal(signal)
                    _ = await daemon.errors.line { $0.contains("msg=draining") }
                    let late = await #expect(throws: RPCStatus.self) { try await daemon.info() }
                    #expect(late?.code == .unavailable)
                    #expect(late?.reason == "SERVER_DRAINING")
                    try await lock.release()
                }
                // The running call hears of the end of its backend, and ends well.
                var states: [BackendState] = []
                while let message = try await events.next() {
                    for case .change(let change) in ([message] + message.following).map(\.event) {
                        states.append(change.newState)
                    }
                }
                #expect(states == [.starting, .started, .stopping, .stopped])
            }
        }
        #expect(try await daemon.program.wait() == .exited(0))
        #expect(try File.kind(of: daemon.path) == .absent)
        let lines = await daemon.errors.all()
        #expect(lines.contains { $0.contains("msg=draining") })
        #expect(lines.last?.contains("msg=stopped") == true)
    }

    @Test func `a daemon whose log has no reader continues, and ends its processes with it`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let configuration =
            "backends: [{name: a, type: PROCESS, config: {command: [sh, -c, 'exec sleep 1000', '${SOCKET}']}}]"
        let (path, file) = (directory.file("s"), try directory.write(configuration, to: "config.yaml"))
        // Ends with the word that the daemon listens.
        let script = #"{ "$0" --socket "$1" --config "$2" 2>&1; echo "ended with $?" >&2; } | sed '/listening/q'"#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file])
        #expect(await program.output.line { $0.contains("listening") } != nil)
        func backendctl(_ arguments: String...) async throws -> CommandRun {
            try await Backendctl.run(arguments, environment: ["BACKENDD_SOCKET": path])
        }
        #expect(try await backendctl("create", "b", "--type", "LOCAL").status == 0)
        #expect(try await backendctl("start", "b").status == 0)
        let start = try RunningProgram([Backendctl.executable, "--socket", path, "start", "a"])
        var child: Int32?
        while child == nil {
            let instances = try await backendctl("get", "a", "-o", "json").json["instances"]?.listValue
            child = instances?.first?["pid"]?.integerValue.map { Int32($0) }
        }
        let daemon = Int32(try await backendctl("info", "-o", "json").json["pid"]?.integerValue ?? 0)
        try ProcessTable.signal(try #require(ProcessTable.entry(of: daemon)), .terminate)
        #expect(await program.errors.line { $0.hasPrefix("ended") } == "ended with 0")
        #expect(ProcessTable.entry(of: try #require(child)) == nil)
        #expect(try await start.wait() != .exited(0))
    }

    @Test(arguments: [["s"], ["s.lock"], ["s", "s.lock"]])
    func `a socket or lock file that is removed is made again`(files: [String]) async throws {
        let daemon = try await RunningDaemon.start()
        for file in files { try File.remove(daemon.directory.file(file)) }
        #expect(await daemon.errors.line { $0.contains("made again") } != nil)
        // Each is looked at when its own removal is told.
        while try File.kind(of: daemon.path + ".lock") != .regular { await Task.yield() }
        #expect(try await daemon.info().pid == daemon.pid)
        #expect(try await daemon.stop() == .exited(0))
        #expect(try File.kind(of: daemon.path) == .absent)
    }

    @Test func `a daemon that lost its path to another one says so, and leaves the other's socket alone`() async throws
    {
        let directory = try TemporaryDirectory()
        let first = try await RunningDaemon.start(in: directory)
        try first.program.signal(.stop)
        while try !Self.isStopped(first.pid) { await Task.yield() }
        try File.remove(first.path)
        try File.remove(first.path + ".lock")
        let second = try await RunningDaemon.start(in: directory)
        try first.program.signal(.continue)
        #expect(await first.errors.line { $0.contains("cannot be made again") && $0.contains("another daemon") } != nil)
        #expect(try await first.stop() == .exited(0))
        #expect(try await second.info().pid == second.pid)
        #expect(try await second.stop() == .exited(0))
    }

    @Test(arguments: 1...5)
    func `each call that was sent before the end is answered, and none is reset`(round: Int) async throws {
        let daemon = try await RunningDaemon.start()
        let calls = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let peer = WirePeer(try RawPeer(path: daemon.path))
                    for number: UInt32 in 0... {
                        do {
                            try await peer.send(
                                WirePeer.request(
                                    2 * number + 1, "GetServerInfo", service: "backends.v1.ObserveService"))
                        } catch {
                            // It was not taken, so it did not run.
                            return
                        }
                        let answer = try await peer.receive()
                        calls.increment()
                        if let status = answer.status { #expect(status.reason == "SERVER_DRAINING") }
                    }
                }
            }
            while calls.value < 60 { await Task.yield() }
            try daemon.program.signal(.terminate)
            try await group.waitForAll()
        }
        #expect(try await daemon.program.wait() == .exited(0))
    }

    @Test func `while a call runs on after the signal, a new one is refused`() async throws {
        let daemon = try await RunningDaemon.start(configuration: "grace: 10m")
        try await daemon.withClient { client in
            try await RuntimeContextServiceClient(client).streamRuntimeContexts { stream in
                try await stream.exchange(1)
                try daemon.program.signal(.terminate)
                _ = await daemon.errors.line { $0.contains("msg=draining") }
                let refused = await Self.firstRefusal { _ = try await client.info() }
                #expect(refused == .unavailable)
                try await stream.exchange(2)
                try await stream.finishSending()
                #expect(try await stream.next() == nil)
            }
        }
        #expect(try await daemon.program.wait() == .exited(0))
    }

    @Test func `a second signal ends it at once, whatever runs`() async throws {
        let daemon = try await RunningDaemon.start(configuration: "grace: 1h")
        try await daemon.withClient { client in
            try await RuntimeContextServiceClient(client).streamRuntimeContexts { stream in
                try await stream.exchange(1)
                try daemon.program.signal(.terminate)
                _ = await daemon.errors.line { $0.contains("msg=draining") }
                try daemon.program.signal(.terminate)
                let error = await #expect(throws: RPCStatus.self) { try await stream.next() }
                #expect(error?.code == .unavailable)
            }
        }
        #expect(try await daemon.program.wait() == .exited(0))
    }

    @Test func `a second signal ends processes at once that do not end by themselves`() async throws {
        let daemon = try await RunningDaemon.start(
            configuration:
                "grace: 1h\nbackends: [{name: a, type: FAULTY, config: {ignore_term: true, stop_timeout: 1h}}]")
        let ctl = Backendctl(daemon: daemon)
        #expect(try await ctl("start", "a").status == 0)
        let instances = try await ctl("get", "a", "-o", "json").json["instances"]?.listValue
        let child = try #require(instances?.first?["pid"]?.integerValue.map { Int32($0) })
        try daemon.program.signal(.terminate)
        _ = await daemon.errors.line { $0.contains("msg=draining") }
        #expect(try await ctl("list").error.contains("SERVER_DRAINING"))
        try daemon.program.signal(.terminate)
        #expect(try await daemon.program.wait() == .exited(0))
        #expect(ProcessTable.entry(of: child) == nil)
    }

    @Test func `a command that uses a model runs to its end while the daemon drains`() async throws {
        let daemon = try await RunningDaemon.start(
            configuration: "backends: [{name: a, type: FAULTY, config: {models: [m]}}]")
        let ctl = Backendctl(daemon: daemon)
        let used = try await ctl(
            "use", "m", "--", "sh", "-c",
            "kill -TERM $0; until backendctl list 2>&1 | grep DRAINING; do :; done; echo used",
            String(daemon.pid), environment: ["PATH": RunningProgram.directory + ":/usr/bin:/bin"])
        #expect(used.status == 0)
        #expect(used.output.hasSuffix("used\n"))
        #expect(try await daemon.program.wait() == .exited(0))
    }

    @Test func `what is not done after the grace is ended`() async throws {
        let daemon = try await RunningDaemon.start(configuration: "grace: 10ms")
        try await daemon.withClient { client in
            try await RuntimeContextServiceClient(client).streamRuntimeContexts { stream in
                try await stream.exchange(1)
                try daemon.program.signal(.terminate)
                let error = await #expect(throws: RPCStatus.self) { try await stream.next() }
                #expect(error?.code == .unavailable)
            }
        }
        #expect(try await daemon.program.wait() == .exited(0))
    }

    @Test func `signals without a meaning are ignored`() async throws {
        let daemon = try await RunningDaemon.start()
        for signal in Signal.withoutMeaning {
            try daemon.program.signal(signal)
            let pid = try? await daemon.info().pid
            #expect(pid == daemon.pid, "\(signal)")
        }
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test func `the service manager is told of the start, of a reload and of the end`() async throws {
        let directory = try TemporaryDirectory()
        let receiver = try DatagramReceiver(address: directory.file("notify"))
        let daemon = try await RunningDaemon.start(environment: ["NOTIFY_SOCKET": directory.file("notify")])
        #expect(try await onThread { try receiver.receive() }.split(separator: "\n").contains("READY=1"))
        try daemon.program.signal(.hangup)
        let reloading = try await onThread { try receiver.receive() }.split(separator: "\n")
        #expect(reloading.first == "RELOADING=1" && reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(try await onThread { try receiver.receive() } == "READY=1")
        try await daemon.stop()
        #expect(try await onThread { try receiver.receive() }.split(separator: "\n").contains("STOPPING=1"))
    }

    @Test func `it serves the socket that a service manager hands over, and does not remove it`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try UnixSocket.listen(path: path)
        // The descriptor becomes number 3 and the shell's pid is the daemon's.
        let script = "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\""
        let program = try RunningProgram(
            ["/bin/bash", "-c", script, RunningDaemon.executable], input: .descriptor(listener.rawValue))
        _ = await program.errors.line { $0.contains("listening") }
        let client = try RPCClient(path: path)
        #expect(try await client.info().pid == program.pid)
        await client.close()
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
        #expect(try File.kind(of: path) == .socket)
    }

    /// Whether every thread of a process has stopped; the signal reaches them one by one.
    private static func isStopped(_ pid: Int32) throws -> Bool {
        try Directory(path: "/proc/\(pid)/task").names().allSatisfy { thread in
            let bytes = try File.read(path: "/proc/\(pid)/task/\(thread)/stat", limit: 4096)
            return String(decoding: bytes, as: UTF8.self).contains(") T ")
        }
    }

    /// The code of the first call that fails: a call may still slip in before the drain has reached the connection.
    private static func firstRefusal(_ call: () async throws -> Void) async -> RPCStatus.Code? {
        for _ in 0..<100_000 {
            do {
                try await call()
            } catch {
                return (error as? RPCStatus)?.code
            }
        }
        return nil
    }
}

extension ClientStream<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse> {
    /// Sends a context and waits for its answer.
    fileprivate func exchange(_ id: UInt64) async throws {
        let context = RuntimeContext(source: .grpc(GRPCContext(method: "/a.B/C")))
        try await send(
            StreamRuntimeContextsRequest(id: id, request: HandleRuntimeContextRequest(context: context)))
        let answer = try await next()
        #expect(answer?.id == id)
    }
}
