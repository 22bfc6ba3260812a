// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import Testing

@Suite struct GzipTests {
    private func deflated(_ bytes: [UInt8]) -> [UInt8] {
        let input = ByteBuffer(bytes)
        var output = ByteBuffer()
        #expect(Gzip().deflate(input.bytes, into: &output))
        return output.copied()
    }

    private func inflated(_ bytes: [UInt8], limit: Int = 4 << 20) throws -> [UInt8] {
        let input = ByteBuffer(bytes)
        var output = ByteBuffer()
        try Gzip().inflate(input.bytes, into: &output, limit: limit)
        return output.copied()
    }

    @Test(arguments: [0, 1, 5, 1000, 16_384, 100_000, 4 << 20])
    func `what was deflated is inflated again`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        #expect(try inflated(deflated(bytes)) == bytes)
    }

    @Test func `one object does many messages`() throws {
        let gzip = Gzip()
        for count in [10, 0, 70_000] {
            let plain = ByteBuffer([UInt8](repeating: 3, count: count))
            var packed = ByteBuffer()
            var unpacked = ByteBuffer()
            #expect(gzip.deflate(plain.bytes, into: &packed))
            try gzip.inflate(packed.bytes, into: &unpacked, limit: 1 << 20)
            #expect(unpacked.copied() == plain.copied())
        }
    }

    @Test func `a bomb is stopped at the limit`() throws {
        let bomb = deflated([UInt8](repeating: 0, count: 4 << 20))
        #expect(bomb.count < 20_000)
        let input = ByteBuffer(bomb)
        var output = ByteBuffer()
        #expect(throws: Gzip.Fault.tooLong) { try Gzip().inflate(input.bytes, into: &output, limit: 100_000) }
        #expect(output.count <= 100_001)
        #expect(try inflated(bomb).count == 4 << 20)
        #expect(throws: Gzip.Fault.tooLong) { try inflated(bomb, limit: 4 << 20 - 1) }
    }

    @Test func `what is not gzip is corrupt`() throws {
        let whole = deflated(Array("hello".utf8))
        #expect(throws: Gzip.Fault.corrupt) { try inflated([1, 2, 3]) }
        #expect(throws: Gzip.Fault.corrupt) { try inflated([]) }
        #expect(throws: Gzip.Fault.corrupt) { try inflated(Array(whole.dropLast())) }
        #expect(throws: Gzip.Fault.corrupt) { try inflated(whole + [0]) }
        var wrong = whole
        wrong[wrong.count - 6] ^= 1
        #expect(throws: Gzip.Fault.corrupt) { try inflated(wrong) }
    }
}
