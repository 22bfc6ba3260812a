// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is wrong with numbers, in the same words for every format.
enum NumberProblem {
    static func tooLarge(isWhole: Bool) -> String {
        isWhole ? "the integer does not fit 64 bits; quote it to make it text" : "the number is too large for a double"
    }
}

extension ConfigValue {
    /// A number with a fraction or an exponent; nil where it is none or is not finite.
    ///
    /// Where a double is above 2^53, a number of more than 15 digits that it would round is a whole number out of range, however it is
    /// written: `9007199254740993.0` and `.5`, `9.007199254740993e15`. See ``inexactIntegers(at:)``.
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        self = .number(value)
        guard value.magnitude >= 0x1p53 else { return }
        let parts = text.drop { $0 == "-" || $0 == "+" }.split { $0 == "e" || $0 == "E" }
        let sides = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let digits = Array(sides.joined())
        // Where the point stands once the exponent has moved it; the value is finite, so that it stays small.
        let point = (sides.first?.count ?? 0) + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let significant = digits.drop { $0 == "0" }.reversed().drop { $0 == "0" }
        guard significant.count > 15 else { return }
        let padding = String(repeating: "0", count: min(max(point - digits.count, 0), 20))
        let whole = Int64(String(digits.prefix(max(point, 0))) + padding) ?? .max
        if digits.dropFirst(max(point, 0)).allSatisfy({ $0 == "0" }), Double(exactly: whole) != nil { return }
        // Odd, so that no double is it.
        self = .integer(value < 0 ? -(whole | 1) : whole | 1)
    }
}
