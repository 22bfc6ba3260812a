// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import Logging
internal import SocketRPC
internal import SocketRPCServer
internal import SystemIO

/// Serves gRPC's interoperability tests until SIGTERM.
@main
struct InteropServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interop-server",
        abstract: "Serves gRPC's interoperability tests on a Unix socket.",
        discussion: "For tests of clients. Prints one line when it listens, and ends at SIGTERM or SIGINT.")

    @Option(help: "Path of the socket; a socket that is there is replaced when nobody answers on it.")
    var socket: String

    func run() throws {
        let signals: [Signal] = [.terminate, .interrupt]
        try SignalSource.block(signals)
        _ = try ProcessInformation.raiseDescriptorLimit()
        var configuration = ServerConfiguration()
        configuration.maximumConnections = 4_096
        configuration.streams.streams = 1_024
        let logger = Logger(label: "interop-server") { _ in SwiftLogNoOpLogHandler() }
        let server = try RPCServer(
            configuration: configuration, router: try Router([InteropService().rpcService]), logger: logger)
        let lock = try SocketLock.acquire(socketPath: socket)
        server.listen(on: try UnixSocket.listen(path: socket))
        try server.start()
        try ProcessInformation.writeStandardOutput("listening on \(socket)\n")
        try Self.wait(for: signals, server)
        try lock.removeSocket()
    }

    /// Waits on the main thread for a signal, and then for the end of the server.
    private static func wait(for signals: [Signal], _ server: RPCServer) throws {
        let loop = try EventLoop(name: "interop-server")
        let failure = Guarded<SystemError?>(nil)
        loop.execute {
            do throws(SystemError) {
                let source = try SignalSource(signals, loop: loop) { _ in
                    server.beginGracefulShutdown(grace: .seconds(1))
                }
                let held = LoopBound(source, on: loop)
                Task(executorPreference: loop) {
                    await server.run()
                    held.withValue { $0.cancel() }
                    loop.stop()
                }
            } catch {
                failure.withLock { $0 = error }
                loop.stop()
            }
        }
        loop.run()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
