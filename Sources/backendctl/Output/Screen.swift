// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A terminal whose whole screen one text fills.
package enum Screen {
    /// What draws the text from the upper left corner, over what was there; no more of it than fits.
    static func drawn(_ text: String) -> String {
        let size = ProcessInformation.terminalSize(1) ?? (columns: 80, rows: 24)
        return drawn(text, columns: size.columns, rows: size.rows)
    }

    package static func drawn(_ text: String, columns: Int, rows: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let shown = lines.prefix(max(rows - 1, 1)).map { String($0.prefix(columns)) + "\u{1B}[K\n" }.joined()
        return "\u{1B}[H" + shown + "\u{1B}[J"
    }
}
