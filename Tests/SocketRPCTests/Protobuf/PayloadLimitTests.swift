// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing
import TextKeys

/// Messages that are small on the wire and large in memory, or deep.
@Suite struct PayloadLimitTests {
    /// A field with the bytes as its body.
    private func field(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = body.count
        repeat {
            length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return [tag] + length + body
    }

    /// A choice in a choice in a choice, `depth` of them in the outermost.
    private func nested(_ depth: Int) -> [UInt8] {
        (0..<depth).reduce(into: []) { bytes, _ in bytes = field(0x4A, bytes) }
    }

    @Test func `a hundred messages in each other are read, one more is malformed`() throws {
        var message = try FixtureChoice(decoding: nested(100))
        var depth = 0
        while case .again(let inner) = message.pick {
            message = inner
            depth += 1
        }
        #expect(depth == 100)
        let error = #expect(throws: PayloadError.self) { try FixtureChoice(decoding: nested(101)) }
        #expect(error?.kind == .malformed)
        #expect(error?.message == "fixture.v1.Choice is nested deeper than 100 messages")
    }

    @Test func `a value that readers would refuse is not encoded`() throws {
        let inHundred = (0..<100).reduce(FixtureChoice()) { inner, _ in FixtureChoice(pick: .again(inner)) }
        #expect(try inHundred.encoded() == nested(100))
        let error = #expect(throws: PayloadError.self) { try FixtureChoice(pick: .again(inHundred)).encoded() }
        #expect(error?.kind == .unencodable)
        #expect(error?.message == "fixture.v1.Choice is nested deeper than 100 messages")
        // Each level is an entry of a map and a tree.
        let inMaps = (0..<51).reduce(FixtureTree()) { inner, _ in FixtureTree(named: ["x": inner]) }
        #expect(throws: PayloadError.self) { try inMaps.encoded() }
        #expect(throws: Never.self) { try inMaps.named["x"]?.encoded() }
    }

    @Test func `an arena that refused to encode encodes the next value`() throws {
        let arena = Arena()
        let deep = (0..<101).reduce(FixtureChoice()) { inner, _ in FixtureChoice(pick: .again(inner)) }
        for _ in 0..<2 {
            #expect(throws: PayloadError.self) { _ = try arena.prepare(deep).byteCount }
            arena.reset()
            #expect(try arena.prepare(FixtureChoice(pick: .again(FixtureChoice()))).byteCount == 2)
        }
    }

    @Test func `the depth is counted separately in each branch`() throws {
        let tree = field(0x12, field(0x12, [])) + field(0x12, field(0x12, []))
        #expect(try FixtureTree(decoding: tree).branches.map(\.branches.count) == [1, 1])
    }

    @Test func `a Struct that is nested ten thousand times is malformed`() throws {
        // list_value = 6 of a Value, values = 1 of a ListValue.
        let bytes = (0..<10_000).reduce(into: [UInt8]()) { bytes, _ in bytes = field(0x32, field(0x0A, bytes)) }
        #expect(bytes.count > 34_000)
        let error = #expect(throws: PayloadError.self) { try GoogleValue(decoding: bytes) }
        #expect(error?.kind == .malformed)
    }

    /// Four MiB of the same small field.
    private func many(_ element: [UInt8]) -> [UInt8] {
        let count = (4 << 20) / element.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * element.count)
        for _ in 0..<count { bytes += element }
        return bytes
    }

    @Test(
        arguments: [
            ("empty messages", "12 00"), ("small messages", "12 02 0a 00"), ("unknown numbers", "20 01"),
            ("unknown bytes", "22 00"), ("one string again and again", "0a 00"), ("entries of a map", "1a 00"),
        ])
    func `four MiB of tiny fields are too large, and little memory is taken for them`(_ row: (String, String)) {
        let arena = Arena()
        let bytes = many(hex(row.1))
        let error = #expect(throws: PayloadError.self) {
            try FixtureTree(decoding: bytes, arena: arena)
        }
        #expect(error?.kind == .tooLarge)
        #expect(arena.bytesInUse == 0)
    }

    @Test(arguments: [
        ("strings", "72 00"), ("bytes", "7a 00"), ("numbers one by one", "18 01"), ("messages", "8a 01 00"),
    ])
    func `four MiB of tiny elements are too large`(_ row: (String, String)) {
        let error = #expect(throws: PayloadError.self) { try FixtureLists(decoding: many(hex(row.1))) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func `four MiB of packed numbers fit`() throws {
        let count = 4 << 20
        let lists = try FixtureLists(decoding: field(0x1A, [UInt8](repeating: 1, count: count)))
        #expect(lists.int32s.count == count)
    }

    @Test func `a string of four MiB fits`() throws {
        let message = FixtureScalars(aString: String(repeating: "x", count: 4 << 20))
        #expect(try FixtureScalars(decoding: message.encoded()) == message)
    }

    @Test func `the limit of the arena is the limit of the message`() throws {
        let bytes = try FixtureScalars(aString: String(repeating: "x", count: 4_000)).encoded()
        #expect(throws: Never.self) { try FixtureScalars(decoding: bytes, arena: Arena(limit: 8_192)) }
        let error = #expect(throws: PayloadError.self) {
            try FixtureScalars(decoding: bytes, arena: Arena(limit: 4_000))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test func `an arena that refused a message takes the next`() throws {
        let arena = Arena(limit: 64 << 10)
        let large = many(hex("12 00"))
        for _ in 0..<3 {
            #expect(throws: PayloadError.self) { try FixtureTree(decoding: large, arena: arena) }
            arena.reset()
            let small = hex("0a 01 61")
            #expect(try FixtureTree(decoding: small, arena: arena) == FixtureTree(label: "a"))
            arena.reset()
        }
    }

    @Test func `a value over the limit is not encoded`() {
        let tree = FixtureTree(label: String(repeating: "x", count: 10_000))
        let error = #expect(throws: PayloadError.self) { _ = try Arena(limit: 4_096).prepare(tree).byteCount }
        #expect(error?.kind == .tooLarge)
    }
}
