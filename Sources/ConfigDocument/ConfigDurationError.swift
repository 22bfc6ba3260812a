// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a text is no duration.
package struct ConfigDurationError: Error, Hashable, CustomStringConvertible {
    package let text: String
    package let problem: String

    package var description: String {
        "cannot read the duration \(ConfigText.quoted(text)): \(problem)"
    }
}
