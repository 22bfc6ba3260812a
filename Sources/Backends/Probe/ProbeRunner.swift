// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO

/// Looks at instances.
package struct ProbeRunner: Sendable {
    /// How long to wait where the backlog of a Unix socket is full.
    private static let backlogPause = Duration.milliseconds(20)

    /// How long a killed command is waited for.
    private static let patience = Duration.seconds(1)

    private let host: BackendHost

    package init(host: BackendHost) {
        self.host = host
    }

    /// Looks once. Takes no longer than the probe's timeout; cancellation ends it at once, as a failure.
    package func run(_ probe: Probe, on target: ProbeTarget) async -> ProbeResult {
        do throws(ProbeFailure) {
            switch probe.kind {
            case .http(let path, let port, let status):
                try await get(path, status, from: try Place(port, target), timeout: probe.timeout)
            case .tcp(let port):
                guard let port = port ?? target.port else {
                    throw ProbeFailure("the probe names no port, and the instance has none")
                }
                try await connect(to: target.host(at: port), port: port, timeout: probe.timeout)
            case .unix(let path):
                guard let path = path ?? target.socket else {
                    throw ProbeFailure("the probe names no socket, and the instance has none")
                }
                try await connect(toSocket: path, timeout: probe.timeout)
            case .grpc(let service, let port):
                try await check(service, at: try Place(port, target), timeout: probe.timeout)
            case .exec(let command):
                try await execute(command, on: target, timeout: probe.timeout)
            case .logLine:
                throw ProbeFailure("lines of the log are waited for, not asked for")
            }
            return .success
        } catch {
            return .failure(error.words)
        }
    }

    private func get(
        _ path: String, _ status: ClosedRange<Int>, from place: Place, timeout: Duration
    ) async throws(ProbeFailure) {
        let response = try await perform(
            HTTPRequest(url: place.url(path), timeout: timeout, unixSocket: place.socket))
        guard status.contains(response.status) else {
            throw ProbeFailure("GET \(path) was answered with \(response.status)")
        }
    }

    private func connect(to address: String, port: UInt16, timeout: Duration) async throws(ProbeFailure) {
        let loop = try supervision()
        let connection = LoopBound(
            sending: ProbeConnection(to: address, port: port, timeout: timeout, loop: loop), on: loop)
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.execute { connection.withValue { $0.begin(continuation) } }
            }
        } onCancel: {
            loop.execute { connection.withValue { $0.end(with: .cancelled) } }
        }
        if let failure { throw failure }
    }

    private func supervision() throws(ProbeFailure) -> EventLoop {
        do throws(SystemError) {
            return try host.loop()
        } catch {
            throw ProbeFailure(error.description)
        }
    }

    private func check(_ service: String, at place: Place, timeout: Duration) async throws(ProbeFailure) {
        var request = HTTPRequest(
            method: "POST", url: place.url(GRPCHealth.path), headers: GRPCHealth.headers(timeout: timeout),
            timeout: timeout, unixSocket: place.socket, version: .http2PriorKnowledge)
        request.body = GRPCHealth.body(asking: service)
        if case .failure(let words) = GRPCHealth.result(of: try await perform(request)) { throw ProbeFailure(words) }
    }

    private func perform(_ request: HTTPRequest) async throws(ProbeFailure) -> HTTPResponse {
        let transfer: HTTPTransfer
        do throws(SystemError) {
            transfer = try host.http()
        } catch {
            throw ProbeFailure(error.description)
        }
        do throws(HTTPTransferError) {
            return try await transfer.perform(request)
        } catch {
            throw ProbeFailure(error.message)
        }
    }

    /// A Unix socket accepts at once or not at all, except that its backlog can be full.
    private func connect(toSocket path: String, timeout: Duration) async throws(ProbeFailure) {
        let deadline = ContinuousClock.now + timeout
        while !Task.isCancelled {
            do throws(SystemError) {
                if case .connected = try UnixSocket.connect(path: path) { return }
            } catch {
                throw ProbeFailure(error.description)
            }
            guard ContinuousClock.now + Self.backlogPause < deadline else {
                throw ProbeFailure("\(path) accepts nobody: its backlog is full")
            }
            try? await Task.sleep(for: Self.backlogPause)
        }
        throw .cancelled
    }

    /// Runs a command and ends whatever it leaves, also what left its session.
    private func execute(
        _ command: [String], on target: ProbeTarget, timeout: Duration
    ) async throws(ProbeFailure) {
        let name = command.first ?? ""
        let plan = LaunchPlan(
            instance: target.instance, arguments: command, environment: target.environment ?? Environment.all,
            directory: target.directory)
        let tree: ChildTree
        do throws(BackendError) {
            tree = try await ChildTree.spawn(plan, isHelper: true, output: .null, error: .null, host: host)
        } catch {
            throw ProbeFailure(
                plan.programProblem.map { "\(name) \($0); check the command of the probe" } ?? error.message)
        }
        let status = await tree.exit(within: timeout)
        await clear(tree)
        if Task.isCancelled { throw .cancelled }
        switch status {
        case .exited(0)?: return
        case .exited(let code)?: throw ProbeFailure("\(name) ended with exit code \(code)")
        case .signalled(let signal)?: throw ProbeFailure("\(name) was ended by signal \(signal.rawValue)")
        case nil: throw ProbeFailure("\(name) did not end within \(timeout.text)")
        }
    }

    /// Waits until nothing is left of a command, and not for long where the kernel does not let go of it.
    private func clear(_ tree: ChildTree) async {
        let clearing = Task { await tree.clear() }
        let isOver = OneShot<Void>()
        Task {
            await clearing.value
            isOver.set(())
        }
        Task {
            try? await Task.sleep(for: Self.patience)
            isOver.set(())
        }
        // Also where the probe was cancelled.
        await Task { _ = await isOver.value() }.value
    }
}

extension ProbeRunner {
    /// Where an instance is reached.
    private struct Place {
        /// `host:port`, also where there is a socket.
        let address: String
        let socket: String?

        init(_ port: UInt16?, _ target: ProbeTarget) throws(ProbeFailure) {
            if let port = port ?? target.port {
                let name = target.host(at: port)
                let host = name.contains(":") ? "[\(name)]" : name
                (address, socket) = ("\(host):\(port)", nil)
            } else if let path = target.socket {
                (address, socket) = ("localhost", path)
            } else {
                throw ProbeFailure("the probe names no port, and the instance has neither port nor socket")
            }
        }

        func url(_ path: String) -> String { "http://\(address)\(path)" }
    }
}
