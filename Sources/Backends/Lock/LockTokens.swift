// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The source of start lock tokens: they grow for ever, over every lock and, because they start from the wall clock, over
/// restarts of the daemon.
package struct LockTokens: Equatable, Sendable {
    private var last: UInt64 = 0

    package init() {}

    package mutating func next(at now: Timestamp) -> UInt64 {
        last = max(last + 1, now.microseconds)
        return last
    }
}
