// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Logging
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport

/// A server of its own for one test, on a socket in a directory of its own.
struct TestServer: Sendable {
    let server: RPCServer
    let echo: EchoService
    let directory: TemporaryDirectory

    var path: String { directory.file("s") }

    func connect() throws -> WirePeer {
        WirePeer(try RawPeer(path: path))
    }
}

/// Runs a test against a server, which is shut down and waited for afterwards.
func withServer<R: Sendable>(
    _ configuration: ServerConfiguration = ServerConfiguration(), services: [RPCService] = [],
    interceptors: [any ServerInterceptor] = [],
    authorize: @escaping @Sendable (PeerCredentials) throws(RPCStatus) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> R
) async throws -> R {
    let echo = EchoService()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try RPCServer(
        configuration: configuration, router: Router([echo.service] + services), interceptors: interceptors,
        authorize: authorize,
        logger: logger)
    let directory = try TemporaryDirectory()
    let test = TestServer(server: server, echo: echo, directory: directory)
    server.listen(on: try UnixSocket.listen(path: test.path))
    try server.start()
    let result: Result<R, any Error>
    do {
        result = .success(try await body(test))
    } catch {
        result = .failure(error)
    }
    echo.release.send()
    server.shutdownNow()
    await server.run()
    return try result.get()
}
