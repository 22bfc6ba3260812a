// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// All addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or a single one.
package struct AddressBlock: Hashable, Sendable {
    private let first: IPAddress
    private let prefix: Int

    /// Nil where it is no address, the length does not fit it, or bits behind the prefix are set.
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
