// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// A place on this host where an instance listens.
package enum ListeningPlace: Sendable {
    /// A port at addresses of this host, all of which clients may try. Without an address: at any.
    case tcp(UInt16, [IPAddress])
    /// The path of a Unix socket.
    case socket(String)

    package static func port(_ port: UInt16, at host: IPAddress = .loopback) -> ListeningPlace { .tcp(port, [host]) }

    /// The place that clients connect to with an address: `unix:PATH`, or `HOST:PORT` of this host. Nil for an address that may be on
    /// another host.
    package init?(address: String) {
        if address.hasPrefix("unix:") {
            let path = address.dropFirst(5)
            self = .socket(path.hasPrefix("///") ? String(path.dropFirst(2)) : String(path))
            return
        }
        guard let place = try? HostPort(parsing: address) else { return nil }
        guard let hosts = Self.ownAddresses(of: place) else { return nil }
        self = .tcp(place.port, hosts)
    }

    /// The addresses of this host that a host and port stand for; nil when they may name another host.
    private static func ownAddresses(of place: HostPort) -> [IPAddress]? {
        if let address = place.address {
            // A connection to the unspecified address reaches the loopback address.
            if address.bits == 0 { return [address.isVersion6 ? .loopback6 : .loopback] }
            return address.isOwn ? [address] : nil
        }
        switch place.host {
        case "localhost", "localhost.localdomain": return [.loopback, .loopback6]
        case "ip6-localhost", "ip6-loopback": return [.loopback6]
        // RFC 6761, section 6.3.
        case let host where host.hasSuffix(".localhost"): return [.loopback, .loopback6]
        case ProcessInformation.hostName.lowercased(): return []
        default: return nil
        }
    }

    /// What is wrong with an address for clients; nil for `host:port`, `[address]:port`, and `unix:PATH` with an absolute path.
    static func problem(of address: String) -> Problem? {
        if address.hasPrefix("unix:") {
            let path = address.dropFirst(5)
            if !path.hasPrefix("/") || path.hasSuffix("/") { return Problem("must have an absolute path after unix:") }
            return path.utf8.count > 107 ? Problem("has a path that is longer than the 107 bytes of a socket's") : nil
        }
        let remedy = "write host:port, [address]:port or unix:/path"
        if address.firstRange(of: "://") != nil {
            return Problem("is a URL, to which clients would add their own scheme; \(remedy)")
        }
        do throws(Problem) {
            _ = try HostPort(parsing: address)
            return nil
        } catch {
            return Problem("\(error); \(remedy)")
        }
    }

    /// The probe that connects there; nil when a probe cannot.
    var probe: Probe.Kind? {
        switch self {
        case .tcp(let port, let hosts): hosts.isEmpty ? nil : .tcp(port: port)
        case .socket(let path): .unix(path: path)
        }
    }

    var port: UInt16? {
        switch self {
        case .tcp(let port, _): port
        case .socket: nil
        }
    }

    /// Whether any listener of the port will do: the address that clients use is not known.
    var isAnyEnough: Bool {
        guard case .tcp(_, []) = self else { return false }
        return true
    }

    /// One place for each address.
    var parts: [ListeningPlace] {
        guard case .tcp(let port, let hosts) = self, hosts.count > 1 else { return [self] }
        return hosts.map { .port(port, at: $0) }
    }

    /// The address that a probe of this port connects to; nil for other ports.
    func host(at port: UInt16) -> IPAddress? {
        guard case .tcp(port, let hosts) = self, let first = hosts.first else { return nil }
        if hosts.count == 1 { return first }
        return hosts.first { ListeningPlace.port(port, at: $0).isTaken == true } ?? first
    }

    /// Whether the port of 127.0.0.1 that the daemon holds for an instance is at this place.
    func includes(reservedPort: UInt16) -> Bool {
        guard case .tcp(reservedPort, let hosts) = self else { return false }
        return hosts.isEmpty || hosts.contains(.loopback)
    }
}

extension ListeningPlace: Hashable {
    /// Compares paths by their bytes.
    package static func == (one: ListeningPlace, other: ListeningPlace) -> Bool {
        switch (one, other) {
        case (.tcp(let port, let hosts), .tcp(let otherPort, let otherHosts)):
            port == otherPort && hosts == otherHosts
        case (.socket(let one), .socket(let other)): one.isIdentical(to: other)
        case (.tcp, _), (.socket, _): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .tcp(let port, let hosts):
            hasher.combine(port)
            hasher.combine(hosts)
        case .socket(let path): hasher.combine(TextKey(path))
        }
    }
}

extension ListeningPlace: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tcp(let port, let hosts):
            hosts.count == 1 && hosts[0] != .loopback ? "port \(port) of \(hosts[0])" : "port \(port)"
        case .socket(let path): "the socket \(path)"
        }
    }
}

// MARK: Listeners

extension ListeningPlace {
    package enum Owner: Equatable, Sendable {
        /// One of the given processes.
        case own
        /// Another process.
        case other
        /// The system does not show the owner.
        case unknown
    }

