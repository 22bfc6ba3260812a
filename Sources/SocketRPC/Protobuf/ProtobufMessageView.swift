// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A decoded message that is borrowed from an arena: nothing is copied until it is asked for.
package protocol ProtobufMessageView: ~Copyable, SendableMetatype {
    associatedtype Message: ProtobufMessage

    @safe init(_ memory: UnsafeRawPointer)

    /// The message as a value.
    func copied() -> Message
}

extension ProtobufMessageView where Self: ~Copyable {
    /// Checks and decodes a message, and lends a view of it for the time of `body`.
    @inlinable
    package static func withView<Result: ~Copyable>(
        decoding bytes: RawSpan, arena: Arena, _ body: (borrowing Self) throws(RPCStatus) -> Result
    ) throws(RPCStatus) -> Result {
        let memory: UnsafeRawPointer
        do throws(PayloadError) {
            unsafe memory = try arena.decode(Message.descriptor, bytes)
        } catch {
            throw RPCStatus(error)
        }
        return try body(Self(memory))
    }
}
