// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The process on the other end, as the kernel vouches for it.
package struct CallerIdentity: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32

    package init(pid: Int32, uid: UInt32) {
        self.pid = pid
        self.uid = uid
    }
}

/// A call that waits for an outcome; unique among those of a registry, or of a pool of models. Later calls have larger numbers.
package struct CallerID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package var description: String { String(number) }

    package static func < (one: CallerID, other: CallerID) -> Bool { one.number < other.number }
}

/// Work that a driver has under way for a state machine: a start, a stop, a load, an unload or a spawned process; unique in its
/// machine.
///
/// A result names its run, so that the result of an earlier run has no effect.
package struct RunID: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package var description: String { String(number) }

    /// The ID of the run before the first.
    static let none = RunID(0)

    var next: RunID { RunID(number + 1) }
}
