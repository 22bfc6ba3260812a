// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The key-value pairs a caller sends beside its request, in the order sent.
///
/// Keys are lower case here, whatever the peer wrote; a key may repeat.
package struct RPCMetadata: Hashable, Sendable {
    /// One pair.
    package struct Entry: Hashable, Sendable {
        package let key: String
        package let value: String
    }

    package private(set) var entries: [Entry]

    package init() {
        entries = []
    }

    /// Adds a pair behind the others; the key is lower-cased.
    package mutating func append(_ key: String, _ value: String) {
        entries.append(Entry(key: key.lowercased(), value: value))
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The values of a key in the order sent; `key` is compared without case.
    package func values(of key: String) -> [String] {
        guard !entries.isEmpty else { return [] }
        let key = key.lowercased()
        return entries.compactMap { $0.key == key ? $0.value : nil }
    }

    /// The first value of a key.
    package func first(_ key: String) -> String? {
        guard !entries.isEmpty else { return nil }
        let key = key.lowercased()
        return entries.first { $0.key == key }?.value
    }
}

extension RPCMetadata: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (key, value) in elements {
            append(key, value)
        }
    }
}
