// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

private import CProtos

extension Arena {
    /// Checks and decodes a message into the arena; the struct is valid until the next reset.
    ///
    /// - Throws: `malformed` and `tooLarge`, as the check and the limit have it.
    package func decode(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(PayloadError) -> UnsafeRawPointer {
        unsafe try bytes.withUnsafeBytes { (source) throws(PayloadError) in
            // protobuf-c wants an address even for a message of no bytes.
            var nothing: UInt8 = 0
            guard let base = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                return unsafe try withUnsafePointer(to: &nothing) { (empty) throws(PayloadError) in
                    unsafe try unpack(descriptor, empty, 0)
                }
            }
            let finding = unsafe message_check(descriptor.pointer, base, source.count, limit)
            if unsafe finding.fault != MESSAGE_OK {
                throw unsafe PayloadError(finding)
            }
            return unsafe try unpack(descriptor, base, source.count)
        }
    }

    private func unpack(
        _ descriptor: MessageDescriptor, _ bytes: UnsafePointer<UInt8>, _ count: Int
    ) throws(PayloadError) -> UnsafeRawPointer {
        guard let message = unsafe protobuf_c_message_unpack(descriptor.pointer, allocator, count, bytes) else {
            guard !isExhausted else {
                throw PayloadError(.tooLarge, "the message takes more than \(limit) bytes of memory")
            }
            throw PayloadError(.malformed, "\(descriptor.name) does not decode")
        }
        return UnsafeRawPointer(message)
    }

    /// Stores a message in the arena and measures it, ready to be written.
    @inlinable
    package func prepare<Message: ProtobufMessage>(_ message: Message) throws(PayloadError) -> PreparedMessage {
        let memory = unsafe try allocate(Message.storageSize)
        try message.store(into: memory, self)
        return unsafe PreparedMessage(UnsafeRawPointer(memory).assumingMemoryBound(to: ProtobufCMessage.self))
    }
}
