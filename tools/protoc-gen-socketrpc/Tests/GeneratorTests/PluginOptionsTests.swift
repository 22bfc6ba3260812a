// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import protoc_gen_socketrpc

@Suite struct PluginOptionsTests {
    @Test func `only the module is required`() throws {
        let options = try PluginOptions([("module", "M")])
        #expect(options.module == "M")
        #expect(options.access == "public")
        #expect(options.cModule == "CProtos")
        #expect(options.prefixes.isEmpty && options.runtimePackages.isEmpty && options.inlineMethods.isEmpty)
    }

    @Test func `options that can be repeated are collected, and the last of the others counts`() throws {
        let options = try PluginOptions([
            ("module", "A"), ("module", "B"), ("access", "package"), ("c_module", "C"), ("prefix", "a.b:X"),
            ("prefix", "c:"),
            ("runtime", "a"), ("runtime", "b"), ("inline", "a.S.M"), ("inline", "a.S.N"),
        ])
        #expect(options.module == "B")
        #expect(options.access == "package")
        #expect(options.cModule == "C")
        #expect(options.prefixes == ["a.b": "X", "c": ""])
        #expect(options.runtimePackages == ["a", "b"])
        #expect(options.inlineMethods == ["a.S.M", "a.S.N"])
    }

    @Test(
        arguments: [
            ([], "the option module is missing"), ([("module", "")], "the option module is missing"),
            ([("access", "private")], "access is public or package, not private"),
            ([("prefix", "a.b")], "prefix wants PACKAGE:PREFIX, not a.b"),
            ([("prefix", "a:b:c")], "prefix wants PACKAGE:PREFIX, not a:b:c"),
            ([("inlin", "x")], "no option is called inlin"),
        ] as [([(key: String, value: String)], String)])
    func `an option that is wrong is refused by name`(pairs: [(key: String, value: String)], words: String) {
        let error = #expect(throws: GeneratorError.self) { try PluginOptions(pairs) }
        #expect(error?.description == words)
    }
}
