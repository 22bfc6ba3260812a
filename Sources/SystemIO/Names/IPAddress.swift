// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// An address of the Internet Protocol, version 4 or 6.
///
/// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) becomes the IPv4 address.
package struct IPAddress: Hashable, Sendable {
    package let isVersion6: Bool
    /// The address as a number; an IPv4 address takes the lowest 32 bits.
    package let bits: UInt128

    /// `127.0.0.1`.
    package static let loopback = IPAddress(version4: 0x7F00_0001)
    /// `::1`.
    package static let loopback6 = IPAddress(version6: 1)

    package init(version4 bits: UInt32) {
        isVersion6 = false
        self.bits = UInt128(bits)
    }

    package init(version6 bits: UInt128) {
        let isMapped = bits >> 32 == 0xFFFF
        isVersion6 = !isMapped
        self.bits = isMapped ? bits & 0xFFFF_FFFF : bits
    }

    /// Reads four decimal numbers, or IPv6 without a zone; nil for everything else, such as octal or shortened forms.
    package init?(_ text: String) {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(version4: UInt32(truncatingIfNeeded: Self.number(bytes[..<4])))
        } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(version6: Self.number(bytes[...]))
        } else {
            return nil
        }
    }

    /// Whether it is the address of an interface of this host.
    package var isOwn: Bool { unsafe csys_is_own_address(description) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Whether it stands for this host, its link or a group of hosts: loopback, link-local, unspecified, multicast,
    /// broadcast.
    package var isSpecial: Bool {
        guard isVersion6 else {
            let first = bits >> 24
            return first == 0 || first == 127 || first >= 224 || bits >> 16 == 0xA9FE
        }
        if bits >> 96 == 0x0064_FF9B, (bits >> 32) & 0xFFFF_FFFF_FFFF_FFFF == 0 {
            // The network translates it to IPv4.
            return IPAddress(version4: UInt32(truncatingIfNeeded: bits)).isSpecial
        }
        return bits >> 32 == 0 || bits >> 120 == 0xFF || bits >> 118 == 0x3FA
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        guard isVersion6 else {
            return [24, 16, 8, 0].map { String((bits >> $0) & 0xFF) }.joined(separator: ".")
        }
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: bits >> (120 - 8 * $0)) }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let base = text.baseAddress, unsafe inet_ntop(AF_INET6, bytes, base, 64) != nil else { return "" }
            return unsafe String(cString: base)
        }
    }
}

/// All addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or a single one.
package struct AddressBlock: Hashable, Sendable {
    private let first: IPAddress
    private let prefix: Int

    /// Nil if the text is not an address, the length does not fit it, or bits after the prefix are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.isVersion6 ? 128 : 32
        var prefix = width
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...width).contains(length), parts[1].utf8.count <= 3,
                parts[1].utf8.allSatisfy({ (48...57).contains($0) })
            else { return nil }
            prefix = length
        }
        let rest = UInt128(width - prefix)
        guard rest == 128 ? address.bits == 0 : (address.bits >> rest) << rest == address.bits else { return nil }
        first = address
        self.prefix = prefix
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.isVersion6 == first.isVersion6 else { return false }
        let rest = (first.isVersion6 ? 128 : 32) - prefix
        // A shift by the whole width leaves nothing to compare.
        return address.bits >> UInt128(rest) == first.bits >> UInt128(rest)
    }
}
