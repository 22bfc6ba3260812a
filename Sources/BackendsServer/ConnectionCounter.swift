// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPCServer
internal import SystemIO

/// Counts the connections of a server that is made after the services that tell the count.
final class ConnectionCounter: Sendable {
    private struct Reference {
        weak var server: RPCServer?
    }

    private let reference = Guarded(Reference())

    var count: Int { reference.withLock { $0.server?.connectionCount ?? 0 } }

    func watch(_ server: RPCServer) {
        reference.withLock { $0.server = server }
    }
}
