// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import SocketRPCServer
internal import SystemIO

/// What `GetServerInfo` reports about the daemon.
package struct ServerInformation: Sendable {
    package let version: String
    package let startTime: Timestamp
    package let pid: Int32
    package let socketPath: String
    /// What changes while it runs.
    let figures: ServerFigures

    init(
        version: String, startTime: Timestamp, pid: Int32, socketPath: String, figures: ServerFigures
    ) {
        self.version = version
        self.startTime = startTime
        self.pid = pid
        self.socketPath = socketPath
        self.figures = figures
    }
}

/// Reads the figures of a server that is made after the services that report them.
final class ServerFigures: Sendable {
    private struct Reference {
        weak var server: RPCServer?
    }

    private let reference = Guarded(Reference())
    /// The bytes of output of instances that were dropped.
    let lostOutput: @Sendable () -> UInt64

    init(lostOutput: @escaping @Sendable () -> UInt64) {
        self.lostOutput = lostOutput
    }

    var connections: Int { server?.connectionCount ?? 0 }
    var input: ServerBudget.Figures { server?.inputBudget.figures ?? ServerBudget.Figures() }
    var output: ServerBudget.Figures { server?.outputBudget.figures ?? ServerBudget.Figures() }

    private var server: RPCServer? { reference.withLock { $0.server } }

    func watch(_ server: RPCServer) {
        reference.withLock { $0.server = server }
    }
}
