// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// All backends as they were right after one event.
package struct BackendsSnapshot: Hashable, Sendable {
    /// The run of the daemon the sequence belongs to.
    package var instance: String
    package var sequence: UInt64
    /// In priority order.
    package var backends: [BackendSnapshot]

    package init(instance: String, sequence: UInt64, backends: [BackendSnapshot]) {
        self.instance = instance
        self.sequence = sequence
        self.backends = backends
    }
}
