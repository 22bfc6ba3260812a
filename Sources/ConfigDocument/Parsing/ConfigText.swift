// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A parsed configuration that knows the place of each of its values in the text.
package struct ConfigText: Sendable {
    /// The whole document; null if it is empty.
    package let root: ConfigValue
    package let name: String
    private let places: SourcePlaces

    init(_ part: DocumentBuilder.Part?, name: String) {
        root = part?.value ?? .null
        places = part?.places ?? SourcePlaces(mark: SourceMark(), children: .none)
        self.name = name
    }

    /// Parses YAML or JSON, depending on the first character that is not white space.
    ///
    /// Text that begins with a bracket or brace and is not JSON may be YAML in flow style. If it is neither, the error
    /// of the parser that got further is thrown.
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

    /// The place of the value at the path, or of its key, if it is the member of a map. Nil if the path leads to nothing.
    package func location(of path: ConfigPath) -> SourceLocation? {
        var current = places
        for component in path.components {
            guard let next = current[component] else { return nil }
            current = next
        }
        return location(current.mark)
    }

    /// The place of the value at the path or, if it is missing, of the innermost value around it.
    package func nearestLocation(to path: ConfigPath) -> SourceLocation {
        var current = places
        for component in path.components {
            guard let next = current[component] else { break }
            current = next
        }
        return location(current.mark)
    }

    /// The number at the path as it is written, if a double does not hold it; see ``ConfigValue/inexactIntegers(at:)``.
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

/// The bounds of every parsed configuration.
package enum ConfigLimits {
    /// The longest text that is parsed, in bytes.
    package static let bytes = 1 << 20
    /// The largest number of values of one document, counting what aliases repeat each time.
    package static let nodes = 100_000
    /// The largest number of levels of maps and lists.
    package static let depth = 64
    /// The largest number of bytes of keys and strings of one document, counting what aliases repeat each time.
    package static let textBytes = 4 << 20
    /// The largest number of violations that one check reports.
    package static let violations = 64
}
