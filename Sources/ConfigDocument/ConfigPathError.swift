// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a text is no path into a configuration.
package struct ConfigPathError: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String {
        "cannot read the path \(ConfigText.quoted(path)): \(problem)"
    }
}
