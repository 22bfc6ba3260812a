// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import ConfigDocument
import SystemIO
import Testing
import backendd

@Suite struct ConfigurationPageTests {
    @Test func `the page has the row of every key, in the order of the schema`() throws {
        #expect(try Self.rows(of: "Keys") == DaemonConfiguration.schema.reference().map(Self.row))
    }

    @Test func `the table of secrets shows what is shown`() throws {
        let rows = try Self.rows(of: "Secrets")
        #expect(rows.count > 20)
        let open = ConfigSchema(fields: [], allowsOtherKeys: true)
        for row in rows {
            let cells = row.dropFirst(3).dropLast(3).split(separator: "` | `")
            #expect(cells.count == 2, "\(row)")
            let values = try cells.map { try ConfigText.parse(Array($0.utf8), name: "row").root }
            #expect(open.masked(values[0]) == values[1], "\(row)")
        }
    }

    /// The rows of the table in a section.
    private static func rows(of section: String) throws -> [String] {
        let path = Peers.root + "/Sources/backendd/backendd.docc/Configuration.md"
        let page = String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self)
        let lines = page.split(separator: "\n").map(String.init)
        return lines.drop { $0 != "## \(section)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
            .filter { $0.hasPrefix("| `") }
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
