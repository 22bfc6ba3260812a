// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// One pass over a JSON text.
///
/// It calls itself for each level of nesting; the builder refuses to go deeper than ``ConfigLimits/depth``.
struct JSONParser {
    private var builder: DocumentBuilder
    private let bytes: [UInt8]
    private var position = 0
    private var mark = SourceMark()

    init(_ text: SourceText) {
        builder = DocumentBuilder(text)
        bytes = text.bytes
    }

    mutating func document() throws(ConfigSyntaxError) -> DocumentBuilder.Part? {
        skipSpace()
        try value()
        skipSpace()
        guard next == nil else { throw unexpected("the end of the text") }
        return builder.root
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance() {
        mark.advance(past: bytes[position])
        position += 1
    }

    private mutating func skipSpace() {
        while let byte = next, " \t\r\n".utf8.contains(byte) { advance() }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        advance()
        return true
    }

    private mutating func value() throws(ConfigSyntaxError) {
        let start = mark
        switch next {
        case UInt8(ascii: "{"): try map()
        case UInt8(ascii: "["): try list()
        case UInt8(ascii: "\""): try add(.string(try string()), at: start)
        case UInt8(ascii: "t"): try literal("true", .bool(true))
        case UInt8(ascii: "f"): try literal("false", .bool(false))
        case UInt8(ascii: "n"): try literal("null", .null)
        case let byte? where "-0123456789".utf8.contains(byte): try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func add(_ value: ConfigValue, at mark: SourceMark) throws(ConfigSyntaxError) {
        _ = try builder.scalar(value, at: mark)
    }

    private mutating func literal(_ word: String, _ value: ConfigValue) throws(ConfigSyntaxError) {
        let start = mark
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        for _ in word.utf8 { advance() }
        try add(value, at: start)
    }

    private mutating func map() throws(ConfigSyntaxError) {
        try builder.begin(isMap: true, at: mark)
        advance()
        skipSpace()
        if !skip("}") {
            repeat {
                skipSpace()
                let start = mark
                guard next == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
                try builder.key(try string(), at: start)
                skipSpace()
                guard skip(":") else { throw unexpected("\":\"") }
                skipSpace()
                try value()
                skipSpace()
            } while skip(",")
            guard skip("}") else { throw unexpected("\",\" or \"}\"") }
        }
        _ = builder.end()
    }

    private mutating func list() throws(ConfigSyntaxError) {
        try builder.begin(isMap: false, at: mark)
        advance()
        skipSpace()
        if !skip("]") {
            repeat {
                skipSpace()
                try value()
                skipSpace()
            } while skip(",")
            guard skip("]") else { throw unexpected("\",\" or \"]\"") }
        }
        _ = builder.end()
    }

    private mutating func number() throws(ConfigSyntaxError) {
        let start = (position, mark)
        var isWhole = true
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") {
            isWhole = false
            try digits()
        }
        if skip("e") || skip("E") {
            isWhole = false
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        let text = String(decoding: bytes[start.0..<position], as: UTF8.self)
        guard let value = isWhole ? Int64(text).map(ConfigValue.integer) : ConfigValue(decimal: text) else {
            let problem = isWhole ? NumberProblem.integerOutOfRange : NumberProblem.outOfRange(decimal: text)
            throw builder.text.error(at: start.1, problem)
        }
        _ = try builder.scalar(value, written: text, at: start.1)
    }

    private mutating func digits() throws(ConfigSyntaxError) {
        let digit = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = next, digit.contains(first) else { throw unexpected("a digit") }
        while let byte = next, digit.contains(byte) { advance() }
    }

    private mutating func string() throws(ConfigSyntaxError) -> String {
        advance()
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                advance()
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += UTF8.encode(try escape()) ?? Unicode.UTF8.encodedReplacementCharacter
            case 0..<0x20:
                throw unexpected("text; write control characters as escapes")
            default:
                text.append(byte)
                advance()
            }
        }
        throw unexpected("the closing quote of a string")
    }

    private mutating func escape() throws(ConfigSyntaxError) -> Unicode.Scalar {
        let start = mark
        advance()
        guard let letter = next else { throw unexpected("an escape") }
        guard letter != UInt8(ascii: "u") else {
            advance()
            return try unicodeEscape(at: start)
        }
        let meanings: [Unicode.Scalar: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t",
        ]
        guard let meaning = meanings[Unicode.Scalar(letter)] else {
            throw unexpected("one of \" \\ / b f n r t u after a backslash")
        }
        advance()
        return meaning
    }

    /// A character above U+FFFF is written as two escapes, the halves of a surrogate pair.
    private mutating func unicodeEscape(at start: SourceMark) throws(ConfigSyntaxError) -> Unicode.Scalar {
        let first = try hexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = builder.text.error(at: start, "this escape is half a character; a surrogate needs its other half")
        guard first < 0xDC00, skip("\\"), skip("u") else { throw lone }
        let second = try hexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw lone }
        return scalar
    }

