// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite struct LogFileTests {
    private static func remains(
        _ directory: TemporaryDirectory, atMost limit: Int
    ) throws -> (text: String, isCut: Bool)? {
        let remains = try LogFile.remains(of: "log", in: try Directory(path: directory.path), atMost: limit)
        return remains.map { (String(decoding: $0.bytes, as: UTF8.self), $0.isCut) }
    }

    @Test func `what is left is the end of the file, behind that of the one before it`() throws {
        let directory = try TemporaryDirectory()
        #expect(try Self.remains(directory, atMost: 100) == nil)
        _ = try directory.write("older", to: "log.1")
        #expect(try #require(try Self.remains(directory, atMost: 100)) == ("older", false))
        _ = try directory.write("newer", to: "log")
        #expect(try #require(try Self.remains(directory, atMost: 100)) == ("oldernewer", false))
        #expect(try #require(try Self.remains(directory, atMost: 10)) == ("oldernewer", false))
        #expect(try #require(try Self.remains(directory, atMost: 7)) == ("ernewer", true))
        #expect(try #require(try Self.remains(directory, atMost: 5)) == ("newer", true))
        #expect(try #require(try Self.remains(directory, atMost: 2)) == ("er", true))
    }

    @Test func `a file that is empty is passed over`() throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("older", to: "log.1")
        _ = try directory.write("", to: "log")
        #expect(try #require(try Self.remains(directory, atMost: 3)) == ("der", true))
    }

    @Test func `a link, or a file with two names, is refused`() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("secret", to: "other")
        try TestProcess.link(file, at: directory.file("log"))
        #expect(throws: SystemError.self) { try Self.remains(directory, atMost: 100) }
    }
}
