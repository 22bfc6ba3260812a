// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Rows in aligned columns, two spaces apart. Control characters in cells are escaped.
package struct TextTable: Hashable, Sendable {
    package let header: [String]
    private let leavesOutEmpty: Bool
    package private(set) var rows: [[String]] = []

    /// With `leavesOutEmpty`, the last column is shown only if a row has a value in it, and its empty cells stay empty.
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

    /// One line per row, each with its line end. An empty cell shows as `-`, and the last column is not padded.
    package var text: String { text(columns: nil) }

    /// Returns ``text``, but if a row is wider than `columns`, its last cells go to further, indented lines, so that no
    /// cell is left out. A last column that may be left out is cut to the width if a row has one line, and otherwise
    /// broken between words.
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
                let front = index == 0 ? "" : Self.indent
                let line = front + cells.joined(separator: "  ")
                guard hasTail, part.upperBound == header.count, line.count > columns, let tail = cells.last else {
                    return Self.line(line)
                }
                if parts.count == 1 { return Self.line(line.prefix(max(columns - 1, 0)) + "…") }
                let rest = cells.dropLast()
                return (rest.isEmpty ? "" : Self.line(front + rest.joined(separator: "  ")))
                    + Self.wrapped(tail, columns - Self.indent.count).map { Self.indent + $0 + "\n" }.joined()
            }.joined()
        }.joined()
    }

    private static let indent = "    "
    /// The least width of such a last column; with less room it gets a line of its own.
    private static let tail = 8

    /// Returns the line without the spaces at its end; an empty string for an empty line.
    private static func line(_ text: String) -> String {
        let kept = text.reversed().drop { $0 == " " }.reversed()
        return kept.isEmpty ? "" : String(kept) + "\n"
    }

    private static let mostLines = 3

    /// Returns the text in lines of a width, broken between words. An ellipsis marks that the rest is left out.
    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        let width = max(width, tail)
        var lines: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard rest.count > width else { return lines + [String(rest)] }
            if lines.count == mostLines - 1 { return lines + [rest.prefix(width - 1) + "…"] }
            let room = rest.prefix(width + 1)
            let end = room.lastIndex(of: " ").flatMap { $0 > rest.startIndex ? $0 : nil }
            lines.append(String(rest[..<(end ?? rest.index(rest.startIndex, offsetBy: width))]))
            rest = end.map { rest[$0...].drop { $0 == " " } } ?? rest.dropFirst(width)
        }
        return lines
    }

    /// Returns the columns of each line of a row.
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
