// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A place in a text, as editors count: lines and columns (characters) start at 1.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file, or what else the text is called.
    package let name: String
    package let line: Int
    package let column: Int

    package init(name: String, line: Int, column: Int) {
        self.name = name
        self.line = line
        self.column = column
    }

    package var description: String { "\(name):\(line):\(column)" }
}
