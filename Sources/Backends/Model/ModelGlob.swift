// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A pattern for model IDs: `*` stands for any text, `?` for any byte, everything else for itself.
package struct ModelGlob: Hashable, Sendable {
    private let pattern: [UInt8]

    package init(_ pattern: String) {
        self.pattern = Array(pattern.utf8)
    }

    /// Whether a text may stand for more than one ID.
    package static func isPattern(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// What the IDs begin with that a pattern matches: its text before the first wildcard.
    static func literalPrefix(of pattern: String) -> String {
        String(pattern.utf8.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }) ?? ""
    }

    /// Whether a text may match both, as far as their beginnings, ends and lengths tell.
    package func mayOverlap(_ other: ModelGlob) -> Bool {
        func isSame(_ one: UInt8, _ other: UInt8) -> Bool {
            one == other || one == UInt8(ascii: "?") || other == UInt8(ascii: "?")
        }
        func agree(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
            zip(one, other).prefix { $0 != UInt8(ascii: "*") && $1 != UInt8(ascii: "*") }.allSatisfy(isSame)
        }
        let isFixed = [self, other].map { !$0.pattern.contains(UInt8(ascii: "*")) }
        let lengths = [self, other].map { $0.pattern.count { $0 != UInt8(ascii: "*") } }
        if isFixed[0], lengths[0] < lengths[1] { return false }
        if isFixed[1], lengths[1] < lengths[0] { return false }
        return agree(pattern, other.pattern) && agree(pattern.reversed(), other.pattern.reversed())
    }

    /// In time proportional to the two lengths, whatever the pattern.
    package func matches(_ text: String) -> Bool {
        let text = text.utf8.span
        var (p, t) = (0, 0)
        // Where to go on if the pattern after the last star does not match here.
        var retry: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] || pattern[p] == UInt8(ascii: "?") {
                (p, t) = (p + 1, t + 1)
            } else if let (star, start) = retry {
                retry = (star, start + 1)
                (p, t) = (star + 1, start + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
