// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO
internal import TestSupport
internal import Testing

@Suite struct ArenaTests {
    @Test func `a new arena has nothing in use`() {
        #expect(Arena().bytesInUse == 0)
    }

    @Test func `reset takes everything back`() throws {
        let arena = Arena()
        let message = FixtureScalars(aString: "text", someBytes: [1, 2, 3])
        let inUse = try (0..<50).map { _ in
            _ = try arena.prepare(message).byteCount
            defer { arena.reset() }
            return arena.bytesInUse
        }
        #expect(Set(inUse).count == 1)
        #expect(inUse[0] > 0)
        #expect(arena.bytesInUse == 0)
    }

    @Test(arguments: [1, 100, 4_000, 4_096, 5_000, 60_000, 70_000, 1_000_000])
    func `messages of any size go in and out, one after the other`(_ size: Int) throws {
        let arena = Arena()
        for round in 0..<4 {
            let message = FixtureLists(
                strings: (0..<3).map { String(repeating: "\($0)", count: size + round) },
                byteStrings: [[UInt8](repeating: UInt8(round), count: size)])
            var buffer = ByteBuffer()
            try arena.prepare(message).write(into: &buffer)
            arena.reset()
            #expect(try FixtureLists(decoding: buffer.bytes, arena: arena) == message)
            arena.reset()
        }
    }

    @Test func `several messages lie in an arena side by side`() throws {
        let arena = Arena()
        let first = try arena.prepare(FixtureTree(label: "first"))
        let second = try arena.prepare(FixtureTree(label: "second"))
        var buffer = ByteBuffer()
        second.write(into: &buffer)
        first.write(into: &buffer)
        #expect(buffer.copied() == hex("0a 06 73 65 63 6f 6e 64 0a 05 66 69 72 73 74"))
    }

    @Test func `a prepared message is written behind what the buffer has`() throws {
        let arena = Arena()
        let prepared = try arena.prepare(FixtureTree(label: "ab"))
        #expect(prepared.byteCount == 4)
        var buffer = ByteBuffer([9, 9])
        prepared.write(into: &buffer)
        prepared.write(into: &buffer)
        #expect(buffer.copied() == hex("09 09 0a 02 61 62 0a 02 61 62"))
    }

    @Test func `an empty message is written as nothing`() throws {
        let arena = Arena()
        let prepared = try arena.prepare(FixtureNothing())
        #expect(prepared.byteCount == 0)
        var buffer = ByteBuffer()
        prepared.write(into: &buffer)
        #expect(buffer.copied() == [])
    }
}
