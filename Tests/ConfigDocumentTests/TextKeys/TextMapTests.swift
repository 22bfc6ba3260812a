// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
internal import TextKeys

/// Keys that Unicode calls equivalent are two keys wherever a configuration comes from and goes to.
@Suite struct TextMapTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"
    private static let both: ConfigValue = .map([composed: 1, decomposed: 2])

    private func parse(_ text: String) throws(ConfigSyntaxError) -> ConfigValue {
        try ConfigText.parse(Array(text.utf8), name: "t").root
    }

    @Test func `texts that Unicode calls equivalent do not share a hash, or a client could make a map slow`() {
        // The marks of each letter in any order are equivalent: 6 to the power of 3 keys.
        let orders =
            ["\u{301}\u{323}\u{327}", "\u{301}\u{327}\u{323}", "\u{323}\u{301}\u{327}"]
            + ["\u{323}\u{327}\u{301}", "\u{327}\u{301}\u{323}", "\u{327}\u{323}\u{301}"]
        let keys = orders.flatMap { a in orders.flatMap { b in orders.map { "x\(a)y\(b)z\($0)" } } }
        #expect(Set(keys).count == 1)
        #expect(Set(keys.map { TextKey($0).hashValue }).count == 216)
        #expect(TextMap(keys.map { (key: $0, value: 1) }).count == 216)
    }

    @Test func `what has the same bytes has the same hash, however it was made`() {
        var cut = "m-caf\u{E9}"
        cut.removeLast()
        #expect(TextKey(cut) == TextKey("m-caf"))
        #expect(TextKey(cut).hashValue == TextKey("m-caf").hashValue)
        #expect(TextKey("12345678").hashValue == TextKey(String("x12345678".dropFirst())).hashValue)
    }

    @Test func `text is equal to itself alone, whatever its length`() {
        let texts = ["", "a", "abcdefgh", "abcdefghi", "\0", "\0\0", Self.composed, Self.decomposed, "K", "\u{212A}"]
        #expect(Set(texts.map { TextKey($0) }).count == texts.count)
        for text in texts { #expect(TextKey(text).hashValue == TextKey(String(text.reversed().reversed())).hashValue) }
        #expect(
            texts.map { TextKey($0) }.sorted().map { Array($0.text.utf8) }
                == texts.map { Array($0.utf8) }.sorted {
                    $0.lexicographicallyPrecedes($1)
                })
    }

    @Test func `a map keeps both members, and finds, changes and removes one of them`() {
        var map: TextMap = [Self.composed: 1, Self.decomposed: 2]
        #expect(map.count == 2)
        map[Self.decomposed, default: 0] += 1
        #expect((map[Self.composed], map[Self.decomposed]) == (1, 3))
        #expect(map.sorted().map(\.value) == [3, 1])
        #expect(map != [Self.composed: 3, Self.decomposed: 1])
        map.removeValue(forKey: Self.composed)
        #expect(map.keys.map { TextKey($0) } == [TextKey(Self.decomposed)])
    }

    @Test(arguments: [
        "{\"\(composed)\": 1, \"\(decomposed)\": 2}", "{\"caf\\u00e9\": 1, \"cafe\\u0301\": 2}",
        "\(composed): 1\n\(decomposed): 2\n", "\"caf\\u00e9\": 1\n\"cafe\\u0301\": 2\n",
    ])
    func `JSON and YAML keep both keys`(text: String) throws {
        let value = try parse(text)
        #expect(value == Self.both)
        #expect(value[Self.composed] == 1)
        #expect(value[Self.decomposed] == 2)
        #expect(try parse(value.json(pretty: false)) == value)
        #expect(try parse(value.yaml()) == value)
    }

    @Test(arguments: ["{\"\(composed)\": 1, \"caf\\u00e9\": 2}", "\(composed): 1\n\(composed): 2\n"])
    func `the same bytes twice are refused`(text: String) {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.problem.contains("occurs twice") == true)
    }

    @Test func `an anchor is found by its bytes`() {
        let error = #expect(throws: ConfigSyntaxError.self) {
            try parse("a: &\(Self.composed) 1\nb: *\(Self.decomposed)\n")
        }
        #expect(error != nil)
    }

    @Test func `text that differs in its bytes is a change`() {
        #expect(ConfigValue.string(Self.composed) != .string(Self.decomposed))
        #expect(ConfigPath([.key(Self.composed)]) != [.key(Self.decomposed)])
        #expect(ConfigPath([.key(Self.decomposed)]) < [.key(Self.composed)])
    }

    @Test func `owners that set one key each do not meet`() throws {
        let one = ConfigLayer(patch: .map([Self.composed: 1]))
        let other = ConfigLayer(patch: .map([Self.decomposed: 2]))
        #expect(ConfigLayer.conflict(between: one, and: other) == nil)
        #expect(other.applied(to: one.applied(to: [:])) == Self.both)
        #expect(Self.both.merged(with: .map([Self.composed: .null])) == .map([Self.decomposed: 2]))
        #expect(one.assigns([.key(Self.composed)]))
        #expect(!one.assigns([.key(Self.decomposed)]))
    }

    @Test func `a field of a schema is found by its bytes`() {
        let schema = ConfigSchema(fields: [ConfigField(Self.composed, .integer(), "A number.")])
        let found = schema.violations(in: .map([Self.composed: 1, Self.decomposed: 1]))
        #expect(found.map(\.path) == [[.key(Self.decomposed)]])
    }
}
