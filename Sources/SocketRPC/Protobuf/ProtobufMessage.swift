// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A message as a Swift value over the C struct that protoc-c made; generated code conforms.
package protocol ProtobufMessage: Hashable, Sendable {
    /// The full name, `backends.v1.Backend`.
    static var protobufName: String { get }
    static var descriptor: MessageDescriptor { get }
    /// The size of protobuf-c's struct.
    static var storageSize: Int { get }

    init()

    /// Copies everything out of protobuf-c's struct of this message, which was checked before: its strings are UTF-8.
    @safe init(copying memory: UnsafeRawPointer)

    /// Makes protobuf-c's struct of this message in uninitialised memory; what it points to lives in the arena.
    @safe func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError)
}

extension ProtobufMessage {
    /// Checks and decodes a message.
    package init(decoding bytes: RawSpan, arena: Arena) throws(PayloadError) {
        let storage = unsafe try arena.decode(Self.descriptor, bytes)
        self.init(copying: storage)
    }

    /// Checks and decodes a message with an arena of its own.
    package init(decoding bytes: [UInt8]) throws(PayloadError) {
        let arena = Arena()
        unsafe try self.init(decoding: bytes.span.bytes, arena: arena)
    }

    /// The encoded message, with a NUL in a string as an escape if asked for, else refused.
    package func encoded(escapingNUL: Bool = false) throws(PayloadError) -> [UInt8] {
        let arena = Arena(escapesNUL: escapingNUL)
        var buffer = ByteBuffer()
        let prepared = try arena.prepare(self)
        prepared.write(into: &buffer)
        // The prepared message does not hold the arena it lies in.
        withExtendedLifetime(arena) {}
        return buffer.copied()
    }
}
