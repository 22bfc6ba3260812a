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
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        self = .number(value)
    }
}
