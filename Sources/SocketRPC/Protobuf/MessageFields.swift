// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos

/// Reads the fields of C structs for generated code. protobuf-c leaves NULL where nothing was sent.
package enum MessageFields {
    /// A checked string; NULL is empty.
    @inlinable
    package static func string(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }

    package static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
        guard let base = unsafe data.data, unsafe data.len > 0 else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: base, count: data.len))
    }

    package static func strings(_ list: UnsafePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
        guard let list = unsafe list else { return [] }
        return (0..<count).map { unsafe string(list[$0]) }
    }

    package static func byteLists(_ list: UnsafePointer<ProtobufCBinaryData>?, _ count: Int) -> [[UInt8]] {
        guard let list = unsafe list else { return [] }
        return (0..<count).map { unsafe bytes(list[$0]) }
    }

    package static func scalars<Value, Result>(
        _ list: UnsafePointer<Value>?, _ count: Int, _ convert: (Value) -> Result
    ) -> [Result] {
        guard let list = unsafe list else { return [] }
        return (0..<count).map { unsafe convert(list[$0]) }
    }

    package static func messages<Message: ProtobufMessage, Storage>(
        _ list: UnsafePointer<UnsafeMutablePointer<Storage>?>?, _ count: Int, _ type: Message.Type
    ) -> [Message] {
        guard let list = unsafe list else { return [] }
        return (0..<count).map { index in unsafe list[index].map { Message(copying: $0) } ?? Message() }
    }

    /// Lends the bytes of a checked string, without its NUL.
    @inlinable
    package static func withUTF8<Result, Failure: Error>(
        _ text: UnsafePointer<CChar>?, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let text = unsafe text else { return try body(Span()) }
        let bytes = unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: message_text_length(text))
        return try body(unsafe Span(_unsafeElements: bytes))
    }

    /// Lends the bytes of a field.
    @inlinable
    package static func withBytes<Result, Failure: Error>(
        _ data: ProtobufCBinaryData, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe Span(_unsafeElements: UnsafeBufferPointer(start: data.data, count: data.len)))
    }
}
