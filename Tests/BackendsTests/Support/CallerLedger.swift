// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

/// The callers of a random walk over a state machine, and what was done: each caller comes out exactly once, or leaves.
struct CallerLedger {
    private(set) var waiting: Set<CallerID> = []
    private(set) var steps: [String] = []
    private let seed: UInt64
    private var lastCaller: UInt64 = 0
    /// Whether a rule was broken: the walk ends there.
    private(set) var isBroken = false

    init(seed: UInt64) {
        self.seed = seed
    }

    /// The next step, in words.
    mutating func note(_ step: String) { steps.append(step) }

    mutating func newCaller() -> CallerID {
        lastCaller += 1
        return CallerID(lastCaller)
    }

    mutating func came(in caller: CallerID) { waiting.insert(caller) }

    mutating func came(out caller: CallerID) {
        require(waiting.remove(caller) != nil, "caller \(caller) comes out once, and only if it waits")
    }

    mutating func left(_ caller: CallerID) { waiting.remove(caller) }

    /// A rule of the machine; tells the seed and the last steps when it is broken.
    mutating func require(_ holds: Bool, _ rule: String) {
        guard !holds, !isBroken else { return }
        isBroken = true
        Issue.record("seed \(seed): \(rule), after \(steps.count) steps:\n\(steps.suffix(30).joined(separator: "\n"))")
    }
}
