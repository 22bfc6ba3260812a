// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct ByteBufferTests {
    @Test func `an empty buffer has no storage`() {
        let buffer = ByteBuffer()
        #expect(buffer.count == 0)
        #expect(buffer.capacity == 0)
        #expect(buffer.bytes.byteCount == 0)
    }

    @Test func `what is appended is read in order`() {
        var buffer = ByteBuffer()
        buffer.append(1)
        buffer.append(bigEndian: 0x0203_0405)
        buffer.append(contentsOf: [6, 7])
        let other = ByteBuffer([8, 9])
        buffer.append(other.bytes)
        #expect(buffer.copied() == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(buffer.bytes.byteCount == 9)
    }

    @Test func `consuming drops the front`() {
        var buffer = ByteBuffer([1, 2, 3])
        buffer.consume(2)
        #expect(buffer.copied() == [3])
        #expect(buffer.count == 1)
    }

    @Test func `consuming all frees the whole storage for what comes`() {
        var buffer = ByteBuffer([UInt8](repeating: 1, count: 64))
        buffer.consume(64)
        buffer.reserve(64)
        #expect(buffer.capacity == 64)
        #expect(buffer.count == 0)
    }

    @Test func `room is made by moving when enough was consumed`() {
        var buffer = ByteBuffer((0..<64).map { UInt8($0) })
        buffer.consume(48)
        buffer.append(contentsOf: [64, 65])
        #expect(buffer.capacity == 64)
        #expect(buffer.copied() == (48..<66).map { UInt8($0) })
    }

    @Test func `room is made by growing when little was consumed`() {
        var buffer = ByteBuffer((0..<64).map { UInt8($0) })
        buffer.consume(1)
        buffer.append(64)
        #expect(buffer.capacity > 64)
        #expect(buffer.copied() == (1..<65).map { UInt8($0) })
    }

    @Test func `a queue that never empties stays as small as twice its content`() {
        var buffer = ByteBuffer()
        var (next, first): (UInt8, UInt8) = (0, 0)
        for step in 0..<10_000 {
            for _ in 0..<(step < 10 ? 20 : 10) {
                buffer.append(next)
                next &+= 1
            }
            if step.isMultiple(of: 1000) { #expect(buffer.copied().first == first) }
            buffer.consume(10)
            first &+= 10
        }
        #expect(buffer.count == 100)
        #expect(buffer.capacity <= 512)
    }

    @Test func `shrinking keeps the content`() {
        var buffer = ByteBuffer((0..<100).map { UInt8($0) })
        buffer.consume(90)
        buffer.shrink(toCapacity: 4)
        #expect(buffer.capacity == 10)
        #expect(buffer.copied() == (90..<100).map { UInt8($0) })
        buffer.removeAll()
        buffer.shrink(toCapacity: 0)
        #expect(buffer.capacity == 0)
    }

    @Test func `bytes are written in place`() {
        var buffer = ByteBuffer([1])
        unsafe buffer.appendUninitialized(2) { room in
            unsafe room.copyBytes(from: [2, 3])
        }
        #expect(buffer.copied() == [1, 2, 3])
    }

    @Test func `a length is put in afterwards`() {
        var buffer = ByteBuffer([0xff])
        buffer.consume(0)
        buffer.append(bigEndian: 0)
        buffer.append(contentsOf: [1, 2])
        buffer.overwrite(at: 1, bigEndian: 0x0a0b_0c0d)
        #expect(buffer.copied() == [0xff, 0x0a, 0x0b, 0x0c, 0x0d, 1, 2])
    }

    @Test func `room for large content is made in few steps, none of them larger than twice what is there`() {
        let total = 4 << 20
        var buffer = ByteBuffer([UInt8](repeating: 1, count: 10))
        var sizes: [Int] = []
        while buffer.count < total {
            let part = buffer.reserve(partOf: total, atMost: max(buffer.count, 16 << 10))
            if sizes.last != buffer.capacity { sizes.append(buffer.capacity) }
            #expect(buffer.capacity <= 2 * (buffer.count + part))
            buffer.append(contentsOf: [UInt8](repeating: 2, count: part))
        }
        #expect(buffer.count == total)
        #expect(buffer.capacity == total)
        #expect(sizes.count <= 10)
    }

    @Test(arguments: [0, 100, 128 << 10])
    func `small content is read together with what follows`(total: Int) {
        var buffer = ByteBuffer()
        #expect(buffer.reserve(partOf: total, atMost: 1 << 20) == 1 << 20)
        #expect(buffer.capacity == 0)
    }

    @Test func `the end can be taken back`() {
        var buffer = ByteBuffer([1, 2, 3])
        buffer.removeLast(2)
        #expect(buffer.copied() == [1])
        buffer.removeLast(1)
        #expect(buffer.count == 0)
    }

    @Test func `consuming more than there is traps`() async {
        await #expect(processExitsWith: .failure) {
            var buffer = ByteBuffer([1])
            buffer.consume(2)
        }
    }
}
