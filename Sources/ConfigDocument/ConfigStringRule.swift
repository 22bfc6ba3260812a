// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a string of a configuration has to look like.
package struct ConfigStringRule: Hashable, Sendable {
    /// The number of characters (Unicode scalars) the string may have.
    package let length: ClosedRange<Int>?
    /// The only strings there are; nil where there is no list of them.
    package let choices: [String]?
    package let pattern: ConfigPattern?

    package init(length: ClosedRange<Int>? = nil, choices: [String]? = nil, pattern: ConfigPattern? = nil) {
        self.length = length
        self.choices = choices
        self.pattern = pattern
    }

    /// What is wrong with the string, as the end of the sentence "expected …"; nil where it is allowed.
    func expectation(missedBy text: String) -> String? {
        if let choices, !choices.contains(text) {
            return "one of " + choices.map(ConfigText.quoted).joined(separator: ", ")
        }
        if let length, !length.contains(text.unicodeScalars.count) {
            return "\(length.lowerBound) to \(length.upperBound) characters"
        }
        if let pattern, !pattern.matches(text) {
            return "text that matches \(pattern)"
        }
        return nil
    }
}
