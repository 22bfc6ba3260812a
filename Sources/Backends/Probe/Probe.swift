// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// One way to check an instance, with its period, timeout and number of failures.
package struct Probe: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Succeeds if the response to `GET path` has a status in the range.
        case http(path: String, port: UInt16?, status: ClosedRange<Int> = 200...299)
        /// Succeeds if a connection is accepted.
        case tcp(port: UInt16?)
        /// Succeeds if a connection to a Unix socket is accepted.
        case unix(path: String?)
        /// Succeeds if grpc.health.v1 reports that the service serves. The empty name stands for the whole server.
        case grpc(service: String, port: UInt16?)
        /// Succeeds if the command ends with exit code 0.
        case exec([String])
        /// Succeeds when a line of the output contains such text. ``InstanceLog`` waits for it, no ``ProbeRunner``.
        case logLine(ConfigPattern)
    }

    package var kind: Kind
    /// The pause between two probes.
    package var period: Duration
    /// How long one probe may take.
    package var timeout: Duration
    /// How many consecutive failures count as failed.
    package var failures: Int
    /// Whether a success counts only if a process of the instance itself listens at the probed place.
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
    /// The place that the probe connects to; nil when it does not connect.
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
    /// Whether the probe waits for this line. False for other kinds than ``logLine(_:)``.
    package func matches(_ line: String) -> Bool {
        switch self {
        case .logLine(let pattern): pattern.isFound(in: line)
        case .http, .tcp, .unix, .grpc, .exec: false
        }
    }
}
