// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The servers that headers may name: host names, with `*` and `?`, or address blocks, each for all ports or some.
///
/// A route to an address needs a block that contains the address. A route to a name needs an entry for the name, or blocks for all its
/// addresses. A special address, such as a loopback, link-local or multicast address, always needs a block, whatever the name.
package struct RouteAllowList: Hashable, Sendable {
    private enum Host: Hashable, Sendable {
        case names(ModelGlob)
        case addresses(AddressBlock)
    }

    private struct Rule: Hashable, Sendable {
        var host: Host
        var ports: ClosedRange<UInt16>

        func names(_ name: String) -> Bool {
            switch host {
            case .names(let glob): glob.matches(name)
            case .addresses: false
            }
        }

        func holds(_ address: IPAddress) -> Bool {
            switch host {
            case .names: false
            case .addresses(let block): block.contains(address)
            }
        }

        var isAboutAddresses: Bool {
            switch host {
            case .names: false
            case .addresses: true
            }
        }
    }

    private var rules: [Rule] = []

    package init() {}

    package var isEmpty: Bool { rules.isEmpty }

    /// Adds an entry: `*.models.internal:8033`, `10.0.0.0/8`, `[fd00::/8]:8000-8100`.
    package mutating func add(_ text: String) throws(Problem) {
        var (host, ports) = (Substring(text), Substring?.none)
        if host.first == "[" {
            guard let close = host.firstIndex(of: "]") else { throw Problem("has a [ that is not closed") }
            let after = host[close...].dropFirst()
            guard after.isEmpty || after.first == ":" else {
                throw Problem("has text after ] that is not a port")
            }
            ports = after.isEmpty ? nil : after.dropFirst()
            host = host[..<close].dropFirst()
        } else if host.count(where: { $0 == ":" }) == 1, let colon = host.firstIndex(of: ":") {
            ports = host[colon...].dropFirst()
            host = host[..<colon]
        }
        rules.append(Rule(host: try Self.host(String(host)), ports: try Self.ports(ports)))
    }

    private static func host(_ text: String) throws(Problem) -> Host {
        if let block = AddressBlock(text) { return .addresses(block) }
        guard !text.contains("/"), !text.contains(":") else {
            throw Problem("is not an address block such as 10.0.0.0/8 or [fd00::/8]:8033")
        }
        let isName =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "-_.*?".utf8.contains(byte)
            }
        guard isName else { throw Problem("is neither a host name nor an address block") }
        // Patterns are compared with names only, so that this one would never match.
        guard !text.contains(where: \.isNumber) || text.contains(where: \.isLetter) else {
            throw Problem("is a pattern for addresses; write an address block such as 10.0.0.0/8")
        }
        return .names(ModelGlob(text.lowercased()))
    }

    private static func ports(_ text: Substring?) throws(Problem) -> ClosedRange<UInt16> {
        guard let text else { return 1...UInt16.max }
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1], low > 0,
            low <= high
        else { throw Problem("has a port that is neither a number nor a range such as 8000-8100") }
        return low...high
    }

    /// Whether a route to an address is allowed.
    package func allows(_ address: IPAddress, port: UInt16) -> Bool {
        rules.contains { $0.ports.contains(port) && $0.holds(address) }
    }

    /// Whether a name is worth looking up: an entry may allow the name or its addresses.
    package func mayAllow(_ name: String, port: UInt16) -> Bool {
        rules.contains { $0.ports.contains(port) && ($0.isAboutAddresses || $0.names(name)) }
    }

    /// Whether a route to a name with these addresses is allowed, whichever address is chosen.
    package func allows(_ name: String, at addresses: [IPAddress], port: UInt16) -> Bool {
        let isNamed = rules.contains { $0.ports.contains(port) && $0.names(name) }
        return !addresses.isEmpty
            && addresses.allSatisfy { (isNamed && !$0.isSpecial) || allows($0, port: port) }
    }
}
