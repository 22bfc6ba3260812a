// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigPath {
    /// Reads the description of a path: keys joined by dots, indices in brackets, unusual keys in double quotes.
    ///
    /// Between dots all characters except `.`, `[`, `]`, `"`, `=` and white space may be unquoted. Inside quotes `\"`,
    /// `\\`, `\n`, `\r`, `\t` and `\u` with four hexadecimal digits are escapes.
    package init(parsing text: String) throws(ConfigPathError) {
        var reader = Reader(text: text)
        components = try reader.components()
    }

    private struct Reader {
        let text: String
        var rest: Substring.UnicodeScalarView

        init(text: String) {
            self.text = text
            rest = Substring(text).unicodeScalars
        }

        mutating func components() throws(ConfigPathError) -> [Component] {
            var components = [rest.first == "[" ? try index() : try key()]
            while let next = rest.first {
                switch next {
                case ".":
                    rest.removeFirst()
                    components.append(try key())
                case "[":
                    components.append(try index())
                default:
                    throw problem("\(String(next).quoted()) is not allowed here; quote the key")
                }
                guard components.count <= ConfigLimits.depth else {
                    throw problem("it has more than \(ConfigLimits.depth) components")
                }
            }
            return components
        }

        private mutating func key() throws(ConfigPathError) -> Component {
            if rest.first == "\"" { return .key(try quotedKey()) }
            let plain = rest.prefix { scalar in
                !".[]\"=".unicodeScalars.contains(scalar) && !scalar.properties.isWhitespace && scalar.value >= 0x20
            }
            rest = rest.dropFirst(plain.count)
            guard !plain.isEmpty else { throw problem("a key is missing") }
            return .key(String(plain))
        }

        private mutating func quotedKey() throws(ConfigPathError) -> String {
            rest.removeFirst()
            var key = String.UnicodeScalarView()
            while let next = rest.popFirst() {
                switch next {
                case "\"": return String(key)
                case "\\": key.append(try escape())
                default: key.append(next)
                }
            }
            throw problem("the closing quote of a key is missing")
        }

        private mutating func escape() throws(ConfigPathError) -> Unicode.Scalar {
            switch rest.popFirst() {
            case "\"": return "\""
            case "\\": return "\\"
            case "n": return "\n"
            case "r": return "\r"
            case "t": return "\t"
            case "u":
                let first = try codeUnit()
                if UTF16.isLeadSurrogate(first), rest.popFirst() == "\\", rest.popFirst() == "u" {
                    return try character([first, codeUnit()])
                }
                return try character([first])
            default:
                throw problem("after \\ comes one of \", \\, n, r, t and u")
            }
        }

        private mutating func codeUnit() throws(ConfigPathError) -> UInt16 {
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            guard digits.count == 4, let value = UInt16(String(digits), radix: 16) else {
                throw problem("\\u needs four hexadecimal digits of a character")
            }
            return value
        }

        private func character(_ codeUnits: [UInt16]) throws(ConfigPathError) -> Unicode.Scalar {
            let text = String(decoding: codeUnits, as: UTF16.self)
            guard let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}" || codeUnits == [0xFFFD] else {
                throw problem("\\u needs four hexadecimal digits of a character")
            }
            return scalar
        }

        private mutating func index() throws(ConfigPathError) -> Component {
            rest.removeFirst()
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            guard let index = Int(String(digits)), rest.popFirst() == "]" else {
                throw problem("an index is digits between [ and ]")
            }
            return .index(index)
        }

        private func problem(_ message: String) -> ConfigPathError {
            ConfigPathError(path: text, problem: message)
        }
    }
}

/// Why a text is not a path into a configuration.
package struct ConfigPathError: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String {
        "cannot read the path \(path.quoted()): \(problem)"
    }
}
