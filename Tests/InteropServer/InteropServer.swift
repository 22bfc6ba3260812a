// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import CTestProtos
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

    @Option(help: "Path of the socket; an existing socket is replaced if no server answers on it.")
    var socket: String

    func run() throws {
        let signals: [Signal] = [.terminate, .interrupt]
        try SignalSource.block(signals)
        _ = try ProcessInformation.raiseDescriptorLimit()
        var configuration = ServerConfiguration()
        configuration.maximumConnections = 4_096
        configuration.streams.streams = 1_024
        // Warnings go to standard error; the tests expect none.
        let logger = Logger(label: "interop-server") { StreamLogHandler.standardError(label: $0) }
        let services = [InteropService().rpcService, InteropHealth().rpcService]
        let reflection = ReflectionService(of: services) { unsafe DescriptorSet.bytes(of: interop_descriptor_set) }
        let server = try RPCServer(
            configuration: configuration, router: try Router(services + reflection.rpcServices), logger: logger)
        let lock = try SocketLock.acquire(socketPath: socket)
        server.listen(on: try UnixSocket.listen(path: socket))
        let file = try FileIdentity.of(path: socket)
        try server.start()
        let failure = try Self.serve(server, until: signals, word: "listening on \(socket)\n")
        if let file { try lock.removeSocket(file) }
        if let failure { throw failure }
    }

    /// Says that the server listens, and waits on the main thread for a signal and then for the end of the server.
    ///
    /// Returns why it could not wait for signals, nil when it could.
    private static func serve(
        _ server: RPCServer, until signals: [Signal], word: String
    ) throws(SystemError) -> SystemError? {
        let loop = try EventLoop(name: "interop-server")
        let failure = Guarded<SystemError?>(nil)
        loop.execute {
            var source: SignalSource?
            do throws(SystemError) {
                source = try SignalSource(signals, loop: loop) { _ in
                    server.beginGracefulShutdown(grace: .seconds(1))
                }
                try ProcessInformation.writeStandardOutput(word)
            } catch {
                failure.withLock { $0 = error }
                server.shutdownNow()
            }
            let held = LoopBound(source, on: loop)
            Task(executorPreference: loop) {
                await server.run()
                held.withValue { $0?.cancel() }
                loop.stop()
            }
        }
        loop.run()
        return failure.withLock { $0 }
    }
}
