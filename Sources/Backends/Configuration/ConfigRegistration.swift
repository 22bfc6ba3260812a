// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// A merge patch for the layer of one owner.
package struct ConfigRegistration: Hashable, Sendable {
    package var owner: String
    package var patch: ConfigValue
    /// The generation that the caller has seen; 0 for any.
    package var expectedGeneration: UInt64
    package var apply: ConfigApply

    package init(
        owner: String, patch: ConfigValue, expectedGeneration: UInt64 = 0, apply: ConfigApply = .now
    ) {
        self.owner = owner
        self.patch = patch
        self.expectedGeneration = expectedGeneration
        self.apply = apply
    }
}

/// When a patch is to take effect.
package enum ConfigApply: Hashable, Sendable {
    /// At once; refused while the backend is starting, started or stopping.
    case now
    /// With the next start, if it cannot be applied at once.
    case nextStart
}
