// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// What a backend's configuration says about one model.
package struct ModelRules: Hashable, Sendable {
    /// How long it may be idle; nil: indefinitely.
    package var ttl: Duration?
    /// Never unloaded but on request.
    package var isPinned: Bool
    /// The maximum number of concurrent uses; nil: any number.
    package var maxConcurrent: Int?
    /// The maximum number of uses that wait for a place.
    package var maxQueue: Int
    /// The groups it belongs to, by name.
    package var groups: [String]

    package init(
        ttl: Duration? = nil, isPinned: Bool = false, maxConcurrent: Int? = nil, maxQueue: Int = 64,
        groups: [String] = []
    ) {
        self.ttl = ttl
        self.isPinned = isPinned
        self.maxConcurrent = maxConcurrent
        self.maxQueue = maxQueue
        self.groups = groups
    }

    func isMember(of group: String) -> Bool { groups.contains { $0.isIdentical(to: group) } }
}

/// Models that share what they run on.
package struct ModelGroup: Hashable, Sendable {
    /// While one of its models is loaded, no model outside the group is, and vice versa.
    package var isExclusive: Bool
    /// Its models loaded at a time; nil: any number.
    package var maxLoaded: Int?

    package init(isExclusive: Bool = false, maxLoaded: Int? = nil) {
        self.isExclusive = isExclusive
        self.maxLoaded = maxLoaded
    }
}

/// How many models one backend may have loaded together.
package struct ModelCapacity: Hashable, Sendable {
    /// Models loaded at a time; nil: any number.
    package var maxLoaded: Int?
    /// By name.
    package var groups: TextMap<ModelGroup>
    /// How long a stop of the backend waits for the uses under way.
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
