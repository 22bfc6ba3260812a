// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing

/// An instance that stops listening while its process lives on.
@Suite("PROCESS listeners", .tags(.blocking), .timeLimit(.minutes(5)))
struct ListenerLossTests {
    /// Listens at a given port, also beside other processes; closes at SIGUSR1, and listens again at SIGUSR2.
    private static let server = """
        import signal, socket, sys
        wanted = {signal.SIGUSR1, signal.SIGUSR2}
        signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
        def listening():
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            s.bind(('127.0.0.1', int(sys.argv[1])))
            s.listen(1024)
            print('up', flush=True)
            return s
        s = listening()
        while True:
            if signal.sigwait(wanted) == signal.SIGUSR1:
                s.close()
            else:
                s = listening()
        """

    private static func withServer(_ probes: ConfigValue, _ body: (ProcessFixture, UInt16) async throws -> Void)
        async throws
    {
        try await withSupervision { supervision, directory in
            let backend = ProcessBackend(name: "b", supervision: supervision) { configuration throws(BackendError) in
                var settings = try ProcessSettings(configuration: configuration, of: "b")
                settings.listenerPeriod = .milliseconds(10)
                return settings
            }
            let fixture = ProcessFixture(.process(on: supervision), supervision, directory, backend)
            let result: Result<Void, any Error>
            do {
                try await fixture.start(["command": ["python3", "-c", .string(server), "${PORT}"], "probes": probes])
                let address = try #require(fixture.backend.instances().first?.address)
                let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
                result = .success(try await body(fixture, port))
            } catch {
                result = .failure(error)
            }
            try await backend.stop()
            try result.get()
        }
    }

    private static func send(_ signal: Signal, to fixture: ProcessFixture) async throws {
        let pid = try #require(fixture.pid)
        #expect(try await RunningProgram(["kill", "-\(signal.rawValue)", "\(pid)"]).wait() == .exited(0))
    }

    @Test func `an instance that listens no more is not ready until it does again`() async throws {
        try await Self.withServer([:]) { fixture, _ in
            try await Self.send(Signal(rawValue: 10), to: fixture)
            await fixture.told("b READY UNREADY READINESS_FAILED")
            guard case .unavailable = fixture.backend.offer(of: "b") else {
                Issue.record("it is handed out")
                return
            }
            let failure = try #require(fixture.backend.instances().first?.failure)
            #expect(failure.message.contains("no process listens at port"), "\(failure.message)")
            try await Self.send(Signal(rawValue: 12), to: fixture)
            await fixture.told("b UNREADY READY")
        }
    }

    /// Probes that do not connect to the address, and succeed whichever process listens there.
    private static let elsewhere: ConfigValue = [
        "startup": ["exec": ["command": ["true"]], "period": "10ms"],
        "readiness": ["exec": ["command": ["true"]], "period": "10ms", "failures": 1],
    ]

    @Test(
        arguments: [
            ["exec": ["command": ["true"]], "period": "10ms"],
            ["log_line": ["pattern": "beginning"], "period": "10ms"],
        ]
            as [ConfigValue])
    func `an instance has started only when it listens where clients are told to go`(probe: ConfigValue) async throws {
        try await withProcesses { fixture in
            let start = Task {
                await failure {
                    try await fixture.start([
                        "command": ["sh", "-c", "echo beginning; exec sleep 1000", "${PORT}"], "load_timeout": "2s",
                        "probes": ["startup": probe],
                    ])
                }
            }
            let error = try #require(await start.value)
            #expect(error.reason == .loadTimeout)
            #expect(error.message.contains("no process listens at port"), "\(error.message)")
        }
    }

    @Test(arguments: [[:], ["readiness": ["tcp": [:], "period": "10ms", "failures": 1]], elsewhere] as [ConfigValue])
    func `another process that takes the place over unseen does not pass for the instance`(probes: ConfigValue)
        async throws
    {
        try await Self.withServer(probes) { fixture, port in
            let impostor = try RunningProgram(["python3", "-c", Self.server, "\(port)"])
            _ = await impostor.output.line { $0 == "up" }
            try await Self.send(Signal(rawValue: 10), to: fixture)
            await fixture.told("b READY UNREADY READINESS_FAILED")
            let failure = try #require(fixture.backend.instances().first?.failure)
            #expect(failure.message.contains("not part of the instance listens"), "\(failure.message)")
            try impostor.signal(.kill)
            _ = try await impostor.wait()
            try await Self.send(Signal(rawValue: 12), to: fixture)
            await fixture.told("b UNREADY READY")
        }
    }
}
