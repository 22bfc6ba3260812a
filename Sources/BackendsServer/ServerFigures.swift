// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPCServer
internal import SystemIO

/// Reads the figures of a server that is made after the services that tell them.
final class ServerFigures: Sendable {
    private struct Reference {
        weak var server: RPCServer?
    }

    private let reference = Guarded(Reference())

    var connections: Int { server?.connectionCount ?? 0 }
    var input: ServerBudget.Figures { server?.inputBudget.figures ?? ServerBudget.Figures() }
    var output: ServerBudget.Figures { server?.outputBudget.figures ?? ServerBudget.Figures() }

    private var server: RPCServer? { reference.withLock { $0.server } }

    func watch(_ server: RPCServer) {
        reference.withLock { $0.server = server }
    }
}
