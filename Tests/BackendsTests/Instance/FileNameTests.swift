// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing
import TextKeys

@Suite("FileName")
struct FileNameTests {
    @Test(arguments: ["a", "a/b", "a%2Fb", "caf\u{E9}", "cafe\u{301}", "..", "a b:c", "A", "", "%", "/"])
    func `a name is found again in the name of its file`(name: String) {
        let file = FileName.encoded(name)
        #expect(FileName.decoded(file)?.isIdentical(to: name) == true)
        #expect(!file.utf8.contains(UInt8(ascii: "/")) && file.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `long names are cut and stay different`() {
        let names = (0..<100).map { String(repeating: "n", count: 200) + "\($0)" }
        let files = names.map { FileName.encoded($0) }
        #expect(Set(files).count == 100)
        #expect(files.allSatisfy { $0.utf8.count <= 120 && FileName.decoded($0) == $0 })
    }

    @Test(arguments: ["a%2fb", "a%", "a%zz", "a/b", "a b", "a%41"])
    func `a file whose name is not one of these has no name`(file: String) {
        #expect(FileName.decoded(file) == nil)
    }

    @Test(arguments: ["a", "backend-with-a-long-name-of-its-own", "a/b", String(repeating: "x", count: 300)])
    func `a short name fits into the path of a socket`(name: String) {
        #expect((1...24).contains(FileName.short(name).utf8.count))
    }
}
