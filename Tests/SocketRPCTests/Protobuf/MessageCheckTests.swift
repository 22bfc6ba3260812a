// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing

/// The rows of the table of hostile payloads: what is refused, as what, and which field the error names.
@Suite struct MessageCheckTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String
        let type: any ProtobufMessage.Type
        let bytes: [UInt8]
        /// How the error's message begins.
        let words: String

        init(_ name: String, _ type: any ProtobufMessage.Type, _ text: String, _ words: String) {
            self.name = name
            self.type = type
            bytes = hex(text)
            self.words = words
        }

        var testDescription: String { name }
    }

    static let text = [
        Refusal(
            "a byte that begins nothing", FixtureScalars.self,
            """
            72 03       # a_string, three bytes
            61 ff 62
            """, "fixture.v1.Scalars.a_string is not UTF-8"),
        Refusal(
            "text that is not UTF-8, in a message in a list", FixtureLists.self,
            """
            8a 01 03    # messages
               72 01    # a_string
               80
            """, "fixture.v1.Scalars.a_string is not UTF-8"),
        Refusal("not UTF-8 in a list", FixtureLists.self, "72 01 61 72 01 c3", "fixture.v1.Lists.strings is not UTF-8"),
        Refusal("not UTF-8 in a oneof", FixtureChoice.self, "2a 02 c0 af", "fixture.v1.Choice.text is not UTF-8"),
        Refusal(
            "not UTF-8 in the key of a map", FixtureMaps.self,
            """
            0a 06       # texts
               0a 01 ff # key
               12 01 61 # value
            """, "fixture.v1.Maps.TextsEntry.key is not UTF-8"),
        Refusal("a NUL alone", FixtureScalars.self, "72 01 00", "fixture.v1.Scalars.a_string holds a NUL"),
        Refusal(
            "a NUL in the first eight bytes", FixtureScalars.self,
            "72 0a 61 62 63 00 65 66 67 68 69 6a", "fixture.v1.Scalars.a_string holds a NUL"),
        Refusal(
            "a NUL in the last byte", FixtureScalars.self,
            "72 0a 61 62 63 64 65 66 67 68 69 00", "fixture.v1.Scalars.a_string holds a NUL"),
        Refusal(
            "a NUL behind other letters", FixtureScalars.self,
            "72 04 c3 bc 00 61", "fixture.v1.Scalars.a_string holds a NUL"),
        Refusal("a NUL in a list", FixtureLists.self, "72 01 61 72 02 61 00", "fixture.v1.Lists.strings holds a NUL"),
    ]

    static let groups = [
        Refusal("a group", FixtureScalars.self, "73 74", "fixture.v1.Scalars.a_string has a group"),
        Refusal(
            "a group of an unknown field", FixtureNothing.self,
            """
            0b          # field 1, begin
            10 01       # field 2: 1
            0c          # field 1, end
            """, "fixture.v1.Nothing has a group"),
        Refusal("the end of a group", FixtureNothing.self, "0c", "fixture.v1.Nothing has a group"),
        Refusal("wire type 6", FixtureNothing.self, "0e", "fixture.v1.Nothing has a group or an unknown wire type"),
        Refusal("wire type 7", FixtureNothing.self, "0f", "fixture.v1.Nothing has a group or an unknown wire type"),
    ]

    static let wrongWireTypes = [
        Refusal("a varint for a string", FixtureScalars.self, "70 01", "fixture.v1.Scalars.a_string has a wire type"),
        Refusal("a varint for bytes", FixtureScalars.self, "78 01", "fixture.v1.Scalars.some_bytes has a wire type"),
        Refusal("a varint for a double", FixtureScalars.self, "08 01", "fixture.v1.Scalars.a_double has a wire type"),
        Refusal("bytes for a number", FixtureScalars.self, "1a 01 05", "fixture.v1.Scalars.an_int32 has a wire type"),
        Refusal("bytes for a bool", FixtureScalars.self, "6a 01 01", "fixture.v1.Scalars.a_bool has a wire type"),
        Refusal("bytes for an enum", FixtureScalars.self, "82 01 01 01", "fixture.v1.Scalars.a_shade has a wire type"),
        Refusal(
            "four bytes for a double", FixtureScalars.self,
            "0d 00 00 80 3f", "fixture.v1.Scalars.a_double has a wire type"),
        Refusal(
            "eight bytes for a float", FixtureScalars.self,
            "11 00 00 00 00 00 00 f0 3f", "fixture.v1.Scalars.a_float has a wire type"),
        Refusal(
            "four bytes for a varint", FixtureScalars.self,
            "1d 05 00 00 00", "fixture.v1.Scalars.an_int32 has a wire type"),
        Refusal("a varint for a message", FixtureChoice.self, "40 01", "fixture.v1.Choice.scalars has a wire type"),
        Refusal(
            "a varint for a list of messages", FixtureTree.self, "10 01", "fixture.v1.Tree.branches has a wire type"),
        Refusal("a varint for a map", FixtureMaps.self, "08 01", "fixture.v1.Maps.texts has a wire type"),
        Refusal(
            "four bytes for a list of varints", FixtureLists.self, "1d 01 00 00 00",
            "fixture.v1.Lists.int32s has a wire type"),
        Refusal("a varint for a list of floats", FixtureLists.self, "10 01", "fixture.v1.Lists.floats has a wire type"),
    ]

    static let numbers = [
        Refusal(
            "a value of eleven bytes", FixtureScalars.self,
            "18 80 80 80 80 80 80 80 80 80 80 00", "fixture.v1.Scalars.an_int32 has a number of more than 64 bits"),
        Refusal(
            "a value of 65 bits", FixtureScalars.self,
            "30 ff ff ff ff ff ff ff ff ff 02", "fixture.v1.Scalars.a_uint64 has a number of more than 64 bits"),
        Refusal(
            "a length of eleven bytes", FixtureScalars.self,
            "72 81 80 80 80 80 80 80 80 80 80 00 61", "fixture.v1.Scalars.a_string has a number of more than 64 bits"),
        Refusal(
            "a tag of eleven bytes", FixtureScalars.self,
            "98 80 80 80 80 80 80 80 80 80 00 05", "fixture.v1.Scalars has a number of more than 64 bits"),
        Refusal(
            "a tag of six bytes", FixtureScalars.self, "98 80 80 80 80 00 05", "fixture.v1.Scalars does not decode"),
        Refusal(
            "a number of eleven bytes in a packed list", FixtureLists.self,
            "1a 0b 80 80 80 80 80 80 80 80 80 80 01", "fixture.v1.Lists.int32s has a number of more than 64 bits"),
        Refusal("field number 0", FixtureScalars.self, "00 01", "fixture.v1.Scalars has a field number"),
        Refusal(
            "field number 0 of two bytes", FixtureScalars.self, "80 00 01", "fixture.v1.Scalars has a field number"),
        Refusal(
            "a field number over the largest", FixtureNothing.self,
            "80 80 80 80 10 01", "fixture.v1.Nothing has a field number"),
    ]

    static let ends = [
        Refusal(
            "a length past the end", FixtureScalars.self, "72 05 61", "fixture.v1.Scalars.a_string ends in the middle"),
        Refusal(
            "a length of 64 bits", FixtureScalars.self,
            "72 ff ff ff ff ff ff ff ff ff 01", "fixture.v1.Scalars.a_string ends in the middle"),
        Refusal(
            "a length of 32 bits", FixtureScalars.self,
            "72 ff ff ff ff 0f 61", "fixture.v1.Scalars.a_string ends in the middle"),
        Refusal(
            "a length past the end of its message, not of the bytes", FixtureChoice.self,
            """
            42 03       # scalars
               72 04    # a_string, longer than scalars
               61
            6a 01 61    # after
            """, "fixture.v1.Scalars.a_string ends in the middle"),
        Refusal("a cut tag", FixtureScalars.self, "80", "fixture.v1.Scalars ends in the middle"),
        Refusal("a cut varint", FixtureScalars.self, "18 ff", "fixture.v1.Scalars.an_int32 ends in the middle"),
        Refusal("a cut double", FixtureScalars.self, "09 00", "fixture.v1.Scalars.a_double ends in the middle"),
        Refusal("a cut float", FixtureScalars.self, "15 00", "fixture.v1.Scalars.a_float ends in the middle"),
        Refusal("a cut length", FixtureScalars.self, "72 80", "fixture.v1.Scalars.a_string ends in the middle"),
        Refusal(
            "a cut list of doubles", FixtureLists.self, "0a 07 00 00 00 00 00 00 00", "fixture.v1.Lists.doubles ends"),
        Refusal("a cut list of floats", FixtureLists.self, "12 02 00 00", "fixture.v1.Lists.floats ends in the middle"),
        Refusal(
            "a cut list of varints", FixtureLists.self, "1a 02 01 80", "fixture.v1.Lists.int32s ends in the middle"),
        Refusal("a cut list of bools", FixtureLists.self, "6a 02 01 80", "fixture.v1.Lists.bools ends in the middle"),
    ]

    static let twice = [
        Refusal(
            "a message twice", FixtureNames.self,
            """
            4a 02 08 01 # thing
            4a 02 08 01 # thing
            """, "fixture.v1.Names.thing comes twice"),
        Refusal(
            "a message twice with others between", FixtureNames.self,
            "4a 00 12 01 61 52 00 4a 00", "fixture.v1.Names.thing comes twice"),
        Refusal(
            "a message twice in a oneof", FixtureChoice.self, "42 00 42 02 18 05",
            "fixture.v1.Choice.scalars comes twice"),
        Refusal(
            "a message twice in a oneof, another member between", FixtureChoice.self,
            "42 02 18 05 08 01 42 02 20 06", "fixture.v1.Choice.scalars comes twice"),
        Refusal(
            "the value of a map's entry twice", FixtureMaps.self,
            """
            32 06       # names
               12 00    # value
               12 02    # value
                  0a 00
            """, "fixture.v1.Maps.NamesEntry.value comes twice"),
    ]

    @Test(arguments: text + groups + wrongWireTypes + numbers + ends + twice)
    func `what no encoder writes is malformed`(_ refusal: Refusal) {
        expect(refusal, refusal.type)
    }

    private func expect<Message: ProtobufMessage>(_ refusal: Refusal, _ type: Message.Type) {
        let error = #expect(throws: PayloadError.self) { try Message(decoding: refusal.bytes) }
        #expect(error?.kind == .malformed)
        #expect(error?.message.hasPrefix(refusal.words) == true, "\(error?.message ?? "")")
    }

    @Test func `a message in a list may come any number of times`() throws {
        #expect(try FixtureTree(decoding: hex("12 00 12 00 12 00")).branches.count == 3)
    }

    @Test func `text with a first word of letters and a tail of any length is read`() throws {
        for length in 0...40 {
            let plain = String(repeating: "a", count: length)
            for tail in ["", "ü", "€", "😀", "üa", "€aaaaaaaaa"] {
                let message = FixtureScalars(aString: plain + tail)
                #expect(try FixtureScalars(decoding: message.encoded()) == message)
            }
        }
    }

    @Test func `a bad byte is found wherever it is`() {
        for length in 1...40 {
            for place in 0..<length {
                for (byte, words) in [(UInt8(0), "NUL"), (0x80, "UTF-8"), (0xFF, "UTF-8")] {
                    var text = [UInt8](repeating: 0x61, count: length)
                    text[place] = byte
                    let error = #expect(throws: PayloadError.self) {
                        try FixtureScalars(decoding: [0x72, UInt8(length)] + text)
                    }
                    #expect(error?.message.contains(words) == true)
                }
            }
        }
    }
}
