// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// All backends and models as they were right after one event, or later: an event that follows may be in it already.
package struct BackendsSnapshot: Hashable, Sendable {
    /// The run of the daemon the sequence belongs to.
    package var instance: String
    package var sequence: UInt64
    /// In priority order.
    package var backends: [BackendSnapshot]
    /// By backend in priority order, then by name.
    package var models: [ModelSnapshot]
    /// Whether another part of it follows.
    package var hasMore: Bool

    package init(
        instance: String, sequence: UInt64, backends: [BackendSnapshot], models: [ModelSnapshot] = [],
        hasMore: Bool = false
    ) {
        self.instance = instance
        self.sequence = sequence
        self.backends = backends
        self.models = models
        self.hasMore = hasMore
    }

    var isEmpty: Bool { backends.isEmpty && models.isEmpty }
}
