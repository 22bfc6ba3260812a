// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos
package import SystemIO

/// A message that is stored in an arena and measured: what is left is to write it where it goes.
///
/// Valid until the arena is reset.
@safe package struct PreparedMessage: ~Copyable {
    private let message: UnsafePointer<ProtobufCMessage>
    /// How many bytes the encoded message has.
    package let byteCount: Int

    @usableFromInline
    init(_ message: UnsafePointer<ProtobufCMessage>) {
        unsafe self.message = unsafe message
        byteCount = unsafe protobuf_c_message_get_packed_size(message)
    }

    /// Encodes the message at the end of a buffer.
    package borrowing func write(into buffer: inout ByteBuffer) {
        let message = unsafe message
        unsafe buffer.appendUninitialized(byteCount) { target in
            guard let base = target.baseAddress else { return }
            _ = unsafe protobuf_c_message_pack(message, base.assumingMemoryBound(to: UInt8.self))
        }
    }
}
