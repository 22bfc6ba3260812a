// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// The instance to probe.
package struct ProbeTarget: Hashable, Sendable {
    /// An IP address, without brackets.
    package var host: String
    /// The place that clients connect to, if it is on this host. Probes of its port connect there instead of to ``host``.
    var place: ListeningPlace?
    /// The port for probes that name none.
    package var port: UInt16?
    /// The Unix socket for probes that do not name one, if the instance does not have a port.
    package var socket: String?
    /// The whole environment of commands; nil means the daemon's.
    package var environment: TextMap<String>?
    /// The working directory of commands; nil means the daemon's.
    package var directory: String?
    /// The name of the instance, for messages.
    package var instance: String

    package init(
        host: String = "127.0.0.1", place: ListeningPlace? = nil, port: UInt16? = nil, socket: String? = nil,
        environment: TextMap<String>? = nil, directory: String? = nil, instance: String = "probe"
    ) {
        self.place = place
        self.instance = instance
        self.host = host
        self.port = port
        self.socket = socket
        self.environment = environment
        self.directory = directory
    }
}

extension ProbeTarget {
    /// The address that a probe of a port connects to.
    func host(at port: UInt16) -> String { place?.host(at: port)?.description ?? host }

    /// The place that a probe of a port connects to.
    func place(at port: UInt16) -> ListeningPlace {
        if case .tcp(port, let hosts)? = place, !hosts.isEmpty { return .tcp(port, hosts) }
        return .port(port)
    }
}
