// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPCServer

/// What the limits of the process leave for clients.
struct ClientRoom: Sendable {
    /// How many descriptors may be open.
    let descriptors: Int
    /// How many bytes of input and of output may be kept; nil without a limit.
    let memory: Int?

    /// A quarter of the descriptors, and at least 64 if there are that many, is kept for the daemon's own work.
    private var reserve: Int { min(max(64, descriptors / 4), descriptors * 2 / 3) }

    /// How many connections are kept to be refused.
    var refusedConnections: Int { min(256, reserve / 8) }

    /// Each connection may take a second descriptor, for the watch of its process.
    private var servedConnections: Int { max(1, (descriptors - reserve) / 2) }

    /// The configured limits, lowered to what there is room for. The log says what is lowered.
    func limits(_ wanted: ServerLimits, _ logger: Logger) -> ServerLimits {
        var limits = wanted
        limits.connections = min(wanted.connections, servedConnections)
        if limits.connections < wanted.connections {
            logger.warning(
                "fewer connections are served than configured, because of the limit of open descriptors",
                metadata: [
                    "descriptors": "\(descriptors)", "connections": "\(limits.connections)",
                    "configured": "\(wanted.connections)",
                ])
        }
        guard let memory, memory < max(wanted.inputBytes, wanted.outputBytes) else { return limits }
        (limits.inputBytes, limits.outputBytes) = (min(wanted.inputBytes, memory), min(wanted.outputBytes, memory))
        logger.warning(
            "less input and output is kept for clients than configured, because of the limit of memory",
            metadata: ["bytes": "\(memory)"])
        return limits
    }
}
