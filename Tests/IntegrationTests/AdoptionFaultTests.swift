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
    ) -> String {
        """
        backends:
          - name: p
            type: PROCESS
            config:
              command: [sh, -c, '\(script)']
              started_after: 10ms
              backoff: 10ms
              \(more)
        """
    }

    private static func isAlive(_ pid: Int32) -> Bool { ProcessTable.entry(of: pid).map { !$0.isZombie } ?? false }

    private static func waitUntilGone(_ pid: Int32) async {
        while isAlive(pid) { await Task.yield() }
    }

    private static func start(_ daemon: RunningDaemon) async throws {
        try await daemon.withClient { client in
            _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "p"))
        }
    }

    private static func instance(
        of daemon: RunningDaemon, in state: InstanceState = .ready, besides pid: Int32 = 0
    ) async throws -> Instance {
        while true {
            let backend = try await daemon.withClient { client in
                try await BackendConfigServiceClient(client).getBackend(GetBackendRequest(name: "p")).backend
            }
            if let instance = backend?.instances.first, instance.state == state, instance.pid != pid { return instance }
            await Task.yield()
        }
    }

    /// Starts the backend, kills the daemon, lets `change` change the directory of the run, and looks what the next daemon has.
    private static func succession(
        _ change: (_ run: borrowing Directory, _ first: Instance) async throws -> Void,
        _ look: (_ first: Instance, _ next: Instance) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let daemon = try await RunningDaemon.start(configuration: configuration(), in: directory)
        try await start(daemon)
        let first = try await instance(of: daemon)
        try daemon.program.signal(.kill)
        try await daemon.program.wait()
        let runs = try Directory(path: directory.file("s.d/instances"))
        try await change(try Directory(path: runs.path + "/" + #require(runs.names().first)), first)
        let successor = try await RunningDaemon.start(configuration: configuration(), in: directory)
        try await look(first, try await instance(of: successor, besides: first.pid))
        #expect(try await successor.stop() == .exited(0))
        #expect(try runs.names().isEmpty)
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
            await Self.waitUntilGone(first.pid)
        }
        #expect(Self.isAlive(bystander.pid))
        try bystander.signal(.kill)
        _ = try await bystander.wait()
    }

    @Test func `an end that has not been does not leave a second server`() async throws {
        try await Self.succession { run, _ in
            try run.replace("exit", by: ShimExit(version: 1, kind: .code(3), cleared: true).encoded())
        } _: { first, next in
            #expect(next.pid != first.pid && !Self.isAlive(first.pid))
        }
    }

    @Test func `the look of another daemon at a lock is not taken for a shim`() async throws {
        let directory = try TemporaryDirectory()
        var other: RunningProgram?
        try await Self.succession { run, first in
            let leader = try #require(ProcessTable.entry(of: first.pid))
            try ProcessTable.signal(#require(ProcessTable.entry(of: leader.parent)), .kill)
            await Self.waitUntilGone(first.pid)
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
        let configuration = Self.configuration(
            script, "working_directory: \(directory.path)\n      stop_timeout: 2s")
        let daemon = try await RunningDaemon.start(configuration: configuration, in: directory)
        try await Self.start(daemon)
        let first = try await Self.instance(of: daemon)
        let stop = Task {
            try? await daemon.withClient { client in
                _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p"))
            }
        }
        _ = try await Self.instance(of: daemon, in: .stopping)
        // The next daemon knows of the stop once it is noted.
        let runs = daemon.directory.file("s.d/instances")
        let run = try #require(try Directory(path: runs).names().first)
        while try !ShimIntent(decoding: File.read(path: "\(runs)/\(run)/intent", limit: 65_536)).isStopping {
            await Task.yield()
        }
        try daemon.program.signal(.kill)
        try await daemon.program.wait()
        await stop.value
        let successor = try await RunningDaemon.start(configuration: configuration, in: directory)
        try await Self.start(successor)
        #expect(try await Self.instance(of: successor).pid != first.pid)
        #expect(!Self.isAlive(first.pid))
        #expect(try File.kind(of: directory.file("doubled")) == .absent)
        #expect(try await successor.stop() == .exited(0))
    }
}
