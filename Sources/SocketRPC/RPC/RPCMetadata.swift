// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The key-value pairs that a caller sends with its request, in the order sent.
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

    /// Appends a pair; the key is converted to lower case.
    package mutating func append(_ key: String, _ value: String) {
        entries.append(Entry(key: key.lowercased(), value: value))
    }

    /// Appends a pair whose value is not text. Its key must end in `-bin`; the value is kept as gRPC writes it, in
    /// Base64.
    package mutating func append(_ key: String, bytes: [UInt8]) {
        append(key, Base64.encode(bytes))
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The values of a key in the order sent; the case of `key` is ignored.
    package func values(of key: String) -> [String] {
        guard !entries.isEmpty else { return [] }
        let key = key.lowercased()
        return entries.compactMap { $0.key == key ? $0.value : nil }
    }

    /// The values of a key that ends in `-bin`; values that are not Base64 are left out.
    package func bytes(of key: String) -> [[UInt8]] {
        values(of: key).compactMap { Base64.decode(Array($0.utf8)) }
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
