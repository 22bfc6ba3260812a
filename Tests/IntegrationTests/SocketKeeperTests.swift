// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsServer
import DaemonTestSupport
import Logging
import SystemIO
import TestSupport
import Testing
import backendd

/// What the keeper of the socket does when its directory is gone before it begins.
@Suite(.timeLimit(.minutes(1))) struct SocketKeeperTests {
    @Test func `a directory that is lost before the watch begins is waited for, and the socket made again in it`()
        async throws
    {
        let lines = Recorder<String>()
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines) }
        try await withHostedDaemon(instance: "run-1", log: logger, types: { _ in .inProcess }) { daemon in
            let (top, server) = (daemon.directory.file("top"), daemon.server)
            let endpoint = try SocketEndpoint.open(path: try Self.made(top) + "/run/s", mode: 0o600)
            server.listen(on: try endpoint.takeListener(), refusesInDrain: true)
            try Directory(path: daemon.directory.path).rename("top", to: "top.old")
            let keeper = try await server.loop.run {
                LoopBound(try SocketKeeper(endpoint, of: server, logger: logger), on: server.loop)
            }
            await lines.wait { lines in lines.contains { $0.contains("cannot be made again") } }
            _ = try Self.made(top)
            await lines.wait { lines in lines.contains { $0.contains("is made again") } }
            #expect(try File.kind(of: top + "/run/s") == .socket)
            withExtendedLifetime(keeper) {}
            endpoint.close()
        }
    }

    /// Makes a directory, and returns its path.
    private static func made(_ path: String) throws -> String {
        _ = try Directory.trusted(path, creating: true)
        return path
    }
}

/// Keeps the messages that are logged.
private struct LineHandler: LogHandler {
    let lines: Recorder<String>
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.append(event.message.description) }
}
