// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SocketRPCServer
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Probes of real servers and commands.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ProbeRunnerTests {
    private func result(
        _ kind: Probe.Kind, on target: ProbeTarget, timeout: Duration = .seconds(60), of supervision: Supervision
    ) async -> ProbeResult {
        let probe = Probe(kind, period: .seconds(1), timeout: timeout, failures: 3)
        return await ProbeRunner(supervision: supervision).run(probe, on: target)
    }

    private func answering(_ status: Int) -> @Sendable (ScriptedHTTPServer.Connection) throws -> Void {
        { connection in
            let head = try connection.head()
            let code = head.hasPrefix("GET /health HTTP/1.1\r\n") ? status : 404
            try connection.send("HTTP/1.1 \(code) x\r\nContent-Length: 0\r\n\r\n")
        }
    }

    @Test func `an HTTP probe looks at the status`() async throws {
        try await withHTTPServer(ScriptedHTTPServer(answering(503))) { server in
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                let target = ProbeTarget(port: server.port)
                let usual = await result(.http(path: "/health", port: nil), on: target, of: supervision)
                #expect(usual == .failure("GET /health returned status 503"))
                let wanted = await result(
                    .http(path: "/health", port: nil, status: 500...503), on: target, of: supervision)
                #expect(wanted == .success)
                let other = await result(.http(path: "/", port: server.port), on: ProbeTarget(), of: supervision)
                #expect(other == .failure("GET / returned status 404"))
            }
        }
    }

    @Test func `a probe without a port takes the instance's socket`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await withHTTPServer(ScriptedHTTPServer(path: path, answering(200))) { _ in
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                let target = ProbeTarget(socket: path)
                #expect(await result(.http(path: "/health", port: nil), on: target, of: supervision) == .success)
                #expect(await result(.unix(path: nil), on: target, of: supervision) == .success)
                #expect(await result(.unix(path: path), on: ProbeTarget(), of: supervision) == .success)
            }
        }
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let gone = await result(.unix(path: "/nowhere/s"), on: ProbeTarget(), of: supervision)
            #expect(gone == .failure("cannot connect to /nowhere/s: No such file or directory"))
        }
    }

    @Test(arguments: [
        Probe.Kind.http(path: "/", port: nil), .tcp(port: nil), .unix(path: nil), .grpc(service: "", port: nil),
    ])
    func `a probe needs a target`(kind: Probe.Kind) async throws {
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            guard case .failure(let words) = await result(kind, on: ProbeTarget(), of: supervision) else {
                Issue.record("a probe of nothing succeeds")
                return
            }
            #expect(words.hasPrefix("the probe names no "))
        }
    }

    @Test func `a TCP probe is content with a connection`() async throws {
        let listener = try LoopbackListener()
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            #expect(await result(.tcp(port: nil), on: ProbeTarget(port: listener.port), of: supervision) == .success)
            listener.stop()
            let refused = await result(.tcp(port: listener.port), on: ProbeTarget(), of: supervision)
            #expect(refused == .failure("cannot connect to 127.0.0.1:\(listener.port): Connection refused"))
        }
    }

    @Test func `a TCP probe of a host that does not answer ends in time, or when it is cancelled`() async throws {
        let listener = try LoopbackListener(backlog: 0)
        let (first, second) = (try RawPeer(adopting: listener.begin()), try RawPeer(adopting: listener.begin()))
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let target = ProbeTarget(port: listener.port)
            let failure = await result(.tcp(port: nil), on: target, timeout: .milliseconds(100), of: supervision)
            #expect(failure == .failure("no connection to port \(listener.port) within 100ms"))
            let probing = Task { await result(.tcp(port: nil), on: target, timeout: .seconds(86_400), of: supervision) }
            probing.cancel()
            #expect(await probing.value == .failure("the probe was cancelled"))
            let named = await result(.tcp(port: nil), on: ProbeTarget(host: "unknown", port: 1), of: supervision)
            #expect(named == .failure("unknown is not an IP address"))
        }
        withExtendedLifetime((first, second)) {}
        listener.stop()
    }

    @Test func `a full backlog is a failure once the time is over`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try UnixSocket.listen(path: path, backlog: 0)
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let peer = try RawPeer(path: path)
            let failure = await result(
                .unix(path: path), on: ProbeTarget(), timeout: .milliseconds(100), of: supervision)
            #expect(failure == .failure("\(path) does not accept connections: its backlog is full"))
            withExtendedLifetime(peer) {}
        }
        _ = consume listener
    }

    @Test func `a gRPC probe asks the health service`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let health = HealthServer(["": .serving, "a.B": .notServing])
        try await health.serving(at: path) {
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                let target = ProbeTarget(socket: path)
                #expect(await result(.grpc(service: "", port: nil), on: target, of: supervision) == .success)
                let resting = await result(.grpc(service: "a.B", port: nil), on: target, of: supervision)
                #expect(resting == .failure("the health service says NOT_SERVING"))
                let unknown = await result(.grpc(service: "c", port: nil), on: target, of: supervision)
                #expect(unknown == .failure("the server does not know the service"))
            }
        }
    }

    @Test func `a gRPC probe goes over TCP as well`() async throws {
        let listener = try LoopbackListener()
        try await HealthServer(["a": .serving]).serving(on: listener) {
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                let target = ProbeTarget(port: listener.port)
                #expect(await result(.grpc(service: "a", port: nil), on: target, of: supervision) == .success)
            }
        }
    }

    @Test func `an answer that does not come is a failure in time`() async throws {
        let server = try ScriptedHTTPServer { connection in _ = try connection.peer.receiveToEndBlocking() }
        try await withHTTPServer(server) { server in
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                for kind in [Probe.Kind.http(path: "/", port: server.port), .grpc(service: "", port: server.port)] {
                    let failure = await result(kind, on: ProbeTarget(), timeout: .milliseconds(100), of: supervision)
                    #expect(failure == .failure("no answer from 127.0.0.1:\(server.port) within 100ms"))
                }
            }
        }
    }

    @Test(arguments: [
        ("exit 0", ProbeResult.success), ("exit 3", .failure("sh ended with exit code 3")),
        ("kill -9 $$", .failure("sh was terminated by signal 9")),
        ("test \"$NAME\" = value && test \"$(pwd -P)\" = /", .success),
        (
            "test ! -t 0 && test \"$(readlink /proc/$$/fd/1)\" = /dev/null && test \"$(cut -d' ' -f6 /proc/$$/stat)\" = $$",
            .success
        ),
    ])
    func `a command's exit code is the result`(script: String, expected: ProbeResult) async throws {
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let target = ProbeTarget(environment: ["NAME": "value", "PATH": "/usr/bin:/bin"], directory: "/")
            #expect(await result(.exec(["sh", "-c", script]), on: target, of: supervision) == expected)
        }
    }

    @Test func `a command that is not there is a failure`() async throws {
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let failure = await result(.exec(["/nowhere/probe"]), on: ProbeTarget(), of: supervision)
            #expect(failure == .failure("/nowhere/probe does not exist; check the command of the probe"))
        }
    }

    @Test(arguments: [false, true])
    func `a command that does not end is killed with what it started`(isCancelled: Bool) async throws {
        let directory = try TemporaryDirectory()
        let pid = directory.file("pid")
        // The grandchild does not hear a hangup or a request to end.
        let script = "trap '' TERM HUP; sleep 600 & echo $! > \(pid).new; mv \(pid).new \(pid); wait"
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let probing = Task {
                await result(
                    .exec(["sh", "-c", script]), on: ProbeTarget(),
                    timeout: isCancelled ? .seconds(86_400) : .seconds(1), of: supervision)
            }
            let grandchild = try await onThread {
                while true {
                    if let bytes = try? File.read(path: pid, limit: 100) {
                        return String(decoding: bytes, as: UTF8.self)
                    }
                    MonotonicClock.sleep(.milliseconds(5))
                }
            }
            if isCancelled { probing.cancel() }
            let expected = isCancelled ? "the probe was cancelled" : "sh did not end within 1s"
            #expect(await probing.value == .failure(expected))
            let number = try #require(Int32(grandchild.dropLast()))
            // Whoever inherits it reaps it: until then it is a dead process.
            let isDead = try await onThread { Self.ends(number) }
            #expect(isDead)
        }
    }

    @Test func `what a command leaves behind ends with it`() async throws {
        let directory = try TemporaryDirectory()
        let pid = directory.file("pid")
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            let script = "sleep 600 & echo $! > \(pid)"
            #expect(await result(.exec(["sh", "-c", script]), on: ProbeTarget(), of: supervision) == .success)
            let text = String(decoding: try File.read(path: pid, limit: 100), as: UTF8.self)
            let number = try #require(Int32(text.dropLast()))
            let isDead = try await onThread { Self.ends(number) }
            #expect(isDead)
        }
    }

    @Test(arguments: ["", "env -i "], [Cgroup.base, nil])
    func `what a command leaves in another session and with another parent is ended too`(
        environment: String, groups: String?
    ) async throws {
        let directory = try TemporaryDirectory()
        let pid = directory.file("pid")
        let script =
            "\(environment)setsid sh -c 'echo $$ > \(pid).new; mv \(pid).new \(pid); exec sleep 600' & "
            + "while [ ! -e \(pid) ]; do sleep 0.01; done"
        try await withSupervision(clock: ManualClock(), groups: groups) { supervision, _ in
            #expect(await result(.exec(["sh", "-c", script]), on: ProbeTarget(), of: supervision) == .success)
            let text = String(decoding: try File.read(path: pid, limit: 100), as: UTF8.self)
            let number = try #require(Int32(text.dropLast()))
            let isDead = try await onThread { Self.ends(number) }
            #expect(isDead)
        }
    }

    @Test func `a cancelled probe ends at once`() async throws {
        let begun = AsyncSignal<Void>()
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            begun.send()
            _ = try connection.peer.receiveToEndBlocking()
        }
        try await withHTTPServer(server) { server in
            try await withSupervision(clock: ManualClock()) { supervision, _ in
                let probing = Task {
                    await result(
                        .http(path: "/", port: server.port), on: ProbeTarget(), timeout: .seconds(86_400),
                        of: supervision)
                }
                await begun.wait()
                probing.cancel()
                guard case .failure = await probing.value else {
                    Issue.record("a cancelled probe succeeds")
                    return
                }
            }
        }
    }

    @Test func `a hundred commands leave no descriptor`() async throws {
        try await withSupervision(clock: ManualClock()) { supervision, _ in
            _ = await result(.exec(["true"]), on: ProbeTarget(), of: supervision)
            try await supervision.loop().run {}
            let before = try ProcessUsage.own().descriptors
            for _ in 0..<100 { _ = await result(.exec(["true"]), on: ProbeTarget(), of: supervision) }
            // The last one is let go of in the turn of the loop that gives the result.
            try await supervision.loop().run {}
            let after = try ProcessUsage.own().descriptors
            #expect(after == before)
        }
    }

    /// Waits until a process is dead, reaped or not.
    private static func ends(_ pid: Int32) -> Bool {
        for _ in 0..<2000 {
            guard let status = try? File.read(path: "/proc/\(pid)/stat", limit: 4096) else { return true }
            if String(decoding: status, as: UTF8.self).split(separator: ")").last?.hasPrefix(" Z") == true {
                return true
            }
            MonotonicClock.sleep(.milliseconds(10))
        }
        return false
    }
}
