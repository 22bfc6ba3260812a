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

    /// The place that an address means to clients: `unix:PATH`, or `HOST:PORT` of this host, with or without a scheme before and a
    /// path after it. Nil for an address that may be elsewhere.
    package init?(address: String) {
        if address.hasPrefix("unix:") {
            let path = address.dropFirst(5)
            self = .socket(path.hasPrefix("///") ? String(path.dropFirst(2)) : String(path))
            return
        }
        var rest = Substring(address)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        if let slash = rest.firstIndex(of: "/") { rest = rest[..<slash] }
        guard let place = try? HostPort(parsing: String(rest)) else { return nil }
        let host = place.host.lowercased()
        let address = IPAddress(host)
        if Self.loopback.contains(host) || address.map({ Self.loopback.contains($0.description) }) == true {
            self = .port(place.port)
        } else if address?.isOwn == true || host == ProcessInformation.hostName.lowercased() {
            self = .portOfHost(place.port, address)
        } else {
            return nil
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

    private static let tableLimit = 1 << 24

    /// Whether any process listens there; nil where the system does not show it.
    package var isTaken: Bool? { sockets.map { !$0.isEmpty || acceptor != nil } }

    /// Whether it cannot be listened at, found out by trying.
    package var isRefused: Bool {
        guard let port else { return false }
        return !PortAllocator.isFree(port)
    }

    /// Whether one of the processes listens there.
    package func owner(among processes: [Int32]) -> Owner {
        guard let sockets else { return .unknown }
        if sockets.isEmpty {
            guard let acceptor, acceptor > 0 else { return .unknown }
            return processes.contains(acceptor) ? .own : .other
        }
        var isHidden = false
        for process in processes {
            switch Self.holds(process, sockets) {
            case true?: return .own
            case false?: continue
            case nil: isHidden = true
            }
        }
        return isHidden ? .unknown : .other
    }

    /// A process that listens there; looks at all processes of the host.
    package func listener() -> Int32? {
        guard let sockets else { return nil }
        if sockets.isEmpty { return acceptor.flatMap { $0 > 0 ? $0 : nil } }
        return ProcessTable.all().first { Self.holds($0.pid, sockets) == true }?.pid
    }

    /// The inodes of the sockets that listen there.
    private var sockets: Set<String>? {
        switch self {
        case .port(let port):
            return Self.socketsInTCP(at: port) { Self.isReachedByLoopback($0) }
        case .portOfHost(let port, let address):
            return Self.socketsInTCP(at: port) { address.map(Self.reaching)?($0) ?? true }
        case .socket(let path):
            let file = Self.file(path)
            return Self.lines(of: "/proc/net/unix").map { lines in
                Set(lines.compactMap { Self.socket(inUnix: $0) { Self.isName($0, of: path, file) } })
            }
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
    private static func isName(_ name: Substring, of path: String, _ file: FileIdentity?) -> Bool {
        if name.utf8.elementsEqual(path.utf8) { return true }
        guard let file, name.hasPrefix("/") else { return false }
        return Self.file(String(name)) == file
    }

    private static func socketsInTCP(at port: UInt16, _ isReached: (Substring) -> Bool) -> Set<String>? {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { lines(of: $0) }
        if tables.isEmpty { return nil }
        return Set(tables.joined().compactMap { socket(inTCP: $0, at: port, isReached) })
    }

    private static func lines(of table: String) -> [Substring]? {
        guard let bytes = try? File.read(path: table, limit: tableLimit) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { $0 }
    }

    /// `sl local_address rem_address st … inode`, where state 0A is listening.
    private static func socket(
        inTCP line: Substring, at port: UInt16, _ isReached: (Substring) -> Bool
    ) -> String? {
        let fields = line.split(separator: " ", maxSplits: 10)
        guard fields.count > 9, fields[3] == "0A" else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, UInt16(local[1], radix: 16) == port, isReached(local[0]) else { return nil }
        return String(fields[9])
    }

    /// Words of four bytes each, in the byte order of the machine.
    private static func isReachedByLoopback(_ address: Substring) -> Bool {
        let mapped = "0000000000000000FFFF0000"
        if address.count == 32, !address.hasPrefix(mapped) {
            return address.allSatisfy { $0 == "0" } || address == "00000000000000000000000001000000"
        }
        let address = address.suffix(8)
        return address == "00000000" || address.hasSuffix("7F")
    }

    /// Whether what listens at an address of the table is reached by another.
    private static func reaching(_ address: IPAddress) -> (Substring) -> Bool {
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

    /// `Num RefCount Protocol Flags Type St Inode Path`, where flag 0x10000 is listening.
    private static func socket(inUnix line: Substring, _ isName: (Substring) -> Bool) -> String? {
        let fields = line.split(separator: " ", maxSplits: 7)
        guard fields.count == 8 else { return nil }
        guard let flags = UInt32(fields[3], radix: 16), flags & 0x10000 != 0, isName(fields[7]) else { return nil }
        return String(fields[6])
    }

    /// Whether a process has one of the sockets open; nil where that is not shown.
    private static func holds(_ process: Int32, _ sockets: Set<String>) -> Bool? {
        let path = "/proc/\(process)/fdinfo"
        let names: [String]
        do throws(SystemError) {
            names = try Directory(path: path).names()
        } catch {
            return error.isNotFound ? false : nil
        }
        var isHidden = false
        for name in names {
            // One that was closed meanwhile is none.
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try File.read(path: "\(path)/\(name)", limit: 1 << 20)
            } catch {
                if error.isOutOfDescriptors { return nil }
                continue
            }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            guard let line = lines.first(where: { $0.hasPrefix("ino:") }) else {
                isHidden = true
                continue
            }
            if sockets.contains(line.dropFirst(4).filter { $0 != "\t" && $0 != " " }) { return true }
        }
        return isHidden ? nil : false
    }
}
