// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Configuration as text: a parsed document that knows where each of its values stands.
package struct ConfigText: Sendable {
    /// The whole document. An empty one is null.
    package let root: ConfigValue
    package let name: String
    private let places: SourcePlaces

    init(_ part: DocumentBuilder.Part?, name: String) {
        root = part?.value ?? .null
        places = part?.places ?? SourcePlaces(mark: SourceMark(), children: .none)
        self.name = name
    }

    /// Parses YAML or JSON, told apart by the first character that is no white space.
    ///
    /// Text that begins with a bracket or brace and is no JSON may still be YAML in its flow style. Where it is neither, the
    /// error is the one of the parser that got further.
    package static func parse(_ bytes: [UInt8], name: String) throws(ConfigSyntaxError) -> ConfigText {
        let text = try SourceText(bytes, name: name)
        let first = text.bytes.first { !" \t\r\n".utf8.contains($0) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try YAMLDocument.parse(text) }
        do throws(ConfigSyntaxError) {
            return try ConfigJSON.parse(text)
        } catch let jsonError {
            do throws(ConfigSyntaxError) {
                return try YAMLDocument.parse(text)
            } catch let yamlError {
                throw jsonError.isBefore(yamlError) ? yamlError : jsonError
            }
        }
    }

    /// Where the value at the path stands: its key, if it is the member of a map. Nil where there is no such value.
    package func location(of path: ConfigPath) -> SourceLocation? {
        var current = places
        for component in path.components {
            guard let next = current[component] else { return nil }
            current = next
        }
        return location(current.mark)
    }

    /// Where the value at the path stands or, when it is missing, the innermost thing around it that is there.
    package func nearestLocation(to path: ConfigPath) -> SourceLocation {
        var current = places
        for component in path.components {
            guard let next = current[component] else { break }
            current = next
        }
        return location(current.mark)
    }

    /// The number at the path as it is written, where a double does not hold it; see ``ConfigValue/inexactIntegers(at:)``.
    package func inexactNumber(at path: ConfigPath) -> String? {
        var current = places
        for component in path.components {
            guard let next = current[component] else { return nil }
            current = next
        }
        return current.number
    }

    private func location(_ mark: SourceMark) -> SourceLocation {
        SourceLocation(name: name, line: mark.line, column: mark.column)
    }
}

extension ConfigSyntaxError {
    fileprivate func isBefore(_ other: ConfigSyntaxError) -> Bool {
        (location.line, location.column) < (other.location.line, other.location.column)
    }
}
