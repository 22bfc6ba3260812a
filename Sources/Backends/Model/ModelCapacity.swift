// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// How many models one backend may have loaded together.
package struct ModelCapacity: Hashable, Sendable {
    /// Models loaded at a time; nil: any number.
    package var maxLoaded: Int?
    /// By name.
    package var groups: TextMap<ModelGroup>
    /// How long a stop of the backend waits for the uses there are.
    package var drainTimeout: Duration

    /// How long a model waits for room before later users of the loaded ones wait behind it.
    package var fairAfter: Duration

    package init(
        maxLoaded: Int? = nil, groups: TextMap<ModelGroup> = [:], drainTimeout: Duration = .seconds(30),
        fairAfter: Duration = .seconds(2)
    ) {
        self.fairAfter = fairAfter
        self.maxLoaded = maxLoaded
        self.groups = groups
        self.drainTimeout = drainTimeout
    }
}
