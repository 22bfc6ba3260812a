// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// What a string of a configuration must look like.
package struct ConfigStringRule: Hashable, Sendable {
    /// The allowed number of characters (Unicode scalars).
    package let length: ClosedRange<Int>?
    /// The only allowed strings; nil: any.
    package let choices: [String]?
    package let pattern: ConfigPattern?

    package init(length: ClosedRange<Int>? = nil, choices: [String]? = nil, pattern: ConfigPattern? = nil) {
        self.length = length
        self.choices = choices
        self.pattern = pattern
    }

    /// What the string must be, as the end of the sentence "expected …"; nil if it is allowed.
    func expectation(missedBy text: String) -> String? {
        if let choices, !choices.contains(text) {
            return "one of " + choices.map { $0.quoted() }.joined(separator: ", ")
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
