// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Reaps descendants of instances that have lost their parents and ended: the daemon is their parent then.
///
/// It has a timer only while there are trees of processes.
final class OrphanReaper: Sendable {
    private struct State {
        var trees = 0
        var isScheduled = false
    }

    private static let period = Duration.seconds(10)

    private let state = Guarded(State())

    /// Counts a tree that was started, and begins to reap if there is a loop. `check` is called each time after the reaping.
    func treeBegan(on loop: EventLoop?, check: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.trees += 1
            guard loop != nil, !state.isScheduled else { return false }
            state.isScheduled = true
            return true
        }
        guard isFirst, let loop else { return }
        loop.execute { self.reapLater(on: loop, check: check) }
    }

    /// Counts a tree of which nothing is left.
    func treeEnded() {
        state.withLock { $0.trees -= 1 }
    }

    private func reapLater(on loop: EventLoop, check: @escaping @Sendable () -> Void) {
        loop.schedule(after: Self.period) {
            OwnedChildren.reapOrphans()
            check()
            let goesOn = self.state.withLock { state in
                state.isScheduled = state.trees > 0
                return state.isScheduled
            }
            if goesOn { self.reapLater(on: loop, check: check) }
        }
    }
}
