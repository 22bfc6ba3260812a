// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A terminal whose whole screen one text fills.
package enum Screen {
    /// As wide as the terminal of standard output.
    static var size: (columns: Int, rows: Int) { ProcessInformation.terminalSize(1) ?? (columns: 80, rows: 24) }

    /// What draws the text from the upper left corner, over what was there, with other lines at the bottom.
    static func drawn(_ text: String, footer: [String], isColored: Bool) -> String {
        let size = size
        return drawn(text, footer: footer, columns: size.columns, rows: size.rows, isColored: isColored)
    }

    /// Lines that are too long go on in the next one; no more lines are drawn than fit.
    package static func drawn(
        _ text: String, footer: [String] = [], columns: Int, rows: Int, isColored: Bool = false
    ) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .flatMap { parts($0, columns: max(columns, 1)) }
        let room = max(rows - max(footer.count, 1), 1)
        let shown = lines.prefix(room).map { (isColored ? colored($0) : $0) + "\u{1B}[K\n" }.joined()
        let bottom = footer.isEmpty ? "" : "\u{1B}[\(room + 1);1H" + footer.joined(separator: "\n")
        return "\u{1B}[H" + shown + "\u{1B}[J" + bottom
    }

    /// What hides the cursor while a text is drawn again and again.
    static let taken = "\u{1B}[?25l"

    /// What shows the cursor again, below what was drawn.
    static var given: String { "\u{1B}[?25h\u{1B}[\(size.rows);1H\u{1B}[K" }

    private static func parts(_ line: Substring, columns: Int) -> [String] {
        var (rest, parts) = (line, [String]())
        repeat {
            parts.append(String(rest.prefix(columns)))
            rest = rest.dropFirst(columns)
        } while !rest.isEmpty
        return parts
    }

    /// The line with the states in it green, yellow or red.
    private static func colored(_ line: String) -> String {
        // The names of the columns are words in capitals too.
        guard line.contains(where: { $0.isLowercase || $0.isNumber }) else { return line }
        return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            color(of: word).map { "\u{1B}[\($0)m\(word)\u{1B}[0m" } ?? String(word)
        }.joined(separator: " ")
    }

    private static func color(of word: Substring) -> Int? {
        switch word {
        case "STARTED", "READY": 32
        case "STARTING", "STOPPING", "UNREADY": 33
        case "FAILED", "BACKOFF": 31
        default: nil
        }
    }
}
