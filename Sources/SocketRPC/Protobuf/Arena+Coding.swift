// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

private import CProtos

extension Arena {
    /// Checks and decodes a message into the arena. The struct is valid until the next reset, and not to be written to.
    ///
    /// - Throws: `malformed` if the check fails, `tooLarge` if the limit is exceeded.
    package func decode(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(PayloadError) -> UnsafeRawPointer {
        unsafe try bytes.withUnsafeBytes { (source) throws(PayloadError) in
            guard let storage = unsafe storage else { throw tooLarge }
            var message: UnsafeMutableRawPointer?
            let base = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let finding = unsafe message_decode(storage, descriptor.pointer, base, source.count, &message)
            if let message = unsafe message { return UnsafeRawPointer(message) }
            throw unsafe finding.fault == MESSAGE_NO_MEMORY ? tooLarge : PayloadError(finding)
        }
    }

    /// Stores a message in the arena and encodes it there, ready to be written.
    @inlinable
    package func prepare<Message: ProtobufMessage>(_ message: Message) throws(PayloadError) -> PreparedMessage {
        let memory = unsafe try allocate(Message.storageSize)
        try message.store(into: memory, self)
        return unsafe try encode(UnsafeRawPointer(memory))
    }

    /// Takes in a message that was encoded before.
    package func prepare(encoded bytes: [UInt8]) throws(PayloadError) -> PreparedMessage {
        let copy = unsafe try self.bytes(bytes)
        return unsafe PreparedMessage(copy.data, copy.len)
    }

    /// Encodes a message that is stored in the arena.
    @usableFromInline
    func encode(_ stored: UnsafeRawPointer) throws(PayloadError) -> PreparedMessage {
        guard let storage = unsafe storage else { throw tooLarge }
        var count = 0
        let message = unsafe stored.assumingMemoryBound(to: ProtobufCMessage.self)
        guard let bytes = unsafe message_write(storage, message, &count) else { throw tooLarge }
        return unsafe PreparedMessage(bytes, count)
    }
}

// For generated code that answers a call.
extension Arena {
    /// `decode`, with the status that the client gets for a request that does not decode.
    package func decoding(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(RPCStatus) -> UnsafeRawPointer {
        do throws(PayloadError) {
            return unsafe try decode(descriptor, bytes)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// `prepare(encoded:)`, with the status that the client gets if the reply does not fit.
    package func preparing(encoded bytes: [UInt8]) throws(RPCStatus) -> PreparedMessage {
        do throws(PayloadError) {
            return try prepare(encoded: bytes)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// `prepare`, with the status that the client gets if the reply cannot be encoded.
    package func preparing<Message: ProtobufMessage>(_ message: Message) throws(RPCStatus) -> PreparedMessage {
        do throws(PayloadError) {
            return try prepare(message)
        } catch {
            throw RPCStatus(error)
        }
    }
}
