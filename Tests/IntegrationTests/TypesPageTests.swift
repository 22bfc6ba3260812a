// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Logging
import SystemIO
import Testing

/// The reference of the types' keys, against what the types say themselves.
@Suite struct TypesPageTests {
    private struct NoClock: BackendClock {
        func now() -> Timestamp { Timestamp(seconds: 0) }
        func uptime() -> Duration { .zero }
    }

    @Test func `the page has the row of every key of every type, in the order of the schemas`() throws {
        let path = Peers.root + "/Sources/backendd/backendd.docc/Types.md"
        let page = String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self)
        let supervision = Supervision(
            clock: NoClock(), socketDirectory: "/", logDirectory: "/", log: Logger(label: "tests"))
        var sections: [String: [String]] = [:]
        var current = ""
        for line in page.split(separator: "\n").map(String.init) {
            if line.hasPrefix("## ") { current = String(line.dropFirst(3)) }
            if line.hasPrefix("| `") { sections[current, default: []].append(line) }
        }
        for type in BackendTypes.standard(on: supervision).all {
            #expect(sections[type.name] ?? [] == type.schema.reference().map(Self.row), "\(type.name)")
        }
    }

    private static func row(_ row: ReferenceRow) -> String {
        let standard = row.defaultText.map { "`\($0)`" } ?? (row.isRequired ? "required" : "")
        let cells = ["`\(row.path)`", row.type, standard, row.summary]
        return "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
    }
}
