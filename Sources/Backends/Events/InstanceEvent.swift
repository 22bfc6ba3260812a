// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one supervised process.
package struct InstanceEvent: Hashable, Sendable {
    package var sequence: UInt64
    package var time: Timestamp
    package var backend: String
    package var change: InstanceChange

    package init(sequence: UInt64 = 0, time: Timestamp, backend: String, change: InstanceChange) {
        self.sequence = sequence
        self.time = time
        self.backend = backend
        self.change = change
    }
}
