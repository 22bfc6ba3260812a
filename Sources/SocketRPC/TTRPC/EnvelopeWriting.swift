// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Writes the parts of envelopes.
enum EnvelopeWriting {
    /// The size of a number, in bytes.
    static func size(ofNumber value: UInt64) -> Int {
        (70 &- (value | 1).leadingZeroBitCount) / 7
    }

    /// The size of a field with `count` bytes and a field number under 16.
    static func size(ofField count: Int) -> Int {
        1 + size(ofNumber: UInt64(count)) + count
    }

    /// The size of a field that is left out if it is empty.
    static func size(ofOptionalField count: Int) -> Int {
        count == 0 ? 0 : size(ofField: count)
    }

    static func appendNumber(_ value: UInt64, to buffer: inout ByteBuffer) {
        var rest = value
        while rest >= 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Begins a field of `count` bytes, which the caller appends next.
    static func appendField(_ field: UInt8, count: Int, to buffer: inout ByteBuffer) {
        buffer.append(field << 3 | EnvelopeCursor.lengthDelimited)
        appendNumber(UInt64(count), to: &buffer)
    }

    /// Appends text, or nothing if it is empty.
    static func appendText(_ field: UInt8, _ text: String, to buffer: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        appendField(field, count: text.utf8.count, to: &buffer)
        buffer.append(utf8: text)
    }
}
