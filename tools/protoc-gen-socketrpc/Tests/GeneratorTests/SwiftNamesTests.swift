// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import protoc_gen_socketrpc

@Suite struct SwiftNamesTests {
    @Test(arguments: [
        ("model_id", "modelID"), ("id", "id"), ("ID", "id"), ("pid_url", "pidURL"), ("NOT_READY", "notReady"),
        ("camelCase", "camelCase"), ("Upper_case", "upperCase"), ("x_1", "x1"), ("a__b", "aB"), ("_", "_"),
        ("no_class", "noClass"),
    ])
    func `a property or a case begins with a small letter`(name: String, expected: String) {
        #expect(SwiftNames.lowerCamel(name) == expected)
    }

    @Test(arguments: [
        ("model_id", "ModelID"), ("HTTP_STATE", "HTTPState"), ("kind", "Kind"), ("camelCase", "CamelCase"),
    ])
    func `a type begins with a capital`(name: String, expected: String) {
        #expect(SwiftNames.upperCamel(name) == expected)
    }

    @Test(arguments: [
        ("StartBackend", "startBackend"), ("HTTPThing", "httpThing"), ("ABC", "abc"), ("A", "a"),
        ("already", "already"),
    ])
    func `capitals at the beginning become small, except the first letter of the next word`(
        name: String, expected: String
    ) {
        #expect(SwiftNames.lowerFirst(name) == expected)
    }

    @Test(arguments: [
        ("State", "STATE"), ("ServingStatus", "SERVING_STATUS"), ("HTTPState", "HTTP_STATE"),
        ("StateOfHTTP", "STATE_OF_HTTP"),
        ("V2Alpha", "V2_ALPHA"),
    ])
    func `the prefix of an enum's values comes from its name`(name: String, expected: String) {
        #expect(SwiftNames.snakeUpper(name) == expected)
    }

    /// Every keyword of Swift that is reserved in declarations or in statements.
    @Test(arguments: [
        "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import", "init", "inout",
        "internal",
        "let", "operator", "precedencegroup", "private", "protocol", "public", "rethrows", "static", "struct",
        "subscript",
        "typealias", "var", "break", "case", "catch", "continue", "default", "defer", "do", "else", "fallthrough",
        "for",
        "guard", "if", "in", "repeat", "return", "switch", "throw", "where", "while", "as", "false", "is", "nil",
        "self",
        "super", "throws", "true", "try",
    ])
    func `a keyword is in backquotes`(word: String) {
        #expect(SwiftNames.escaped(word) == "`\(word)`")
        #expect(SwiftNames.lowerCamel(word.uppercased()) == "`\(word)`")
    }

    @Test func `a name that begins with a digit gets an underscore`() {
        #expect(SwiftNames.lowerCamel("2XX") == "_2xx")
    }

    @Test func `other names stay`() {
        #expect(SwiftNames.escaped("classes") == "classes")
        #expect(SwiftNames.escaped("Class") == "Class")
    }
}
