// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Models that share what they run on.
package struct ModelGroup: Hashable, Sendable {
    /// While one of its models is loaded none from outside is, and the other way round.
    package var isExclusive: Bool
    /// Its models loaded at a time; nil: any number.
    package var maxLoaded: Int?

    package init(isExclusive: Bool = false, maxLoaded: Int? = nil) {
        self.isExclusive = isExclusive
        self.maxLoaded = maxLoaded
    }
}
