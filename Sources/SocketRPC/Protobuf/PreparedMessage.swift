// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// A message that is encoded in an arena, ready to be written.
///
/// Valid until the arena is reset.
@safe package struct PreparedMessage: ~Copyable {
    private let bytes: UnsafePointer<UInt8>
    /// The size of the encoded message, in bytes.
    package let byteCount: Int

    init(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int) {
        unsafe self.bytes = unsafe bytes
        self.byteCount = byteCount
    }

    /// Appends the encoded message to a buffer.
    package borrowing func write(into buffer: inout ByteBuffer) {
        let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: byteCount)
        unsafe buffer.appendUninitialized(byteCount) { target in
            unsafe target.copyMemory(from: bytes)
        }
    }
}
