// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A message as a Swift value over the C struct that protoc-c generated; generated code conforms.
package protocol ProtobufMessage: Hashable, Sendable {
    /// The full name, `backends.v1.Backend`.
    static var protobufName: String { get }
    static var descriptor: MessageDescriptor { get }
    /// The size of protobuf-c's struct.
    static var storageSize: Int { get }

    init()

    /// Copies everything from protobuf-c's struct of this message, which was checked before: its strings are UTF-8.
    @safe init(copying memory: UnsafeRawPointer)

    /// Creates protobuf-c's struct of this message in uninitialized memory; what it points to is in the arena.
    @safe func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError)
}

extension ProtobufMessage {
    /// Checks and decodes a message.
    package init(decoding bytes: RawSpan, arena: Arena) throws(PayloadError) {
        let storage = unsafe try arena.decode(Self.descriptor, bytes)
        self.init(copying: storage)
    }

    /// Checks and decodes a message, using a temporary arena.
    package init(decoding bytes: [UInt8]) throws(PayloadError) {
        let arena = Arena()
        unsafe try self.init(decoding: bytes.span.bytes, arena: arena)
    }

    /// The encoded message. A NUL in a string becomes an escape if `escapingNUL`, otherwise it is an error.
    package func encoded(escapingNUL: Bool = false) throws(PayloadError) -> [UInt8] {
        let arena = Arena(escapesNUL: escapingNUL)
        var buffer = ByteBuffer()
        let prepared = try arena.prepare(self)
        prepared.write(into: &buffer)
        // The prepared message does not retain its arena.
        withExtendedLifetime(arena) {}
        return buffer.copied()
    }
}

/// A decoded message that is borrowed from an arena: nothing is copied until it is used.
package protocol ProtobufMessageView: ~Copyable, SendableMetatype {
    associatedtype Message: ProtobufMessage

    @safe init(_ memory: UnsafeRawPointer)

    /// The message as a value.
    func copied() -> Message
}

extension Duration {
    /// The duration that a message carries, limited to the ten thousand years that protobuf allows, so that arithmetic
    /// does not overflow.
    package init(_ duration: GoogleDuration) {
        let limit: Int64 = 315_576_000_000
        self = .seconds(min(max(duration.seconds, -limit), limit)) + .nanoseconds(Int64(duration.nanos))
    }
}

extension GoogleDuration {
    /// The message for a duration, rounded down to nanoseconds.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }
}
