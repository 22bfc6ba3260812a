// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The parts of an `http` or `https` URL.
package struct HTTPTarget: Hashable, Sendable {
    package let isSecure: Bool
    /// With brackets, if it is an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Path and query, unchanged.
    package let rest: String

    /// Nil if it is not such a URL: it has another scheme, no host, an invalid port, a user name, or a character that
    /// is not allowed.
    package init?(_ url: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        switch url[..<colon].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let afterScheme = url[colon...].dropFirst(3)
        let end = afterScheme.firstIndex { "/?#".contains($0) } ?? afterScheme.endIndex
        guard let (host, port) = Self.split(afterScheme[..<end]) else { return nil }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        let rest = afterScheme[end...].prefix { $0 != "#" }
        self.rest = rest.first == "/" ? String(rest) : "/" + rest
    }

    private static func split(_ authority: Substring) -> (host: String, port: UInt16?)? {
        guard !authority.contains("@"), !authority.contains("\\") else { return nil }
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[...close]
            let after = authority[close...].dropFirst()
            guard after.isEmpty || after.first == ":" else { return nil }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...].dropFirst()
        }
        guard !host.isEmpty, host != "[]" else { return nil }
        guard let port else { return (String(host), nil) }
        guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return (String(host), number)
    }

    /// The URL with another host name.
    package func url(naming name: String?) -> String {
        "\(isSecure ? "https" : "http")://\(name ?? host):\(port)\(rest)"
    }

    /// `host:port`, for messages.
    package var address: String { "\(host):\(port)" }
}
