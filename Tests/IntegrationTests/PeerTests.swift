// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

/// Programs on other people's libraries, in other languages, against the programs of this build.
@Suite(
    .tags(.blocking),
    .enabled(if: Peers.directory != nil, "BACKENDD_TEST_PEERS names no directory that tools/test-environment has made"),
    .timeLimit(.minutes(5)))
struct PeerTests {
    @Test func `containerd's Go client lives through the life of a backend`() async throws {
        let daemon = try await RunningDaemon.start()
        try await Peers.run([try Peers.go(), daemon.path, "daemon"])
        try await daemon.stop()
    }

    @Test func `containerd's Go client passes the unary interoperability cases`() async throws {
        try await Peers.withInteropServer { path in
            try await Peers.run([try Peers.go(), path, "interop"])
        }
    }

    @Test func `a Python client lives through the life of a backend, its lock and its events`() async throws {
        let daemon = try await RunningDaemon.start()
        try await Peers.runPython("daemon.py", ["--socket", daemon.path, "--contract", Peers.contract()])
        try await daemon.stop()
    }

    @Test func `a Python client passes the interoperability cases of every kind of call`() async throws {
        try await Peers.withInteropServer { path in
            try await Peers.runPython("interop.py", ["--socket", path, "--contract", Peers.contract()])
        }
    }

    @Test func `grpcio lives through the life of a backend, and follows its health and the reflection`() async throws {
        let daemon = try await RunningDaemon.start()
        try await Peers.runPython("grpc_daemon.py", ["--socket", daemon.path, "--contract", Peers.contract()])
        try await daemon.stop()
    }

    @Test func `grpcio passes gRPC's interoperability cases`() async throws {
        try await Peers.withInteropServer { path in
            try await Peers.runPython("grpc_interop.py", ["--socket", path, "--contract", Peers.contract()])
        }
    }

    @Test func `grpc-c++ passes gRPC's interoperability cases, and sees what is compressed`() async throws {
        try await Peers.withInteropServer { path in
            try await Peers.run([try Peers.grpcCpp(), path])
        }
    }

    @Test func `the Python of the README creates, starts and watches a backend`() async throws {
        let daemon = try await RunningDaemon.start()
        let lines = try await Peers.runPython("readme.py", ["--socket", daemon.path])
        #expect(lines.contains { $0.contains("granite") })
        #expect(lines.contains { $0.contains("BACKEND_STATE_STARTED") })
        try await daemon.stop()
    }

    @Test func `nghttp gets an HTTP answer when it asks for a page`() async throws {
        try await Peers.withInteropServer { path in
            let lines = try await Peers.runPython(
                "bridge.py", ["--socket", path, "--", "nghttp", "-v", "http://127.0.0.1:PORT/"])
            #expect(lines.contains { $0.contains(":status: 405") })
            #expect(lines.contains { $0.contains("[SETTINGS_MAX_CONCURRENT_STREAMS(0x03):1024]") })
        }
    }

    @Test func `h2load's calls are all answered`() async throws {
        try await Peers.withInteropServer { path in
            let directory = try TemporaryDirectory()
            // A message of no bytes: its flag and its length.
            let body = try directory.write("\0\0\0\0\0", to: "body")
            let lines = try await Peers.run([
                "h2load", "-B", "unix:" + path, "-n", "20000", "-c", "50", "-m", "20", "-d", body,
                "-H", "content-type: application/grpc", "-H", "te: trailers",
                "http://localhost/grpc.testing.TestService/EmptyCall",
            ])
            #expect(
                lines.contains { $0.hasPrefix("requests: ") && $0.contains("20000 succeeded, 0 failed, 0 errored") })
        }
    }

    @Test func `real gRPC and HTTP servers send the contexts of real requests`() async throws {
        let daemon = try await RunningDaemon.start(
            configuration: """
                backends:
                  - {name: first, type: LOCAL}
                  - {name: second, type: LOCAL}
                """)
        let lines = try await Peers.runPython(
            "real_contexts.py", ["--socket", daemon.path, "--contract", Peers.contract()])
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.contains("CONTEXT_OUTCOME_IGNORED") })
        try await daemon.stop()
    }
}
