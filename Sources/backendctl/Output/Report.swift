// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// What a command found: for a person, and as a document of a stable shape for programs.
package struct Report: Hashable, Sendable {
    /// Lines with their ends.
    package let text: String
    package let document: ConfigValue

    package init(text: String, document: ConfigValue) {
        self.text = text
        self.document = document
    }

    /// The bytes for standard output.
    package func rendered(as format: OutputFormat) -> String {
        switch format {
        case .table: text
        case .json: document.json(pretty: true) + "\n"
        case .yaml: document.yaml()
        }
    }

    /// The bytes for one of many: a line, or a YAML document of its own.
    package func renderedAsItem(as format: OutputFormat) -> String {
        switch format {
        case .table: text
        case .json: document.json(pretty: false) + "\n"
        case .yaml: "---\n" + document.yaml()
        }
    }
}
