// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Rows in aligned columns, two spaces apart; the cells come from outside and are escaped.
package struct TextTable: Hashable, Sendable {
    package let header: [String]
    private let leavesOutEmpty: Bool
    package private(set) var rows: [[String]] = []

    /// With `leavesOutEmpty`, the last column is shown only where a row has something in it.
    package init(_ header: String..., leavesOutEmpty: Bool = false) {
        self.header = header
        self.leavesOutEmpty = leavesOutEmpty
    }

    package mutating func append(_ cells: String...) {
        append(cells)
    }

    package mutating func append(_ cells: [String]) {
        rows.append(cells.map { PlainText.escaped($0) })
    }

    /// One line a row, each with its end. An empty cell shows as `-`, the last column is not padded.
    package var text: String { text(columns: nil) }

    /// As ``text``, but where a row is wider than that its last cells go to further, indented lines: no cell is left out.
    package func text(columns: Int?) -> String {
        let isShort = leavesOutEmpty && rows.allSatisfy { $0.count < self.header.count || $0.last?.isEmpty ?? true }
        let header = isShort ? Array(self.header.dropLast()) : self.header
        let lines = ([header] + rows).map { row in row.prefix(header.count).map { $0.isEmpty ? "-" : $0 } }
        let widths = header.indices.map { column in
            lines.lazy.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        let parts = Self.parts(widths, columns: columns ?? .max)
        return lines.map { row in
            parts.enumerated().map { index, part in
                let cells = part.clamped(to: row.indices).map { column in
                    let space = column == part.upperBound - 1 ? 0 : widths[column] - row[column].count
                    return row[column] + String(repeating: " ", count: max(0, space))
                }
                return (index == 0 ? "" : Self.indent) + cells.joined(separator: "  ") + "\n"
            }.joined()
        }.joined()
    }

    private static let indent = "    "

    /// The columns of each line of a row.
    private static func parts(_ widths: [Int], columns: Int) -> [Range<Int>] {
        var (parts, start, used) = ([Range<Int>](), 0, 0)
        for (column, width) in widths.enumerated() {
            if column > start, used + 2 + width > columns {
                parts.append(start..<column)
                (start, used) = (column, indent.count + width)
            } else {
                used += (column > start ? 2 : 0) + width
            }
        }
        return parts + [start..<widths.count]
    }
}
