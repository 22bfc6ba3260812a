// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A part of the list of models.
package struct ModelPage: Hashable, Sendable {
    package var models: [ModelSnapshot]
    /// What to ask for the next page with; nil on the last one.
    package var nextToken: String?
}
