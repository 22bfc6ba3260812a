// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
import TextKeys

@Suite struct ConfigValueTests {
    @Test func `literals give the kinds they look like`() {
        let value: ConfigValue = ["a": [1, 2.5, "x", true, .null], "b": [:]]
        #expect(
            value
                == .map([
                    "a": .list([.integer(1), .number(2.5), .string("x"), .bool(true), .null]), "b": .map([:]),
                ]))
    }

    @Test func `a whole number from the wire is an integer`() {
        #expect(ConfigValue.numeric(3) == .integer(3))
        #expect(ConfigValue.numeric(-0x1p53) == .integer(-9_007_199_254_740_992))
    }

    @Test func `a number that may have lost digits stays a number`() {
        #expect(ConfigValue.numeric(0x1p60) == .number(0x1p60))
        #expect(ConfigValue.numeric(0.5) == .number(0.5))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that is not finite is not a value`(number: Double) {
        #expect(ConfigValue.numeric(number) == nil)
    }

    @Test func `a whole number reads as an integer and an integer as a number`() {
        #expect(ConfigValue.number(4).integerValue == 4)
        #expect(ConfigValue.number(4.5).integerValue == nil)
        #expect(ConfigValue.integer(4).numberValue == 4)
    }

    @Test func `an accessor gives nil for another kind`() {
        let value: ConfigValue = "text"
        #expect(value.boolValue == nil)
        #expect(value.integerValue == nil)
        #expect(value.numberValue == nil)
        #expect(value.listValue == nil)
        #expect(value.mapValue == nil)
        #expect(ConfigValue.null.stringValue == nil)
    }

    @Test func `a duration is read from text only`() {
        #expect(ConfigValue.string("1m30s").durationValue?.duration == .seconds(90))
        #expect(ConfigValue.integer(30).durationValue == nil)
        #expect(ConfigValue.string("soon").durationValue == nil)
    }

    @Test func `a path leads through maps and lists`() {
        let value: ConfigValue = ["models": [["name": "m"], 2]]
        #expect(value[["models", 0, "name"]] == "m")
        #expect(value[[]] == value)
    }

    @Test(arguments: [["models", 2], ["models", "0"], ["other"], ["models", 0, "name", "x"], [0]] as [ConfigPath])
    func `a path that leads nowhere gives nil`(path: ConfigPath) {
        let value: ConfigValue = ["models": [["name": "m"], 2]]
        #expect(value[path] == nil)
    }

    @Test func `every value counts as a node`() {
        let value: ConfigValue = ["a": [1, 2], "b": [:]]
        #expect(value.nodeCount == 5)
    }

    @Test func `the depth is that of the deepest container`() {
        #expect(ConfigValue.null.depth == 0)
        #expect(ConfigValue.map([:]).depth == 1)
        #expect(ConfigValue.map(["a": [[1]], "b": 1]).depth == 3)
    }

    @Test func `leaves are scalars, nulls, lists and empty maps, sorted by path`() {
        let value: ConfigValue = ["b": ["d": .null, "c": [1, ["x": 1]]], "a": [:], "e": 1]
        let leaves = value.leafPaths()
        #expect(leaves.map(\.0) == [["a"], ["b", "c"], ["b", "d"], ["e"]])
        #expect(leaves.map(\.1) == [[:], [1, ["x": 1]], .null, 1])
    }

    @Test func `a scalar is its own leaf`() {
        #expect(ConfigValue.integer(1).leafPaths().map(\.0) == [[]])
    }
}
