// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Collects lines of Swift, indented by block.
package struct CodeWriter {
    package private(set) var text = ""
    private var depth = 0

    package init() {}

    package mutating func line(_ line: String = "") {
        text += line.isEmpty ? "\n" : String(repeating: "    ", count: depth) + line + "\n"
    }

    /// Lines of a text with its own line feeds.
    package mutating func lines(_ lines: String) {
        for part in lines.split(separator: "\n", omittingEmptySubsequences: false) {
            line(String(part))
        }
    }

    package mutating func block(_ head: String, _ body: (inout CodeWriter) throws -> Void) rethrows {
        line(head + " {")
        depth += 1
        try body(&self)
        depth -= 1
        line("}")
    }

    /// A documentation comment: what the .proto file says, else a plain sentence.
    package mutating func documentation(_ comment: String, fallback: String) {
        let source = comment.isEmpty ? fallback : comment
        for part in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = part.hasPrefix(" ") ? part.dropFirst() : part
            line(text.isEmpty ? "///" : "/// \(text)")
        }
    }
}
