// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

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

    /// Adds a pair whose value is not text. Its key ends in `-bin`, and the value is kept as gRPC writes it, in Base64.
    package mutating func append(_ key: String, bytes: [UInt8]) {
        append(key, Base64.encode(bytes))
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The values of a key in the order sent; `key` is compared without case.
    package func values(of key: String) -> [String] {
        guard !entries.isEmpty else { return [] }
        let key = key.lowercased()
        return entries.compactMap { $0.key == key ? $0.value : nil }
    }

    /// The values of a key that ends in `-bin`; what is no Base64 is left out.
    package func bytes(of key: String) -> [[UInt8]] {
        values(of: key).compactMap { Base64.decode(ByteBuffer(Array($0.utf8)).bytes) }
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
