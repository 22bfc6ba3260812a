// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing
import TextKeys

/// The borrowed views that inline handlers get.
@Suite struct MessageViewTests {
    private func withView<View: ProtobufMessageView & ~Copyable, Result>(
        _ type: View.Type, of message: View.Message, _ body: (borrowing View) throws(RPCStatus) -> Result
    ) throws -> Result {
        try View.withView(decoding: message.encoded(), body)
    }

    @Test func `a view of a message reads every scalar`() throws {
        let message = FixtureScalars(
            aDouble: 1.5, aFloat: -2.5, anInt32: -3, anInt64: .min, aUint32: .max, aUint64: .max, aSint32: .min,
            aSint64: -8, aFixed32: 9, aFixed64: 10, aSfixed32: -11, aSfixed64: -12, aBool: true, aString: "ü",
            someBytes: [0, 255], aShade: .negative)
        let read = try withView(FixtureScalars.View.self, of: message) { view in
            FixtureScalars(
                aDouble: view.aDouble, aFloat: view.aFloat, anInt32: view.anInt32, anInt64: view.anInt64,
                aUint32: view.aUint32, aUint64: view.aUint64, aSint32: view.aSint32, aSint64: view.aSint64,
                aFixed32: view.aFixed32, aFixed64: view.aFixed64, aSfixed32: view.aSfixed32,
                aSfixed64: view.aSfixed64, aBool: view.aBool, aString: view.aString, someBytes: view.someBytes,
                aShade: view.aShade)
        }
        #expect(read == message)
    }

    @Test func `a view of a message with nothing set reads defaults`() throws {
        try withView(FixtureScalars.View.self, of: FixtureScalars()) { view in
            #expect(view.aDouble == 0)
            #expect(view.aBool == false)
            #expect(view.aString == "")
            #expect(view.someBytes == [])
            #expect(view.aShade == .unspecified)
            #expect(view.withAString { $0.count } == 0)
            #expect(view.withSomeBytes { $0.count } == 0)
        }
        try withView(FixtureNames.View.self, of: FixtureNames()) { view in
            #expect(view.hasThing == false)
            #expect(view.withThing { _ in true } == nil)
            #expect(view.inCount == 0)
            #expect(view.hasRepeat == false)
            #expect(view.hasProtocol == false)
        }
    }

    @Test func `a view lends the bytes of strings and of bytes without copying`() throws {
        let message = FixtureScalars(aString: "aü", someBytes: [0, 1, 0])
        try withView(FixtureScalars.View.self, of: message) { view in
            #expect(view.withAString { bytes in bytes.indices.map { bytes[$0] } } == [0x61, 0xC3, 0xBC])
            #expect(view.withSomeBytes { bytes in bytes.indices.map { bytes[$0] } } == [0, 1, 0])
        }
    }

    @Test func `a view reads the elements of lists`() throws {
        let message = FixtureLists(
            doubles: [0.5, -1], int64s: [-1, 2], bools: [true, false, true], strings: ["a", "", "ü"],
            byteStrings: [[], [0]], shades: [.dark, .unrecognized(7)],
            messages: [FixtureScalars(), FixtureScalars(aString: "x")], unpacked: [4, 5])
        try withView(FixtureLists.View.self, of: message) { view in
            #expect((0..<view.doublesCount).map { view.doubles(at: $0) } == message.doubles)
            #expect((0..<view.int64sCount).map { view.int64s(at: $0) } == message.int64s)
            #expect((0..<view.boolsCount).map { view.bools(at: $0) } == message.bools)
            #expect((0..<view.shadesCount).map { view.shades(at: $0) } == message.shades)
            #expect((0..<view.unpackedCount).map { view.unpacked(at: $0) } == message.unpacked)
            #expect((0..<view.stringsCount).map { view.withStrings(at: $0) { $0.count } } == [1, 0, 2])
            #expect((0..<view.byteStringsCount).map { view.withByteStrings(at: $0) { $0.count } } == [0, 1])
            #expect((0..<view.messagesCount).map { view.withMessages(at: $0) { $0.copied() } } == message.messages)
            #expect(view.int32sCount == 0)
        }
    }

    @Test(arguments: [-1, 2])
    func `an index that a list does not have is a programming error`(_ index: Int) async {
        await #expect(processExitsWith: .failure) { [index] in
            let bytes = try FixtureLists(doubles: [1, 2]).encoded()
            try FixtureLists.View.withView(decoding: bytes) { view in
                _ = view.doubles(at: index)
            }
        }
    }

    @Test func `only the member of a oneof that is set is there`() throws {
        try withView(FixtureChoice.View.self, of: FixtureChoice(pick: .number(5), otherPick: .right("r"))) { view in
            #expect(view.hasNumber == true)
            #expect(view.number == 5)
            #expect(view.hasFlag == false)
            #expect(view.flag == nil)
            #expect(view.large == nil)
            #expect(view.fraction == nil)
            #expect(view.shade == nil)
            #expect(view.withText { _ in true } == nil)
            #expect(view.withBlob { _ in true } == nil)
            #expect(view.withScalars { _ in true } == nil)
            #expect(view.withAgain { _ in true } == nil)
            #expect(view.withWait { _ in true } == nil)
            #expect(view.withLeft { _ in true } == nil)
            #expect(view.withRight { $0.count } == 1)
        }
        try withView(FixtureChoice.View.self, of: FixtureChoice(pick: .text(""))) { view in
            #expect(view.hasText == true)
            #expect(view.withText { $0.count } == 0)
        }
        try withView(FixtureChoice.View.self, of: FixtureChoice(pick: .shade(.negative))) { view in
            #expect(view.shade == .negative)
        }
    }

    @Test func `views of messages in a view`() throws {
        let inner = FixtureChoice(pick: .scalars(FixtureScalars(anInt32: 7)), after: "end")
        try withView(FixtureChoice.View.self, of: FixtureChoice(pick: .again(inner))) { view in
            #expect(view.withAgain { $0.copied() } == inner)
            #expect(view.withAgain { $0.withScalars { $0.anInt32 } } == 7)
            #expect(view.withAgain { $0.after } == "end")
        }
    }

    @Test func `a view reads a map as a dictionary`() throws {
        let message = FixtureMaps(
            texts: ["a": "1"], blobs: ["b": [2]], numbers: [-3: 3], shades: [4: .dark], flags: [5: true],
            names: [6: FixtureNames(modelID: "m")], sides: [true: 7], values: ["n": GoogleValue()])
        try withView(FixtureMaps.View.self, of: message) { view in
            #expect(view.texts == message.texts)
            #expect(view.names == message.names)
            #expect(view.sides == message.sides)
            #expect(view.copied() == message)
        }
    }

    @Test func `a payload that is malformed has no view`() {
        let status = #expect(throws: RPCStatus.self) {
            try FixtureScalars.View.withView(decoding: hex("72 01 ff")) { _ in }
        }
        #expect(status?.code == .internal)
        #expect(status?.reason == "PAYLOAD_MALFORMED")
        #expect(status?.message == "fixture.v1.Scalars.a_string is not UTF-8")
    }

    @Test func `what the body throws comes through`() throws {
        let bytes = try FixtureScalars().encoded()
        let status = #expect(throws: RPCStatus.self) {
            try FixtureScalars.View.withView(decoding: bytes) { _ throws(RPCStatus) in
                throw RPCStatus(.notFound, "no")
            }
        }
        #expect(status == RPCStatus(.notFound, "no"))
    }
}
