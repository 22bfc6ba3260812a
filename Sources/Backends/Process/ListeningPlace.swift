// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// A place on this host where an instance listens, or is told to.
package enum ListeningPlace: Sendable {
    /// A port of a loopback address.
    case port(UInt16)
    /// A port of another address of this host; without one, of any.
    case portOfHost(UInt16, IPAddress?)
    /// The path of a Unix socket.
    case socket(String)

    /// The place that an address means to clients: `unix:PATH`, or `HOST:PORT` of this host. Nil for an address that may be elsewhere.
    package init?(address: String) {
        if address.hasPrefix("unix:") {
            let path = address.dropFirst(5)
            self = .socket(path.hasPrefix("///") ? String(path.dropFirst(2)) : String(path))
            return
        }
        guard let place = try? HostPort(parsing: address) else { return nil }
        let host = place.host.lowercased()
        let address = IPAddress(host)
        // Resolvers take every name below localhost for this host (RFC 6761).
        if Self.loopback.contains(host) || host.hasSuffix(".localhost")
            || address.map({ Self.loopback.contains($0.description) }) == true
        {
            self = .port(place.port)
        } else if address?.isOwn == true || host == ProcessInformation.hostName.lowercased() {
            self = .portOfHost(place.port, address)
        } else {
            return nil
        }
    }

    /// What is wrong with an address that clients are told, as the end of a sentence; nil for `host:port`, `[address]:port`, and
    /// `unix:PATH` with an absolute path.
    static func problem(of address: String) -> String? {
        if address.hasPrefix("unix:") {
            let path = address.dropFirst(5)
            if !path.hasPrefix("/") || path.hasSuffix("/") { return "must have an absolute path after unix:" }
            return path.utf8.count > 107 ? "has a path that is longer than the 107 bytes of a socket's" : nil
        }
        if address.contains("://") {
            return
                "must not be a URL: clients put scheme and path around it; write host:port, [address]:port or unix:/path"
        }
        do throws(RemoteProblem) {
            _ = try HostPort(parsing: address)
            return nil
        } catch {
            return "\(error.description); an address is host:port, [address]:port or unix:/path"
        }
    }

    private static let loopback = [
        "localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "127.0.0.1", "0.0.0.0", "::1", "::",
    ]

    /// The probe that looks whether connections are accepted there; nil where probes do not go.
    var probe: Probe.Kind? {
        switch self {
        case .port(let port): .tcp(port: port)
        case .portOfHost: nil
        case .socket(let path): .unix(path: path)
        }
    }

    var port: UInt16? {
        switch self {
        case .port(let port), .portOfHost(let port, _): port
        case .socket: nil
        }
    }
}

extension ListeningPlace: Hashable {
    /// Two paths are equal where their bytes are.
    package static func == (one: ListeningPlace, other: ListeningPlace) -> Bool {
        switch (one, other) {
        case (.port(let one), .port(let other)): one == other
        case (.portOfHost(let port, let address), .portOfHost(let otherPort, let otherAddress)):
            port == otherPort && address == otherAddress
        case (.socket(let one), .socket(let other)): one.isIdentical(to: other)
        case (.port, _), (.portOfHost, _), (.socket, _): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .port(let port): hasher.combine(port)
        case .portOfHost(let port, let address):
            hasher.combine(port)
            hasher.combine(address)
        case .socket(let path): hasher.combine(TextKey(path))
        }
    }
}

extension ListeningPlace: CustomStringConvertible {
    package var description: String {
        switch self {
        case .port(let port), .portOfHost(let port, _): "port \(port)"
        case .socket(let path): "the socket \(path)"
        }
    }
}

// MARK: Who listens there

extension ListeningPlace {
    package enum Owner: Equatable, Sendable {
        /// One of the processes that were asked about.
        case own
        /// None of them.
        case other
        /// The system does not show it.
        case unknown
    }

    /// Whether any process listens there; nil where the system does not show it.
    package var isTaken: Bool? { sockets.map { !$0.isEmpty || acceptor != nil } }

    /// Whether it cannot be listened at, found out by trying.
    package var isRefused: Bool {
        guard let port else { return false }
        return !PortAllocator.isFree(port)
    }

    /// Whether one of the processes listens there.
    package func owner(among processes: [Int32]) -> Owner { holder(among: processes).owner }

