// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos
package import SystemIO

/// A message that is stored in an arena and measured, ready to be written.
///
/// Valid until the arena is reset.
@safe package struct PreparedMessage: ~Copyable {
    /// Nil if it was encoded before.
    private let message: UnsafePointer<ProtobufCMessage>?
    private let encoded: [UInt8]
    /// The size of the encoded message, in bytes.
    package let byteCount: Int

    @usableFromInline
    init(_ message: UnsafePointer<ProtobufCMessage>) {
        unsafe self.message = unsafe message
        encoded = []
        byteCount = unsafe protobuf_c_message_get_packed_size(message)
    }

    /// A message that was encoded before.
    package init(encoded: [UInt8]) {
        unsafe message = nil
        self.encoded = encoded
        byteCount = encoded.count
    }

    /// Appends the encoded message to a buffer.
    package borrowing func write(into buffer: inout ByteBuffer) {
        guard let message = unsafe message else { return buffer.append(contentsOf: encoded) }
        unsafe buffer.appendUninitialized(byteCount) { target in
            guard let base = target.baseAddress else { return }
            _ = unsafe protobuf_c_message_pack(message, base.assumingMemoryBound(to: UInt8.self))
        }
    }
}
