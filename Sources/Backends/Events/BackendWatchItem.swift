// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a watcher is told.
package enum BackendWatchItem: Hashable, Sendable {
    case snapshot(BackendsSnapshot)
    case change(BackendEvent)
    case instance(InstanceEvent)
    case model(ModelEvent)
    /// These events are not told one by one, both ends included; a snapshot that includes them follows.
    case gap(from: UInt64, to: UInt64)
}
