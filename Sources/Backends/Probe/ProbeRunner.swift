// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO

/// Runs probes.
package struct ProbeRunner: Sendable {
    /// The pause before the next connect when the backlog of a Unix socket is full.
    private static let backlogPause = Duration.milliseconds(20)

    /// How long to wait for the end of a killed command.
    private static let patience = Duration.seconds(1)

    private let supervision: Supervision

    package init(supervision: Supervision) {
        self.supervision = supervision
    }

    /// Probes once, for at most the probe's timeout. Cancelling ends the probe at once, as a failure.
    package func run(_ probe: Probe, on target: ProbeTarget) async -> ProbeResult {
        do throws(Problem) {
            switch probe.kind {
            case .http(let path, let port, let status):
                try await get(path, status, from: try Place(port, target), timeout: probe.timeout)
            case .tcp(let port):
                guard let port = port ?? target.port else {
                    throw Problem("the probe names no port, and the instance has none")
                }
                try await connect(to: target.host(at: port), port: port, timeout: probe.timeout)
            case .unix(let path):
                guard let path = path ?? target.socket else {
                    throw Problem("the probe names no socket, and the instance has none")
                }
                try await connect(toSocket: path, timeout: probe.timeout)
            case .grpc(let service, let port):
                try await check(service, at: try Place(port, target), timeout: probe.timeout)
            case .exec(let command):
                try await execute(command, on: target, timeout: probe.timeout)
            case .logLine:
                throw Problem("a log line cannot be probed")
            }
            return .success
        } catch {
            return .failure(error.description)
        }
    }

    private func get(
        _ path: String, _ status: ClosedRange<Int>, from place: Place, timeout: Duration
    ) async throws(Problem) {
        let response = try await perform(
            HTTPRequest(url: place.url(path), timeout: timeout, unixSocket: place.socket))
        guard status.contains(response.status) else {
            throw Problem("GET \(path) returned status \(response.status)")
        }
    }

    private func connect(to address: String, port: UInt16, timeout: Duration) async throws(Problem) {
        let loop = try loop()
        let answer = OneShot<Problem?>()
        let connection = LoopBound(
            sending: ProbeConnection(to: address, port: port, timeout: timeout, loop: loop, answer: answer), on: loop)
        loop.execute { connection.withValue { $0.begin() } }
        guard let problem = await answer.value() else {
            loop.execute { connection.withValue { $0.end(with: .cancelled) } }
            throw .cancelled
        }
        if let problem { throw problem }
    }

    private func loop() throws(Problem) -> EventLoop {
        do throws(SystemError) {
            return try supervision.loop()
        } catch {
            throw Problem(error.description)
        }
    }

    private func check(_ service: String, at place: Place, timeout: Duration) async throws(Problem) {
        var request = HTTPRequest(
            method: "POST", url: place.url(GRPCHealth.path), headers: GRPCHealth.headers(timeout: timeout),
            timeout: timeout, unixSocket: place.socket, version: .http2PriorKnowledge)
        request.body = GRPCHealth.body(asking: service)
        if case .failure(let problem) = GRPCHealth.result(of: try await perform(request)) { throw Problem(problem) }
    }

    private func perform(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        let transfer: HTTPTransfer
        do throws(SystemError) {
            transfer = try supervision.http()
        } catch {
            throw Problem(error.description)
        }
        do throws(HTTPTransferError) {
            return try await transfer.perform(request)
        } catch {
            throw Problem(error.message)
        }
    }

    /// Retries only when the backlog is full: otherwise a Unix socket accepts at once or not at all.
    private func connect(toSocket path: String, timeout: Duration) async throws(Problem) {
        let deadline = ContinuousClock.now + timeout
        while !Task.isCancelled {
            do throws(SystemError) {
                if case .connected = try UnixSocket.connect(path: path) { return }
            } catch {
                throw Problem(error.description)
            }
            guard ContinuousClock.now + Self.backlogPause < deadline else {
                throw Problem("\(path) does not accept connections: its backlog is full")
            }
            try? await Background.sleep(for: Self.backlogPause)
        }
        throw .cancelled
    }

    /// Runs a command, and kills its descendants afterwards, also those that have left its session.
    private func execute(
        _ command: [String], on target: ProbeTarget, timeout: Duration
    ) async throws(Problem) {
        let name = command.first ?? ""
        let program = ProgramSpec(
            instance: target.instance, arguments: command, environment: target.environment ?? Environment.all,
            directory: target.directory)
        let tree: ChildTree
        do throws(BackendError) {
            tree = try await ChildTree.spawn(program, on: supervision)
        } catch {
            throw Problem(
                program.programProblem.map { "\(name) \($0); check the command of the probe" } ?? error.message)
        }
        let status = await tree.exit(within: timeout)
        await clear(tree)
        if Task.isCancelled { throw .cancelled }
        switch status {
        case .exited(0)?: return
        case .exited(let code)?: throw Problem("\(name) ended with exit code \(code)")
        case .signaled(let signal)?: throw Problem("\(name) was terminated by signal \(signal.rawValue)")
        case nil: throw Problem("\(name) did not end within \(timeout.exactText)")
        }
    }

    /// Waits until nothing is left of a command, for a bounded time: a process may hang in the kernel.
    private func clear(_ tree: ChildTree) async {
        let isClear = OneShot<Void>()
        Background.task {
            await tree.clear()
            isClear.set(())
        }
        // As a task of its own, so that it also waits when the probe was cancelled.
        await Background.task {
            _ = await firstOf({ await isClear.value() }, { try? await Background.sleep(for: Self.patience) })
        }.value
    }
}

extension ProbeRunner {
    /// Where HTTP requests to an instance go.
    private struct Place {
        /// `host:port`, also for a socket.
        let address: String
        let socket: String?

        init(_ port: UInt16?, _ target: ProbeTarget) throws(Problem) {
            if let port = port ?? target.port {
                let name = target.host(at: port)
                let host = name.contains(":") ? "[\(name)]" : name
                (address, socket) = ("\(host):\(port)", nil)
            } else if let path = target.socket {
                (address, socket) = ("localhost", path)
            } else {
                throw Problem("the probe names no port, and the instance has neither port nor socket")
            }
        }

        func url(_ path: String) -> String { "http://\(address)\(path)" }
    }
}

/// The result of one probe.
package enum ProbeResult: Hashable, Sendable {
    case success
    /// What the probe saw instead: short, and without secrets.
    case failure(String)
}

extension Problem {
    fileprivate static let cancelled = Problem("the probe was cancelled")
}
