// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Rows in aligned columns, two spaces apart; the cells come from outside and are escaped.
package struct TextTable: Hashable, Sendable {
    package let header: [String]
    private let leavesOutEmpty: Bool
    package private(set) var rows: [[String]] = []

    /// With `leavesOutEmpty`, the last column is shown only where a row has something in it, and its empty cells stay empty.
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

    /// One line per row, each with its end. An empty cell shows as `-`, the last column is not padded.
    package var text: String { text(columns: nil) }

    /// As ``text``, but where a row is wider than that its last cells go to further, indented lines: no cell is left out.
    /// A last column that is left out where it is empty is cut to the width instead.
    package func text(columns: Int?) -> String {
        let columns = columns ?? .max
        let isShort = leavesOutEmpty && rows.allSatisfy { $0.count < self.header.count || $0.last?.isEmpty ?? true }
        let header = isShort ? Array(self.header.dropLast()) : self.header
        let hasTail = leavesOutEmpty && !isShort
        let last = header.count - 1
        let lines = ([header] + rows).map { row in
            row.prefix(header.count).enumerated().map { $1.isEmpty && !(hasTail && $0 == last) ? "-" : $1 }
        }
        var widths = header.indices.map { column in
            lines.lazy.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        if hasTail { widths[last] = min(widths[last], Self.tail) }
        let parts = Self.parts(widths, columns: columns)
        return lines.map { row in
            parts.enumerated().map { index, part in
                let cells = part.clamped(to: row.indices).map { column in
                    let space = column == part.upperBound - 1 ? 0 : widths[column] - row[column].count
                    return row[column] + String(repeating: " ", count: max(0, space))
                }
                let line = (index == 0 ? "" : Self.indent) + cells.joined(separator: "  ")
                return Self.line(hasTail && part.upperBound == header.count ? Self.cut(line, columns) : line)
            }.joined()
        }.joined()
    }

    private static let indent = "    "
    /// The least room for a last column that is cut; with less it gets a line of its own.
    private static let tail = 8

    /// The line without the spaces before an empty last cell; nothing for an empty one.
    private static func line(_ text: String) -> String {
        let kept = text.reversed().drop { $0 == " " }.reversed()
        return kept.isEmpty ? "" : String(kept) + "\n"
    }

    private static func cut(_ line: String, _ columns: Int) -> String {
        line.count <= columns ? line : line.prefix(max(columns - 1, 0)) + "…"
    }

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
