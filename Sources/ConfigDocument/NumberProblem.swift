// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is wrong with numbers, in the same words for every format.
enum NumberProblem {
    static let integerOutOfRange = "the integer does not fit 64 bits; quote it to make it text"

    /// Why a decimal number has no value here: see ``ConfigValue/init(decimal:)``.
    static func outOfRange(decimal text: String) -> String {
        "the number is too \(Double(text) == 0 ? "small" : "large") for a double"
    }
}

extension ConfigValue {
    /// A number with a fraction or an exponent; nil where it is none, is not finite, or is so small that only 0 would be left of it.
    ///
    /// Where a double is above 2^53, a number of more than 15 digits that it would round is a whole number out of range, however it is
    /// written: `9007199254740993.0` and `.5`, `9.007199254740993e15`. See ``inexactIntegers(at:)``.
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        if value == 0, !Self.significantDigits(of: text).isEmpty { return nil }
        self = .number(value)
        guard value.magnitude >= 0x1p53, !Self.isKept(text, as: value) else { return }
        let whole = Int64(exactly: value.magnitude.rounded()) ?? .max
        // Odd, so that no double is it.
        self = .integer(value < 0 ? -(whole | 1) : whole | 1)
    }

    /// Whether a double keeps every digit of a text: with an exponent, those that it is written with itself.
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

    /// The digits of a number between its first and its last that is not 0.
    private static func significantDigits(of text: String) -> [UInt8] {
        let mantissa = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
            .filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let isZero = { (digit: UInt8) in digit == UInt8(ascii: "0") }
        return mantissa.drop(while: isZero).reversed().drop(while: isZero).reversed()
    }
}
