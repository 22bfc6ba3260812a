// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Rows in aligned columns, two spaces apart; the cells come from outside and are escaped.
package struct TextTable: Hashable, Sendable {
    package let header: [String]
    package private(set) var rows: [[String]] = []

    package init(_ header: String...) {
        self.header = header
    }

    package mutating func append(_ cells: String...) {
        append(cells)
    }

    package mutating func append(_ cells: [String]) {
        rows.append(cells.map { PlainText.escaped($0) })
    }

    /// One line a row, each with its end. An empty cell shows as `-`, the last column is not padded.
    package var text: String {
        let lines = ([header] + rows).map { row in row.map { $0.isEmpty ? "-" : $0 } }
        let widths = header.indices.map { column in
            lines.lazy.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return lines.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: max(0, widths[column] - cell.count))
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
