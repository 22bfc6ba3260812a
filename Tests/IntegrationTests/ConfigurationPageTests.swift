// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import ConfigDocument
import SystemIO
import Testing
import backendd

@Suite struct ConfigurationPageTests {
    @Test func `the page has the row of every key, in the order of the schema`() throws {
        let path = Peers.root + "/Sources/backendd/backendd.docc/Configuration.md"
        let page = String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        #expect(rows == DaemonConfiguration.schema.reference().map(Self.row))
    }

    private static func row(_ row: ReferenceRow) -> String {
        let standard = row.defaultText.map { "`\($0)`" } ?? (row.isRequired ? "required" : "")
        // Objects have no variable of their own, lists and what is in them have none at all.
        let hasVariable = row.type != "object" && !row.path.hasPrefix("backends")
        let variable = "`BACKENDD_" + row.path.uppercased().replacing(".", with: "_") + "`"
        let cells = ["`\(row.path)`", row.type, standard, hasVariable ? variable : "", row.summary]
        return "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
    }
}
