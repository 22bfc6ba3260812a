// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The listening sockets of this host, as the system shows them.
struct ListeningTable: Sendable {
    enum Family: Hashable, Sendable {
        case internet
        case local
    }

    struct Entry: Sendable {
        /// The address in the system's hexadecimal digits, or the name of a Unix socket.
        let name: String
        /// 0 for a Unix socket.
        let port: UInt16
        let inode: String
    }

    private static let sizeLimit = 1 << 24

    private let entries: [Entry]

    /// Nil when the system does not show the sockets.
    init?(_ family: Family) {
        switch family {
        case .internet:
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { Self.lines(of: $0) }
            if tables.isEmpty { return nil }
            entries = tables.joined().compactMap { Self.entry(ofTCP: $0) }
        case .local:
            guard let lines = Self.lines(of: "/proc/net/unix") else { return nil }
            entries = lines.compactMap { Self.entry(ofUnix: $0) }
        }
    }

    func entries(at port: UInt16) -> [Entry] { entries.filter { $0.port == port } }

    /// An address as the system writes it: words of four bytes each, in the host's byte order.
    static func name(of address: IPAddress) -> String {
        let words = address.isVersion6 ? 4 : 1
        return (0..<words).reversed().map { word in
            let bits = UInt32(truncatingIfNeeded: address.bits >> (32 * UInt128(word))).bigEndian
            let digits = String(bits, radix: 16, uppercase: true)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// The inodes of the matching sockets.
    func sockets(where isReached: (Entry) -> Bool) -> Set<String> {
        Set(entries.lazy.filter(isReached).map(\.inode))
    }

    private static func lines(of table: String) -> [Substring]? {
        guard let bytes = try? File.read(path: table, limit: sizeLimit) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { $0 }
    }

    /// `sl local_address rem_address st … inode`, where state 0A is listening.
    private static func entry(ofTCP line: Substring) -> Entry? {
        let fields = line.split(separator: " ", maxSplits: 10)
        guard fields.count > 9, fields[3] == "0A" else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, let port = UInt16(local[1], radix: 16) else { return nil }
        return Entry(name: String(local[0]), port: port, inode: String(fields[9]))
    }

    /// `Num RefCount Protocol Flags Type St Inode Path`, where flag 0x10000 is listening.
    private static func entry(ofUnix line: Substring) -> Entry? {
        let fields = line.split(separator: " ", maxSplits: 7)
        guard fields.count == 8 else { return nil }
        guard let flags = UInt32(fields[3], radix: 16), flags & 0x10000 != 0 else { return nil }
        return Entry(name: String(fields[7]), port: 0, inode: String(fields[6]))
    }
}
