// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import DaemonTestSupport
import SocketRPC
import Storage
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Disks that are full or read-only, and files that are damaged.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct StateFaultTests {
    private let directory: TemporaryDirectory
    private var place: String { directory.file("state") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func start(_ configuration: String = "backends: [{name: lock, type: LOCAL}]") async throws -> RunningDaemon
    {
        try await RunningDaemon.start(
            configuration: configuration, environment: ["BACKENDD_STATE_DIRECTORY": place], in: directory)
    }

    private func kill(_ daemon: RunningDaemon) async throws {
        try daemon.program.signal(.kill)
        #expect(try await daemon.program.wait() == .signaled(.kill))
    }

    /// The exit code and the words of a daemon that does not start.
    private func refusal(_ configuration: String = "") async throws -> (status: ChildProcess.Status, words: String) {
        let file = try directory.write(configuration, to: "config.yaml")
        let program = try RunningProgram(
            [
                RunningDaemon.executable, "--config", file, "--socket", directory.file("s"), "--state-directory", place,
            ])
        return (try await program.wait(), await program.errors.all().joined())
    }

    private func create(_ name: String, _ client: RPCClient) async throws {
        _ = try await BackendConfigServiceClient(client).createBackend(CreateBackendRequest(name: name, type: "LOCAL"))
    }

    // MARK: Numbers

    /// Starts, takes a lock and is killed; three times.
    private func numbers(
        _ prepare: () throws -> Void = {}
    ) async throws -> [(token: UInt64, sequence: UInt64)] {
        var numbers: [(token: UInt64, sequence: UInt64)] = []
        for _ in 0..<3 {
            try prepare()
            let daemon = try await start()
            numbers.append(
                try await daemon.withClient { client in
                    (try await client.holdingLock(of: "lock") { $0.token }, try await client.info().sequence)
                })
            try await kill(daemon)
        }
        return numbers
    }

    @Test(.enabled { await SmallDisk.isPossible() })
    func `tokens and sequences grow over kills while the disk is full`() async throws {
        try await SmallDisk.with(place, kilobytes: 512) {
            var all = try await numbers()
            all += try await numbers { try SmallDisk.fill(place) }
            for (before, after) in zip(all, all.dropFirst()) {
                #expect(after.token > before.token)
                #expect(after.sequence > before.sequence)
            }
            try SmallDisk.fill(place)
            let daemon = try await start()
            #expect(daemon.errors.lines.contains { $0.contains("the disk is full; make room on it") })
            try File.remove(place + "/filler")
            try await daemon.withClient { try await create("a", $0) }
            try await daemon.stop()
        }
    }

    @Test func `tokens and sequences grow although the state was damaged`() async throws {
        let before = try await numbers()
        try Directory(path: place).openForUpdating("state.db").writeAll(Array("damaged".utf8))
        for (one, other) in zip(before, try await numbers()) {
            #expect(other.token > one.token)
            #expect(other.sequence > one.sequence)
        }
    }

    // MARK: Disks

    @Test(.enabled { await SmallDisk.isPossible() })
    func `a disk without a free inode ends the start with what to do`() async throws {
        try await SmallDisk.with(place, kilobytes: 512, files: 2) {
            let (status, words) = try await refusal()
            #expect(status == .exited(2))
            #expect(words.contains("the disk is full; make room on it"), "\(words)")
        }
    }

    @Test(.enabled { await SmallDisk.isPossible() }, arguments: [true, false])
    func `a read-only disk ends the start with what to do`(isNew: Bool) async throws {
        try await SmallDisk.with(place, kilobytes: 512) {
            if !isNew { try await start().stop() }
            try await SmallDisk.makeReadOnly(place)
            let (status, words) = try await refusal()
            #expect(status == .exited(2))
            #expect(words.contains("\(place): the disk is read-only; mount it for writing; set state_dir"), "\(words)")
        }
    }

    // MARK: Damage

    @Test func `a log that is lost is told, unless all of it was in the database`() async throws {
        let first = try await start()
        try await first.withClient { try await create("a", $0) }
        try await kill(first)
        try File.remove(place + "/state.db-wal")
        let second = try await start()
        let isTold = second.errors.lines.contains { $0.contains("is damaged and is put aside") }
        #expect(try await second.backends() == (isTold ? ["lock"] : ["lock", "a"]))
        try await second.stop()
    }

    @Test func `a damaged state is told even if the start then fails`() async throws {
        try Directory(path: directory.path).makeDirectory("state", mode: 0o700)
        try directory.write(String(repeating: "no database", count: 1000), to: "state/state.db")
        let (status, words) = try await refusal("backends: [{name: a, type: PROCESS}]")
        #expect(status == .exited(2))
        #expect(words.contains("is damaged and is put aside"), "\(words)")
        #expect(try Directory(path: place).names().contains { $0.hasPrefix("state.db.corrupt-") })
    }

    @Test func `a log that is removed while the daemon runs costs nothing`() async throws {
        let daemon = try await start()
        try await daemon.withClient { client in
            try await create("a", client)
            try File.remove(place + "/state.db-wal")
            try await create("b", client)
        }
        try await kill(daemon)
        let next = try await start()
        #expect(try await next.backends() == ["lock", "a", "b"])
        try await next.stop()
    }

    @Test func `a backend that leaves the configuration file takes its routes along`() async throws {
        let first = try await start("backends: [{name: r, type: LOCAL}]")
        try await kill(first)
        let address = try #require(IPAddress("10.0.0.1"))
        let route = LearnedRoute(model: "m", server: HostPort(address, port: 1), address: address)
        do {
            let file = try StateFile(directory: place)
            try file.write([.route(SavedRoute(route: route, configuration: 1), backend: "r")])
        }
        try await start("backends: []").stop()
        #expect(try StateFile(directory: place).saved.routes == [:])
    }
}
