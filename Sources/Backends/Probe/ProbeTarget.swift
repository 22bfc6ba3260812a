// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// The instance that is looked at.
package struct ProbeTarget: Hashable, Sendable {
    /// An address; one of version 6 without brackets.
    package var host: String
    /// Where clients are told to go, if that is on this host: probes of its port go there instead.
    var place: ListeningPlace?
    /// For probes that name no port.
    package var port: UInt16?
    /// The instance's Unix socket, for probes that name none, where there is no port either.
    package var socket: String?
    /// All of the environment of commands; nil: the daemon's own.
    package var environment: TextMap<String>?
    /// Where commands start; nil: where the daemon did.
    package var directory: String?
    /// Its name, for messages.
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
    /// Where a probe of a port connects to.
    func host(at port: UInt16) -> String { place?.host(at: port)?.description ?? host }

    /// Where it is to be listened for a probe of a port.
    func place(at port: UInt16) -> ListeningPlace {
        if case .tcp(port, let hosts)? = place, !hosts.isEmpty { return .tcp(port, hosts) }
        return .port(port)
    }
}
