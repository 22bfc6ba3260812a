// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import SystemIO

// What the standard library does not offer without `unsafe`. Everything checks its bounds. It is public because the
// compiler inlines only public code across modules.
extension RawSpan {
    /// The byte at an offset.
    @inlinable
    public func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes in the machine's byte order.
    @inlinable
    public func word(at offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Four bytes, the most significant first.
    @inlinable
    public func bigEndianUInt32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Whether both have the same bytes.
    @inlinable
    public func hasSameBytes(as other: RawSpan) -> Bool {
        let count = byteCount
        guard count == other.byteCount else { return false }
        var offset = 0
        while count &- offset >= 8 {
            if word(at: offset) != other.word(at: offset) { return false }
            offset &+= 8
        }
        while offset < count {
            if byte(at: offset) != other.byte(at: offset) { return false }
            offset &+= 1
        }
        return true
    }

    /// Whether the bytes are those of an array.
    @inlinable
    public func hasSameBytes(as other: [UInt8]) -> Bool {
        hasSameBytes(as: unsafe other.span.bytes)
    }

    /// Whether the first bytes are those of an array.
    @inlinable
    public func starts(with other: [UInt8]) -> Bool {
        byteCount >= other.count && extracting(0..<other.count).hasSameBytes(as: other)
    }

    /// Whether the bytes are well-formed UTF-8 without a NUL, which protobuf-c could not represent.
    @inlinable
    public var isText: Bool {
        let count = byteCount
        var offset = 0
        while count &- offset >= 8 {
            let word = word(at: offset)
            // Subtracting one from each of eight ASCII bytes sets no high bit, unless one of them is 0.
            if (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 != 0 { return isTextBeyondASCII }
            offset &+= 8
        }
        while offset < count {
            let byte = byte(at: offset)
            if byte & 0x80 != 0 || byte == 0 { return isTextBeyondASCII }
            offset &+= 1
        }
        return true
    }

    @usableFromInline
    var isTextBeyondASCII: Bool {
        unsafe withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: UInt8.self) { text in
                guard unsafe !text.contains(0) else { return false }
                do throws(UTF8.ValidationError) {
                    _ = try UTF8Span(validating: unsafe text.span)
                    return true
                } catch {
                    return false
                }
            }
        }
    }

    /// The bytes as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A copy of the bytes.
    public var copied: [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}

extension ByteBuffer {
    /// Appends text as UTF-8.
    public mutating func append(utf8 text: String) {
        unsafe append(text.utf8Span.span.bytes)
    }
}