    private mutating func hexDigits() throws(ConfigSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            advance()
        }
        return value
    }

    /// An error at the current place that tells what was found there.
    private func unexpected(_ expected: String) -> ConfigSyntaxError {
        let rest = bytes[position...].prefix(4)
        let found = String(decoding: rest, as: UTF8.self).unicodeScalars.first.map { String($0).quoted() }
        return builder.text.error(at: mark, "expected \(expected), found \(found ?? "the end of the text")")
    }
}

/// Reads JSON, strictly according to RFC 8259, within the bounds of ``ConfigLimits``.
///
/// In addition, these are errors: a key that occurs twice in a map, a whole number that does not fit 64 bits, a number
/// that is too large or too small for a double, and a NUL character in text.
package enum ConfigJSON {
    package static func parse(
        _ bytes: [UInt8], name: String, limit: Int = ConfigLimits.bytes
    ) throws(ConfigSyntaxError) -> ConfigText {
        try parse(try SourceText(bytes, name: name, limit: limit))
    }

    static func parse(_ text: SourceText) throws(ConfigSyntaxError) -> ConfigText {
        var parser = JSONParser(text)
        return ConfigText(try parser.document(), name: text.name)
    }
}

/// What can be wrong with a number, in the same words for each format.
enum NumberProblem {
    static let integerOutOfRange =
        "the integer is not between -9223372036854775808 and 9223372036854775807; quote it to make it text"

    /// Why a decimal number cannot be represented, see ``ConfigValue/init(decimal:)``.
    static func outOfRange(decimal text: String) -> String {
        "the number is too \(Double(text) == 0 ? "small" : "large") for a double"
    }
}

extension ConfigValue {
    /// A number with a fraction or an exponent; nil if it is not one, is not finite, or is so small that it would
    /// become 0.
    ///
    /// A number above 2^53 with more than 15 digits that a double would round becomes an integer that is out of range,
    /// however it is written: `9007199254740993.0` and `.5`, `9.007199254740993e15`. See ``inexactIntegers(at:)``.
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        if value == 0, !Self.significantDigits(of: text).isEmpty { return nil }
        self = .number(value)
        guard value.magnitude >= 0x1p53, !Self.isKept(text, as: value) else { return }
        let whole = Int64(exactly: value.magnitude.rounded()) ?? .max
        // It is odd, so that no double equals it.
        self = .integer(value < 0 ? -(whole | 1) : whole | 1)
    }

    /// Whether a double keeps all digits of a text; with an exponent, whether it is written with the same digits
    /// itself.
    private static func isKept(_ text: String, as value: Double) -> Bool {
        let digits = significantDigits(of: text)
        if digits.count <= 15 { return true }
        if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            return digits == significantDigits(of: value.description)
        }
        let whole = text.prefix { $0 != "." }
        let hasFraction = text.dropFirst(whole.count + 1).contains { $0 != "0" }
        return !hasFraction && Int64(whole).flatMap { Double(exactly: $0) } != nil
    }

    /// The digits of a number from the first to the last that is not 0.
    private static func significantDigits(of text: String) -> [UInt8] {
        let mantissa = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
            .filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let isZero = { (digit: UInt8) in digit == UInt8(ascii: "0") }
        return mantissa.drop(while: isZero).reversed().drop(while: isZero).reversed()
    }
}
