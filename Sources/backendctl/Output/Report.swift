// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// The result of a command: for people, and as a document of a stable shape for programs.
package struct Report: Hashable, Sendable {
    /// Lines, each with its line end.
    package let text: String
    package let document: ConfigValue

    package init(text: String, document: ConfigValue) {
        self.text = text
        self.document = document
    }

    /// Returns the text for standard output.
    package func rendered(as format: OutputFormat) -> String {
        switch format {
        case .table: text
        case .json: document.json(pretty: true) + "\n"
        case .yaml: document.yaml()
        }
    }

    /// Returns the text for one of several results: a line, or a YAML document of its own.
    package func renderedAsItem(as format: OutputFormat) -> String {
        switch format {
        case .table: text
        case .json: document.json(pretty: false) + "\n"
        case .yaml: "---\n" + document.yaml()
        }
    }
}

/// How a command writes its result.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// For people.
    case table
    /// For programs: one JSON value, or one per line if there may be several.
    case json
    /// The same values as YAML.
    case yaml
}
