// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// One way to find out how an instance is, and how often to ask.
package struct Probe: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// An answer to `GET path` with such a status.
        case http(path: String, port: UInt16?, status: ClosedRange<Int> = 200...299)
        /// A connection is accepted.
        case tcp(port: UInt16?)
        /// A connection to a Unix socket is accepted.
        case unix(path: String?)
        /// grpc.health.v1 says that the service serves; the empty name is the whole server.
        case grpc(service: String, port: UInt16?)
        /// A command ends with 0.
        case exec([String])
        /// A line of the output holds such text. Whoever reads the log looks for it.
        case logLine(ConfigPattern)
    }

    package var kind: Kind
    /// From one look to the next.
    package var period: Duration
    /// For one look.
    package var timeout: Duration
    /// How many failures one after the other mean that the instance has failed.
    package var failures: Int
    /// Whether it counts only where a process of the instance itself listens at what it asks.
    package var requiresOwnListener: Bool

    package init(
        _ kind: Kind, period: Duration, timeout: Duration, failures: Int, requiresOwnListener: Bool = true
    ) {
        self.kind = kind
        self.requiresOwnListener = requiresOwnListener
        self.period = period
        self.timeout = timeout
        self.failures = failures
    }
}

extension Probe {
    /// Where it connects to; nil where it does not.
    func place(on target: ProbeTarget) -> ListeningPlace? {
        switch kind {
        case .http(_, let port, _), .grpc(_, let port):
            (port ?? target.port).map { target.place(at: $0) } ?? target.socket.map { .socket($0) }
        case .tcp(let port): (port ?? target.port).map { target.place(at: $0) }
        case .unix(let path): (path ?? target.socket).map { .socket($0) }
        case .exec, .logLine: nil
        }
    }
}

extension Probe.Kind {
    /// Whether the probe waits for this line; never, unless it is one for lines.
    package func matches(_ line: String) -> Bool {
        switch self {
        case .logLine(let pattern): pattern.isFound(in: line)
        case .http, .tcp, .unix, .grpc, .exec: false
        }
    }
}
