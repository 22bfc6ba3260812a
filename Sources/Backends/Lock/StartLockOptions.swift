// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How a command deals with a start lock that somebody holds.
package struct StartLockOptions: Hashable, Sendable {
    /// The token of the lock the caller holds; 0 where it holds none.
    package var token: UInt64
    /// How long to wait for somebody else's lock; nil: not at all.
    package var wait: Duration?
    /// Goes past the holder and breaks the lock.
    package var force: Bool

    package init(token: UInt64 = 0, wait: Duration? = nil, force: Bool = false) {
        self.token = token
        self.wait = wait
        self.force = force
    }
}
