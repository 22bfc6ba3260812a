// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing
import TextKeys

/// The fixture of the generator, with values as Python's protobuf encodes them.
@Suite struct GeneratedMessageTests {
    static let types = SocketRPCMessages.all + FixtureMessages.all
    static let references = PayloadCase.references(path: fixturePath("../Fixtures/reference.txt"), types: types)

    @Test func `every message of the fixture is in the file`() {
        let covered = Set(Self.references.map { $0.type.protobufName })
        for type in FixtureMessages.all {
            #expect(covered.contains(type.protobufName), "\(type.protobufName) has no line")
        }
    }

    @Test(arguments: references)
    func `a value of every type is read and written back byte for byte`(_ reference: PayloadCase) throws {
        try roundTrip(reference.type, reference.bytes)
    }

    private func roundTrip<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) throws {
        let message = try Message(decoding: bytes)
        let written = try hex(message.encoded())
        #expect(written == hex(bytes))
        #expect(bytes.isEmpty == (message == Message()))
    }

    @Test func `a message with nothing set has no bytes`() throws {
        for type in Self.types {
            #expect(try type.init().encoded() == [], "\(type.protobufName)")
            #expect(try isDefault(type), "\(type.protobufName)")
        }
    }

    private func isDefault<Message: ProtobufMessage>(_ type: Message.Type) throws -> Bool {
        try Message(decoding: []) == Message()
    }

    @Test func `the entries of a map are written in the order of their keys`() throws {
        let texts: TextMap = ["b": "2", "": "0", "ä": "4", "aa": "1", "z": "3"]
        let expected = hex(
            """
            0a 03 12 01 30                # "" itself is a default and not written
            0a 07 0a 02 61 61 12 01 31    # "aa"
            0a 06 0a 01 62 12 01 32       # "b"
            0a 06 0a 01 7a 12 01 33       # "z"
            0a 07 0a 02 c3 a4 12 01 34    # "ä", by its bytes
            """)
        #expect(try FixtureMaps(texts: texts).encoded() == expected)
        let numbers = try FixtureMaps(numbers: [3: 1, -1: 1, 10: 1]).encoded()
        #expect(try FixtureMaps(decoding: numbers).numbers.count == 3)
        #expect(Array(numbers.prefix(13)) == hex("1a 14 08 ff ff ff ff ff ff ff ff ff 01"))
        #expect(try FixtureMaps(sides: [true: 1, false: 2]).encoded() == hex("3a 02 10 02 3a 04 08 01 10 01"))
    }

    @Test func `an entry is written without what is a default, which reads the same`() throws {
        let maps = FixtureMaps(texts: ["k": ""], numbers: [0: 0], names: [7: FixtureNames()])
        let bytes = try maps.encoded()
        #expect(bytes == hex("0a 03 0a 01 6b 1a 00 32 07 0d 07 00 00 00 12 00"))
        #expect(try FixtureMaps(decoding: bytes) == maps)
    }

    @Test func `a negative zero is not written`() throws {
        #expect(try FixtureScalars(aDouble: -0.0, aFloat: -0.0).encoded() == [])
        let read = try FixtureScalars(decoding: hex("09 00 00 00 00 00 00 00 80"))
        #expect(read.aDouble.sign == .minus)
    }

    @Test func `a default in a oneof is written`() throws {
        #expect(try FixtureChoice(pick: .flag(false)).encoded() == hex("08 00"))
        #expect(try FixtureChoice(pick: .text("")).encoded() == hex("2a 00"))
        #expect(try FixtureChoice(pick: .blob([])).encoded() == hex("32 00"))
        #expect(try FixtureChoice(pick: .again(FixtureChoice())).encoded() == hex("4a 00"))
        #expect(try FixtureChoice(decoding: hex("2a 00")).pick == .text(""))
        #expect(try FixtureChoice(decoding: hex("08 00")).pick == .flag(false))
    }

    @Test func `an enum keeps a number it does not know`() throws {
        let message = try FixtureScalars(decoding: hex("80 01 63"))
        #expect(message.aShade == .unrecognized(99))
        #expect(try message.encoded() == hex("80 01 63"))
        #expect(FixtureShade(rawValue: -1) == .negative)
        #expect(FixtureShade.dark.rawValue == 1)
    }

    @Test func `a string with a NUL inside is not encoded, and the error names the field`() {
        let names = FixtureNames(in: ["a", "b\0c"])
        let error = #expect(throws: PayloadError.self) { try names.encoded() }
        #expect(error?.kind == .unencodable)
        #expect(error?.message.contains("fixture.v1.Names.in ") == true)
        #expect(throws: PayloadError.self) { try FixtureMaps(texts: ["\0": ""]).encoded() }
        #expect(throws: PayloadError.self) { try FixtureChoice(pick: .text("\0")).encoded() }
    }

    @Test func `a NUL in an answer becomes an escape, and nothing else is lost`() throws {
        let names = try FixtureNames(in: ["a", "b\0c\0"]).encoded(escapingNUL: true)
        #expect(try FixtureNames(decoding: names).in == ["a", #"b\u{0}c\u{0}"#])
        let maps = try FixtureMaps(texts: ["\0": "v\0", "k": "w"]).encoded(escapingNUL: true)
        #expect(try FixtureMaps(decoding: maps).texts == [#"\u{0}"#: #"v\u{0}"#, "k": "w"])
    }
}
