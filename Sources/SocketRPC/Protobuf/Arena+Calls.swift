// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What generated code asks of the arena while it answers a call.
extension Arena {
    /// `decode`, with the status that the caller of the method gets for a request that cannot be read.
    package func decoding(_ descriptor: MessageDescriptor, _ bytes: RawSpan) throws(RPCStatus) -> UnsafeRawPointer {
        do throws(PayloadError) {
            return unsafe try decode(descriptor, bytes)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// `prepare`, with the status that the caller of the method gets when the reply cannot be written.
    package func preparing<Message: ProtobufMessage>(_ message: Message) throws(RPCStatus) -> PreparedMessage {
        do throws(PayloadError) {
            return try prepare(message)
        } catch {
            throw RPCStatus(error)
        }
    }
}
