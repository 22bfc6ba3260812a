// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A terminal whose whole screen shows one text.
package enum Screen {
    /// The size of the terminal of standard output.
    static var size: (columns: Int, rows: Int) { ProcessInformation.terminalSize(1) ?? (columns: 80, rows: 24) }

    /// Returns the text that draws `text` from the upper left corner, over what was there, with a footer at the bottom.
    ///
    /// Lines that are too long continue in the next one. If not all lines fit, the last one counts those that are left
    /// out.
    package static func drawn(
        _ text: String, footer: [String] = [], columns: Int, rows: Int, isColored: Bool = false
    ) -> String {
        var scroll = ScreenScroll()
        return drawn(text, footer: footer, columns: columns, rows: rows, isColored: isColored, scroll: &scroll)
    }

    /// Returns the same, from the line that the text is scrolled to.
    static func drawn(
        _ text: String, footer: [String], columns: Int, rows: Int, isColored: Bool, scroll: inout ScreenScroll
    ) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .flatMap { parts($0, columns: max(columns, 1)) }
        let room = max(rows - max(footer.count, 1), 1)
        let shown = scroll.window(of: lines, room: room, columns: columns)
            .map { (isColored ? colored($0) : $0) + "\u{1B}[K\n" }.joined()
        let bottom = footer.isEmpty ? "" : "\u{1B}[\(room + 1);1H" + footer.joined(separator: "\n")
        return "\u{1B}[H" + shown + "\u{1B}[J" + bottom
    }

    /// Hides the cursor while the text is redrawn.
    static let taken = "\u{1B}[?25l"

    /// Shows the cursor again, below the text.
    static var given: String { "\u{1B}[?25h\u{1B}[\(size.rows);1H\u{1B}[K" }

    private static func parts(_ line: Substring, columns: Int) -> [String] {
        var (rest, parts) = (line, [String]())
        repeat {
            parts.append(String(rest.prefix(columns)))
            rest = rest.dropFirst(columns)
        } while !rest.isEmpty
        return parts
    }

    /// Returns the line with its states in green, yellow or red.
    private static func colored(_ line: String) -> String {
        // The names of the columns are written in capitals too.
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

/// How far a text that is longer than the screen is scrolled.
struct ScreenScroll: Sendable {
    enum Step: Sendable { case line, page }

    /// The lines that stay at the top: the host, an empty line, the names of the columns.
    private static let heading = 3
    private var skipped = 0
    private var page = 1

    mutating func scroll(_ step: Step, isBack: Bool) {
        let lines =
            switch step {
            case .line: 1
            case .page: page
            }
        // No text is that long; the next drawing limits it to the length of the text.
        skipped = min(max(skipped + (isBack ? -lines : lines), 0), 1_000_000)
    }

    /// Returns the lines to draw: all of them, or those that fit above one that counts the rest.
    mutating func window(of lines: [String], room: Int, columns: Int) -> [String] {
        guard lines.count > room else {
            skipped = 0
            return lines
        }
        let heading = lines.prefix(max(min(Self.heading, room - 2), 0))
        let rest = lines.dropFirst(heading.count)
        page = max(room - heading.count - 1, 0)
        skipped = min(skipped, rest.count - page)
        let below = rest.count - page - skipped
        let counts = [skipped > 0 ? "\(skipped) above" : nil, below > 0 ? "\(below) more" : nil].compactMap(\.self)
        let last = "… " + counts.joined(separator: ", ")
        return heading + rest.dropFirst(skipped).prefix(page) + [String(last.prefix(max(columns, 1)))]
    }
}
