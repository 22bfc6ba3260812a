// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TestSupport
import TextKeys

extension SeededGenerator {
    /// A map over few keys, two of them canonically equivalent, so that two of them often speak about the same places; sometimes something else.
    mutating func patch() -> ConfigValue {
        Int.random(in: 0..<20, using: &self) == 0 ? value(depth: 0) : map(depth: 3)
    }

    mutating func map(depth: Int) -> ConfigValue {
        var members: TextMap<ConfigValue> = [:]
        for key in ["a", "caf\u{E9}", "cafe\u{301}"] where Bool.random(using: &self) {
            members[key] = value(depth: depth - 1)
        }
        return .map(members)
    }

    private mutating func value(depth: Int) -> ConfigValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0, 1: .null
        case 2: 1
        case 3: "x"
        case 4: [1, .null]
        default: map(depth: depth)
        }
    }

    /// A tree with every kind of value and text of every kind, for writers and parsers.
    mutating func document(depth: Int) -> ConfigValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer(Int64.random(in: .min ... .max, using: &self) >> Int64.random(in: 0..<64, using: &self))
        case 3: number()
        case 4: .string(text())
        case 5: .list((0..<Int.random(in: 0..<4, using: &self)).map { _ in document(depth: depth - 1) })
        default:
            .map(
                (0..<Int.random(in: 0..<4, using: &self)).reduce(into: [:]) { members, _ in
                    members[text()] = document(depth: depth - 1)
                })
        }
    }

    private mutating func number() -> ConfigValue {
        let value = Double(bitPattern: next())
        return .number(value.isFinite ? value : 0.5)
    }

    private mutating func text() -> String {
        let awkward: [Character] = [
            "a", "Z", "0", "7", " ", ":", "-", "#", "\"", "'", "\\", "\n", "\t", "\r", "{", "]", ",", "&", "*", "!",
            "|", ">",
            "%", "@", "`", "~", "?", ".", "e", "é", "😀", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{7F}", "\u{1}", "/", "=",
            "<",
        ]
        return String((0..<Int.random(in: 0..<8, using: &self)).compactMap { _ in awkward.randomElement(using: &self) })
    }
}
