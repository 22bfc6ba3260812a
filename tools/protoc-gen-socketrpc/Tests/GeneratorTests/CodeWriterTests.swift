// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import protoc_gen_socketrpc

@Suite struct CodeWriterTests {
    @Test func `lines are indented by block, and empty lines are not`() {
        var out = CodeWriter()
        out.block("struct A") { out in
            out.line("let a: Int")
            out.line()
            out.block("func f()") { $0.lines("one\n\ntwo") }
        }
        #expect(
            out.text == """
                struct A {
                    let a: Int

                    func f() {
                        one

                        two
                    }
                }

                """)
    }

    @Test func `documentation is the comment, or else a sentence`() {
        var out = CodeWriter()
        out.documentation(" One.\n\n  indented", fallback: "unused")
        out.documentation("", fallback: "Other.")
        #expect(out.text == "/// One.\n///\n///  indented\n/// Other.\n")
    }
}