    /// Whether any process listens there; nil when the system does not show it.
    package var isTaken: Bool? { sockets.map { !$0.isEmpty || acceptor != nil } }

    /// Whether an attempt to listen there fails.
    package var isRefused: Bool {
        guard let port else { return false }
        return !PortAllocator.isFree(port)
    }

    /// Whether one of the processes listens there, or another.
    package func owner(among processes: [Int32]) -> Owner { holder(among: processes).owner }

    /// Whether only the processes listen there, and by which descriptors.
    func holder(among processes: [Int32]) -> (owner: Owner, holder: ListenerHolder?) {
        guard let sockets else { return (.unknown, nil) }
        if sockets.isEmpty {
            guard let acceptor, acceptor > 0 else { return (.unknown, nil) }
            return (processes.contains(acceptor) ? .own : .other, nil)
        }
        // Each of the sockets gets some of the connections.
        var holder = ListenerHolder()
        var isHidden = false
        for process in processes {
            if !holder.find(in: process, sockets) { isHidden = true }
            if holder.count == sockets.count || holder.count > 0 && isAnyEnough { return (.own, holder) }
        }
        return (isHidden ? .unknown : .other, nil)
    }

    /// A process that listens there. Searches all processes of the host.
    package func listener() -> Int32? {
        guard let sockets else { return nil }
        if sockets.isEmpty { return acceptor.flatMap { $0 > 0 ? $0 : nil } }
        var holder = ListenerHolder()
        return ProcessTable.all().first {
            _ = holder.find(in: $0.pid, sockets)
            return holder.count > 0
        }?.pid
    }

    /// Throws if a process listens at one of the places: it would be taken for the instance.
    static func requireFree(_ places: Set<ListeningPlace>, for instance: String) throws(BackendError) {
        guard let place = places.first(where: { $0.isTaken ?? $0.isRefused }) else { return }
        let pid = place.listener()
        var metadata = ["instance": instance]
        if let port = place.port { metadata["port"] = String(port) }
        if let pid { metadata["pid"] = String(pid) }
        throw BackendError(
            .failedPrecondition, .portInUse,
            "cannot start instance \(instance): \(pid.map { "process \($0)" } ?? "another process") listens at \(place);"
                + " end that process, or configure another place",
            metadata: metadata)
    }

    /// The table of the system that shows the place.
    var family: ListeningTable.Family {
        switch self {
        case .tcp: .internet
        case .socket: .local
        }
    }

    private var sockets: Set<String>? { ListeningTable(family).map { sockets(in: $0) } }

    /// The inodes of a table's sockets that listen there.
    func sockets(in table: ListeningTable) -> Set<String> {
        switch self {
        case .tcp(let port, []):
            return table.sockets { $0.port == port }
        case .tcp(let port, let hosts):
            let entries = table.entries(at: port)
            return hosts.reduce(into: []) { $0.formUnion(Self.reached(by: $1, among: entries)) }
        case .socket(let path):
            let file = Self.file(path)
            return table.sockets { Self.isName($0.name, of: path, file) }
        }
    }

    /// The process that accepts connections at a socket which the system does not show by its path, such as one that was bound by a
    /// relative path. 0 when the process is not shown, nil when nothing accepts.
    private var acceptor: Int32? {
        guard case .socket(let path) = self else { return nil }
        do throws(SystemError) {
            switch try UnixSocket.connect(path: path) {
            case .connected(let socket): return try UnixSocket.peerCredentials(socket).pid
            case .backlogFull: return 0
            }
        } catch {
            return nil
        }
    }

    private static func file(_ path: String) -> FileIdentity? {
        try? FileIdentity.of(path: path, followingLinks: true)
    }

    /// Whether two names lead to the same socket: links, `..` and repeated slashes give one socket many names.
    private static func isName(_ name: String, of path: String, _ file: FileIdentity?) -> Bool {
        if name.isIdentical(to: path) { return true }
        guard let file, name.hasPrefix("/") else { return false }
        return Self.file(name) == file
    }

    /// The sockets at one port that get the connections to an address: those bound to the address itself, else those bound to all
    /// addresses of its IP version, else those bound to all addresses.
    private static func reached(by address: IPAddress, among entries: [ListeningTable.Entry]) -> Set<String> {
        let (name, mapped) = (ListeningTable.name(of: address), "0000000000000000FFFF0000")
        let groups: [(String) -> Bool] =
            address.isVersion6
            ? [{ $0 == name }, { $0.utf8.count == 32 && $0.utf8.allSatisfy { $0 == UInt8(ascii: "0") } }]
            : [
                { $0 == name || $0 == mapped + name }, { $0 == "00000000" || $0 == mapped + "00000000" },
                { $0.utf8.allSatisfy { $0 == UInt8(ascii: "0") } },
            ]
        for isReached in groups {
            let inodes = entries.filter { isReached($0.name) }.map(\.inode)
            if !inodes.isEmpty { return Set(inodes) }
        }
        return []
    }
}
