// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

@Suite struct GRPCMessageReaderTests {
    /// Feeds bytes in pieces of a size; gives the messages that came out.
    private func read(_ bytes: [UInt8], by size: Int) throws -> [[UInt8]] {
        var reader = GRPCMessageReader()
        var messages: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            let piece = ByteBuffer(Array(bytes[offset..<min(offset + size, bytes.count)]))
            let (count, isWhole) = try reader.take(piece.bytes)
            #expect(count > 0)
            offset += count
            if isWhole { messages.append(reader.message.copied()) }
        }
        #expect(reader.isInsideMessage == false)
        return messages
    }

    @Test(arguments: [1, 2, 3, 5, 6, 7, 100])
    func `messages come out whole, however they come in`(size: Int) throws {
        let wanted: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 9, count: 40), [4]]
        #expect(try read(wanted.flatMap { HTTP2Frame.message($0) }, by: size) == wanted)
    }

    @Test func `a message that is too long is refused by its length`() throws {
        var reader = GRPCMessageReader()
        let prefix = ByteBuffer([0, 0, 0x40, 0, 1])
        #expect(throws: GRPCMessageReader.Fault.tooLong(4 << 20 | 1)) { _ = try reader.take(prefix.bytes) }
        #expect(reader.keptCount == 0)
    }

    @Test func `a message as long as the limit is accepted`() throws {
        var reader = GRPCMessageReader()
        let prefix = ByteBuffer([0, 0, 0x40, 0, 0])
        #expect(try reader.take(prefix.bytes).isWhole == false)
        #expect(reader.isInsideMessage == true)
    }

    @Test(arguments: [UInt8(2), 128, 255])
    func `a flag other than 0 and 1 is refused`(flag: UInt8) {
        var reader = GRPCMessageReader()
        let bytes = ByteBuffer(HTTP2Frame.message([1], flag: flag))
        #expect(throws: GRPCMessageReader.Fault.unknownFlag(flag)) { _ = try reader.take(bytes.bytes) }
    }

    @Test func `a message may be taken out`() throws {
        var reader = GRPCMessageReader()
        let bytes = ByteBuffer(HTTP2Frame.message([1, 2], flag: 1) + HTTP2Frame.message([3]))
        let (count, isWhole) = try reader.take(bytes.bytes)
        #expect(isWhole)
        #expect(reader.isCompressed == true)
        #expect(reader.takeMessage().copied() == [1, 2])
        _ = try reader.take(bytes.bytes.extracting(count..<bytes.count))
        #expect(reader.isCompressed == false)
        #expect(reader.message.copied() == [3])
    }
}
