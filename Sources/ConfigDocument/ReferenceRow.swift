// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One row of the table that documents a schema.
package struct ReferenceRow: Hashable, Sendable {
    /// The keys that lead there; `[]` stands for each element of a list, `NAME` for each key of a map.
    package let path: String
    package let type: String
    /// The default as JSON; nil where there is none.
    package let defaultText: String?
    package let summary: String
    package let isRequired: Bool
    package let isSecret: Bool
}
