// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import Testing

@Suite struct CodeMemoryTests {
    private static func residentFileKilobytes() throws -> Int {
        let status = String(decoding: try File.read(path: "/proc/self/status", limit: 1 << 16), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    @Test func `code that is not used takes no memory, and what is used again works`() throws {
        let before = try Self.residentFileKilobytes()
        ProcessInformation.releaseCode()
        #expect(try Self.residentFileKilobytes() < before)
        #expect((0..<1000).map { String($0, radix: 16) }.last == "3e7")
    }
}
