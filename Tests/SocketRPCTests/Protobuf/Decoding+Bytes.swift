// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

extension ProtobufMessage {
    /// Decodes an array with an arena that the test chose.
    init(decoding bytes: [UInt8], arena: Arena) throws(PayloadError) {
        unsafe try self.init(decoding: bytes.span.bytes, arena: arena)
    }
}

extension ProtobufMessageView where Self: ~Copyable {
    /// Lends a view of an array of bytes.
    static func withView<Result>(
        decoding bytes: [UInt8], _ body: (borrowing Self) throws(RPCStatus) -> Result
    ) throws(RPCStatus) -> Result {
        let arena = Arena()
        defer { withExtendedLifetime(arena) {} }
        return try body(unsafe Self(try arena.decoding(Message.descriptor, bytes.span.bytes)))
    }
}
