// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// A daemon with a backend `p`, and its successors in the same directory.
final class SuccessiveDaemons {
    let directory: TemporaryDirectory
    private(set) var daemon: RunningDaemon
    var configuration: String
    private var hasEnded = false

    /// With a backend that runs a script.
    static func configuration(
        _ script: String = "echo up; exec sleep 1000", _ more: String = ""
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

    init(_ configuration: String) async throws {
        self.configuration = configuration
        directory = try TemporaryDirectory()
        daemon = try await RunningDaemon.start(configuration: configuration, in: directory)
    }

    /// Ends the daemon, and starts another one unless `isLast`.
    func succeed(_ signal: Signal = .kill, isLast: Bool = false) async throws {
        if !hasEnded { try daemon.program.signal(signal) }
        try await daemon.program.wait()
        hasEnded = isLast
        if !isLast { daemon = try await RunningDaemon.start(configuration: configuration, in: directory) }
    }

    func start(_ name: String = "p") async throws { try await Self.start(daemon, name) }

    static func start(_ daemon: RunningDaemon, _ name: String = "p") async throws {
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

    /// The only instance of a backend, once it is as wanted.
    func instance(
        _ name: String = "p", where isWanted: (Instance) -> Bool = { _ in true }
    ) async throws -> Instance {
        while true {
            let instances = try await backend(name).instances
            if let instance = instances.first, isWanted(instance) { return instance }
            await Task.yield()
        }
    }

    var runs: [String] { get throws { try Directory(path: directory.file("s.d/instances")).names() } }

    /// The directory of the first run.
    var run: String { get throws { directory.file("s.d/instances/") + (try #require(try runs.first)) } }
}

extension ProcessTable {
    static func isAlive(_ pid: Int32) -> Bool { entry(of: pid).map { !$0.isZombie } ?? false }

    static func waitUntilGone(_ pid: Int32) async {
        while isAlive(pid) { await Task.yield() }
    }
}
