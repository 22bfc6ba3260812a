// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// A server and its port, as configurations and headers write them: `host:port`, or `[address]:port` for IPv6.
package struct HostPort: Hashable, Sendable {
    /// A name in lower case, or an IP address without brackets.
    package let host: String
    package let port: UInt16
    /// Nil when the host is a name.
    package let address: IPAddress?

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
        host = address.description
    }

    /// - Throws: What is wrong with the text, without quoting it.
    package init(parsing text: String) throws(Problem) {
        guard text.utf8.count <= 300 else { throw Problem("is too long for host:port") }
        var host = Substring(text)
        let port: Substring
        if host.first == "[" {
            guard let close = host.firstIndex(of: "]"), host[close...].dropFirst().first == ":" else {
                throw Problem("is not [address]:port")
            }
            port = host[close...].dropFirst(2)
            host = host[..<close].dropFirst()
            guard let address = IPAddress(String(host)) else {
                throw Problem("does not have an IPv6 address between its brackets")
            }
            self.init(address, port: try Self.number(port))
            return
        }
        guard let colon = host.firstIndex(of: ":") else {
            throw Problem("has no port; write host:port or [address]:port")
        }
        port = host[colon...].dropFirst()
        host = host[..<colon]
        guard !port.contains(":") else {
            throw Problem("has several colons; write an IPv6 address in brackets, such as [::1]:8033")
        }
        let number = try Self.number(port)
        if let address = IPAddress(String(host)) {
            self.init(address, port: number)
            return
        }
        guard Self.isName(host) else { throw Problem("has a host that is neither a name nor an IP address") }
        self.init(name: host.lowercased(), port: number)
    }

    private init(name: String, port: UInt16) {
        address = nil
        host = name
        self.port = port
    }

    private static func number(_ text: Substring) throws(Problem) -> UInt16 {
        guard let port = UInt16(text), port > 0, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Problem("has a port that is not a number from 1 to 65535")
        }
        return port
    }

    /// Whether a text is labels of letters, digits, dashes and underscores. The last must not be a number, or resolvers take the text for
    /// an address.
    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last else { return false }
        let isMade = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isNameByte)
        }
        return isMade && !last.utf8.allSatisfy { (48...57).contains($0) } && !last.lowercased().hasPrefix("0x")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension HostPort: CustomStringConvertible {
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
