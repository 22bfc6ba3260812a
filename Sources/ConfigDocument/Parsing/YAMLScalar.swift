// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The values of YAML scalars.
enum YAMLScalar {
    static let tagPrefix = "tag:yaml.org,2002:"

    /// Why a scalar has no value.
    struct Refusal: Error {
        let problem: String
    }

    static func value(of scalar: YAMLEvent.Scalar) throws(Refusal) -> ConfigValue {
        guard let tag = scalar.tag else {
            return scalar.isPlain ? try plainValue(of: scalar.text) : .string(scalar.text)
        }
        guard tag != "!" else { return .string(scalar.text) }
        let kind = tag.hasPrefix(tagPrefix) ? String(tag.dropFirst(tagPrefix.count)) : ""
        guard ["str", "null", "bool", "int", "float"].contains(kind) else {
            throw Refusal(problem: "the tag \(tag.quoted()) is not supported here")
        }
        guard kind != "str" else { return .string(scalar.text) }
        switch (kind, try plainValue(of: scalar.text)) {
        case ("null", .null): return .null
        case ("bool", .bool(let value)): return .bool(value)
        case ("int", .integer(let value)): return .integer(value)
        case ("float", .integer(let value)): return Double(exactly: value).map { .number($0) } ?? .integer(value)
        case ("float", .number(let value)): return .number(value)
        case (_, _): throw Refusal(problem: "\(String(scalar.text.prefix(64)).quoted()) is not a valid \(kind)")
        }
    }

    /// The value of a scalar without quotes and tag.
    static func plainValue(of text: String) throws(Refusal) -> ConfigValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return try number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) throws(Refusal) -> ConfigValue? {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard let first = unsigned.first, first == "." || ("0"..."9").contains(first) else { return nil }
        switch unsigned {
        case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN":
            throw Refusal(problem: "\(text) cannot be used as a number here; quote it to make it text")
        default: break
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            return try integer(text.dropFirst(2), radix: radix)
        }
        if isDigits(unsigned) {
            guard unsigned.count == 1 || first != "0" else {
                throw Refusal(
                    problem: "a number must not begin with 0: write 0o for octal, or quote it to make it text")
            }
            return try integer(text[...], radix: 10)
        }
        guard isDecimal(unsigned) else { return nil }
        guard let value = ConfigValue(decimal: text) else {
            throw Refusal(problem: NumberProblem.outOfRange(decimal: text))
        }
        return value
    }

    /// Nil if the text is not such a number.
    private static func integer(_ digits: Substring, radix: Int) throws(Refusal) -> ConfigValue? {
        let plain = radix == 10 ? digits.drop { $0 == "-" || $0 == "+" } : digits
        guard !plain.isEmpty, plain.allSatisfy({ ($0.hexDigitValue ?? radix) < radix && $0.isASCII }) else {
            return nil
        }
        guard let value = Int64(digits, radix: radix) else {
            throw Refusal(problem: NumberProblem.integerOutOfRange)
        }
        return .integer(value)
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Digits with at most one point among them, and perhaps an exponent.
    private static func isDecimal(_ unsigned: Substring) -> Bool {
        let parts = unsigned.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, parts.count <= 2 else { return false }
        if parts.count == 2 {
            let exponent = parts[1]
            guard isDigits(exponent.first == "-" || exponent.first == "+" ? exponent.dropFirst() : exponent) else {
                return false
            }
        }
        let sides = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard sides.count <= 2, sides.contains(where: { !$0.isEmpty }) else { return false }
        return sides.allSatisfy { $0.isEmpty || isDigits($0) }
    }
}
