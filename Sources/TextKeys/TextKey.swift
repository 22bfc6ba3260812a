// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A text that is equal to itself alone: its UTF-8 is compared, hashed and ordered byte by byte.
///
/// `String` takes texts for equal that Unicode calls canonically equivalent, such as an `é` of one code point and of two. A name
/// from outside is what its bytes say: it may be part of a file's name, or a key of another program.
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

    /// Mixes in the bytes, eight at a time.
    @inlinable public func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count & 7 == 0 { hasher.combine(word) }
        }
        if count & 7 != 0 { hasher.combine(word) }
        hasher.combine(count)
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
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Whether this comes first by its bytes, which is also the order of code points.
    @inlinable public func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
