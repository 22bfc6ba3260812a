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

    /// The snapshot in parts of about so many bytes, each of which fits a message; at least one.
    package func parts(ofBytes limit: Int) -> [BackendsSnapshot] {
        var parts: [BackendsSnapshot] = []
        var part = BackendsSnapshot(instance: instance, sequence: sequence, backends: [], hasMore: true)
        var bytes = 0
        func makeRoom(for size: Int) {
            if bytes + size > limit, bytes > 0 {
                parts.append(part)
                (part.backends, part.models, bytes) = ([], [], 0)
            }
            bytes += size
        }
        for backend in backends {
            makeRoom(for: backend.roughBytes)
            part.backends.append(backend)
        }
        for model in models {
            makeRoom(for: model.roughBytes)
            part.models.append(model)
        }
        part.hasMore = false
        return parts + [part]
    }
}
