// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A place on this host where an instance listens, or is told to.
package enum ListeningPlace: Hashable, Sendable {
    /// A port of a loopback address.
    case port(UInt16)
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
        guard ["localhost", "127.0.0.1", "0.0.0.0", "::1", "::"].contains(place.host) else { return nil }
        self = .port(place.port)
    }

    /// The probe that looks whether connections are accepted there.
    var probe: Probe.Kind {
        switch self {
        case .port(let port): .tcp(port: port)
        case .socket(let path): .unix(path: path)
        }
    }
}

extension ListeningPlace: CustomStringConvertible {
    package var description: String {
        switch self {
        case .port(let port): "port \(port)"
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
    package var isTaken: Bool? { sockets.map { !$0.isEmpty } }

    /// Whether it cannot be listened at, found out by trying.
    package var isRefused: Bool {
        guard case .port(let port) = self else { return false }
        return !PortAllocator.isFree(port)
    }

    /// Whether one of the processes listens there.
    package func owner(among processes: [Int32]) -> Owner {
        guard let sockets, !sockets.isEmpty else { return .unknown }
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
        guard let sockets, !sockets.isEmpty else { return nil }
        return ProcessTable.all().first { Self.holds($0.pid, sockets) == true }?.pid
    }

    /// The inodes of the sockets that listen there.
    private var sockets: Set<String>? {
        switch self {
        case .port(let port):
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { Self.lines(of: $0) }
            if tables.isEmpty { return nil }
            return Set(tables.joined().compactMap { Self.socket(inTCP: $0, at: port) })
        case .socket(let path):
            return Self.lines(of: "/proc/net/unix").map { Set($0.compactMap { Self.socket(inUnix: $0, at: path) }) }
        }
    }

    private static func lines(of table: String) -> [Substring]? {
        guard let bytes = try? File.read(path: table, limit: tableLimit) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { $0 }
    }

    /// `sl local_address rem_address st … inode`, where state 0A is listening.
    private static func socket(inTCP line: Substring, at port: UInt16) -> String? {
        let fields = line.split(separator: " ", maxSplits: 10)
        guard fields.count > 9, fields[3] == "0A" else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, UInt16(local[1], radix: 16) == port, isReachedByLoopback(local[0]) else { return nil }
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

    /// `Num RefCount Protocol Flags Type St Inode Path`, where flag 0x10000 is listening.
    private static func socket(inUnix line: Substring, at path: String) -> String? {
        let fields = line.split(separator: " ", maxSplits: 7)
        guard fields.count == 8, fields[7].utf8.elementsEqual(path.utf8) else { return nil }
        guard let flags = UInt32(fields[3], radix: 16), flags & 0x10000 != 0 else { return nil }
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
            guard let bytes = try? File.read(path: "\(path)/\(name)", limit: 1 << 20) else { continue }
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
