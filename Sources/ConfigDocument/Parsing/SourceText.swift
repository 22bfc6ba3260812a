// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The bytes of a configuration that passed the checks common to all formats: it is not too long, and it is UTF-8.
struct SourceText {
    /// The text, without a byte order mark.
    let bytes: [UInt8]
    let name: String

    init(_ bytes: [UInt8], name: String, limit: Int = ConfigLimits.bytes) throws(ConfigSyntaxError) {
        self.bytes = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        self.name = name
        guard bytes.count <= limit else {
            throw error(at: SourceMark(), "the text has \(bytes.count) bytes; the limit is \(limit)")
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: self.bytes.span)
        } catch let invalid {
            throw error(at: SourceMark(ofByte: invalid.byteOffsets.lowerBound, in: self.bytes), "the text is not UTF-8")
        }
    }

    func error(at mark: SourceMark, _ problem: String) -> ConfigSyntaxError {
        ConfigSyntaxError(location: location(mark), problem: problem)
    }

    func location(_ mark: SourceMark) -> SourceLocation {
        SourceLocation(name: name, line: mark.line, column: mark.column)
    }
}

/// A place in a text, as editors show it: lines and columns (characters) start at 1.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file, or another name of the text.
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

/// A place in the text that is being parsed.
struct SourceMark: Hashable, Sendable {
    var line = 1
    var column = 1
}

extension SourceMark {
    /// The place of a byte.
    init(ofByte offset: Int, in bytes: some Sequence<UInt8>) {
        for byte in bytes.prefix(offset) { advance(past: byte) }
    }

    /// Only a line feed ends a line; the continuation bytes of a character do not count.
    mutating func advance(past byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }
}

/// The places of a value and of everything in it: a tree parallel to the tree of values.
struct SourcePlaces: Sendable {
    enum Children: Sendable {
        case none
        case elements([SourcePlaces])
        case members(TextMap<SourcePlaces>)
    }

    /// For a member of a map, the place of its key.
    var mark: SourceMark
    var children: Children
    /// The text of a number that a double does not hold exactly.
    var number: String?

    subscript(component: ConfigPath.Component) -> SourcePlaces? {
        switch (component, children) {
        case (.index(let index), .elements(let places)): places.indices.contains(index) ? places[index] : nil
        case (.key(let key), .members(let places)): places[key]
        case (.index, .none), (.index, .members), (.key, .none), (.key, .elements): nil
        }
    }
}

/// Why a text is not a configuration, and where.
package struct ConfigSyntaxError: Error, Hashable, CustomStringConvertible {
    package let location: SourceLocation
    package let problem: String

    package var description: String { "\(location): \(problem)" }
}