    /// Whether one of the processes listens there, and by which descriptor where it is one of them.
    func holder(among processes: [Int32]) -> (owner: Owner, holder: ListenerHolder?) {
        guard let sockets else { return (.unknown, nil) }
        if sockets.isEmpty {
            guard let acceptor, acceptor > 0 else { return (.unknown, nil) }
            return (processes.contains(acceptor) ? .own : .other, nil)
        }
        var isHidden = false
        for process in processes {
            switch ListenerHolder.find(in: process, sockets) {
            case .found(let holder): return (.own, holder)
            case .absent: continue
            case .hidden: isHidden = true
            }
        }
        return (isHidden ? .unknown : .other, nil)
    }

    /// A process that listens there; looks at all processes of the host.
    package func listener() -> Int32? {
        guard let sockets else { return nil }
        if sockets.isEmpty { return acceptor.flatMap { $0 > 0 ? $0 : nil } }
        for entry in ProcessTable.all() {
            if case .found = ListenerHolder.find(in: entry.pid, sockets) { return entry.pid }
        }
        return nil
    }

    /// Another process that listens at a place of the instance would be taken for it.
    static func requireFree(_ places: Set<ListeningPlace>, for instance: String) throws(BackendError) {
        guard let place = places.first(where: { $0.isTaken ?? $0.isRefused }) else { return }
        let pid = place.listener()
        var metadata = ["instance": instance]
        if let port = place.port { metadata["port"] = String(port) }
        if let pid { metadata["pid"] = String(pid) }
        throw BackendError(
            .failedPrecondition, .portInUse,
            "cannot start instance \(instance): \(pid.map { "process \($0)" } ?? "another process") listens at \(place);"
                + " end that process, or choose another place",
            metadata: metadata)
    }

    /// Which table of the system shows it.
    var family: ListeningTable.Family {
        switch self {
        case .port, .portOfHost: .internet
        case .socket: .local
        }
    }

    private var sockets: Set<String>? { ListeningTable(family).map { sockets(in: $0) } }

    /// The inodes of the sockets of a table that listen there.
    func sockets(in table: ListeningTable) -> Set<String> {
        switch self {
        case .port(let port):
            return table.sockets { $0.port == port && Self.isReachedByLoopback($0.name) }
        case .portOfHost(let port, let address):
            let isReached = address.map(Self.reaching)
            return table.sockets { $0.port == port && isReached?($0.name) ?? true }
        case .socket(let path):
            let file = Self.file(path)
            return table.sockets { Self.isName($0.name, of: path, file) }
        }
    }

    /// The process that listens at a socket whose name the system does not show as a path, such as one that was bound by a relative
    /// path; 0 where it shows no process. Nil where nothing accepts.
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

    /// One socket has many paths: by links, by `..`, by more slashes than one.
    private static func isName(_ name: String, of path: String, _ file: FileIdentity?) -> Bool {
        if name.isIdentical(to: path) { return true }
        guard let file, name.hasPrefix("/") else { return false }
        return Self.file(name) == file
    }

    /// Whether it is 127.0.0.1, ::1 or any address: clients that are sent to `localhost` try these. What listens at another address of
    /// 127.0.0.0/8 is not reached. Words of four bytes each, in the byte order of the machine.
    private static func isReachedByLoopback(_ address: String) -> Bool {
        let mapped = "0000000000000000FFFF0000"
        if address.count == 32, !address.hasPrefix(mapped) {
            return address.allSatisfy { $0 == "0" } || address == "00000000000000000000000001000000"
        }
        let address = address.suffix(8)
        return address == "00000000" || address == loopbackWord
    }

    /// 127.0.0.1 as the table writes it.
    private static let loopbackWord = UInt32(0x7F00_0001).bigEndian == 0x7F00_0001 ? "7F000001" : "0100007F"

    /// Whether what listens at an address of the table is reached by another.
    private static func reaching(_ address: IPAddress) -> (String) -> Bool {
        let words = address.isVersion6 ? 4 : 1
        let text = (0..<words).reversed().map { word in
            let bits = UInt32(truncatingIfNeeded: address.bits >> (32 * UInt128(word))).bigEndian
            let digits = String(bits, radix: 16, uppercase: true)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
        return { listening in
            let isAny = listening.allSatisfy { $0 == "0" }
            return isAny || (address.isVersion6 ? listening == text : listening.suffix(8) == text)
        }
    }
}
