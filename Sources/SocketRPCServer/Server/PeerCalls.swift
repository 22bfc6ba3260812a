// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// How many calls each process has open, over all its connections and loops.
///
/// Calls that are answered inline end before anything could be counted, so they do not come here.
final class PeerCalls: Sendable {
    private let limit: Int
    private let counts = Guarded<[Int32: Int]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a call. Returns false, and counts nothing, when the process has too many.
    func begin(_ pid: Int32) -> Bool {
        counts.withLock { counts in
            let count = counts[pid, default: 0]
            guard count < limit else { return false }
            counts[pid] = count + 1
            return true
        }
    }

    func end(_ pid: Int32) {
        counts.withLock { counts in
            let count = counts[pid, default: 0]
            counts[pid] = count > 1 ? count - 1 : nil
        }
    }
}
