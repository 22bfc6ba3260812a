// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A text that is equal only to itself: its UTF-8 is compared, hashed and ordered byte by byte.
///
/// `String` compares texts that Unicode calls canonically equivalent as equal, such as an `é` of one code point and one
/// of two. A name from outside is what its bytes say: it may be part of a file name, or a key of another program.
@frozen public struct TextKey: Sendable {
    /// The text as it came.
    public let text: String

    /// The key of a text.
    @inlinable public init(_ text: String) {
        self.text = text
    }
}

extension TextKey: Hashable {
    /// Whether both have the same bytes.
    @inlinable public static func == (one: TextKey, other: TextKey) -> Bool { one.text.isIdentical(to: other.text) }

    /// Mixes in the bytes, eight at a time. The hash of `String` would be the same for all equivalent texts, of which a
    /// client can create any number.
    @inlinable public func hash(into hasher: inout Hasher) {
        let bytes = text.utf8Span.span
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word << 8 | UInt64(bytes[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        if bytes.count & 7 != 0 { hasher.combine(word) }
        hasher.combine(bytes.count)
    }
}

extension TextKey: Comparable {
    /// The order of the bytes.
    @inlinable public static func < (one: TextKey, other: TextKey) -> Bool { one.text.precedes(other.text) }
}

extension TextKey: ExpressibleByStringLiteral {
    /// The key of a text in the source.
    @inlinable public init(stringLiteral value: String) { self.init(value) }
}

extension String {
    /// Whether both have the same bytes.
    @inlinable public func isIdentical(to other: String) -> Bool {
        // `String` compares ASCII fastest, and there the two kinds of equality are one.
        guard utf8.count == other.utf8.count, self == other else { return false }
        return utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8)
    }

    /// Whether this text comes first in the order of bytes, which is also the order of code points.
    @inlinable public func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
