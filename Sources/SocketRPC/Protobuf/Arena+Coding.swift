// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

private import CProtos

extension Arena {
    /// Checks and decodes a message into the arena. The struct is valid until the next reset.
    ///
    /// - Throws: `malformed` if the check fails, `tooLarge` if the limit is exceeded.
    package func decode(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(PayloadError) -> UnsafeRawPointer {
        unsafe try bytes.withUnsafeBytes { (source) throws(PayloadError) in
            // protobuf-c needs an address even for an empty message.
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

// For generated code that answers a call.
extension Arena {
    /// `decode`, with the status that the caller of the method gets for a request that does not decode.
    package func decoding(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(RPCStatus) -> UnsafeRawPointer {
        do throws(PayloadError) {
            return unsafe try decode(descriptor, bytes)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// `prepare`, with the status that the caller of the method gets if the reply cannot be encoded.
    package func preparing<Message: ProtobufMessage>(_ message: Message) throws(RPCStatus) -> PreparedMessage {
        do throws(PayloadError) {
            return try prepare(message)
        } catch {
            throw RPCStatus(error)
        }
    }
}
