// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// What a backend's configuration says about one model.
package struct ModelRules: Hashable, Sendable {
    /// How long it may be idle; nil: for ever.
    package var ttl: Duration?
    /// Never unloaded but on request.
    package var isPinned: Bool
    /// Uses at a time; nil: any number.
    package var maxConcurrent: Int?
    /// Uses that wait for a place.
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
