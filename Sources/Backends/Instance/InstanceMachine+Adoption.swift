// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension InstanceMachine {
    /// Goes on with a run that an earlier daemon has started. Call once, in place of ``start()``.
    package mutating func adopt(_ run: AdoptedRun) -> [Action] {
        guard phase == .idle else { return [] }
        self.run = self.run.next
        tree = .running
        (pid, restarts, wasReady) = (run.pid, run.restarts, run.wasReady)
        let answer: [Action] = wasReady ? [.succeed] : []
        if run.isRestarting {
            // It does not serve any more, whatever its probes would say.
            phase = .ending(.startAgain)
            return change(to: .stopping) + answer + endTree()
        }
        guard run.hasBooted else {
            phase = .booting
            let next: Action =
                policy.hasStartupProbe
                ? .probe(run: self.run, .startup)
                : .setTimer(.started(self.run), policy.startedAfter)
            // The whole time again: no daemon has looked at it meanwhile.
            return change(to: .starting) + answer + [.setTimer(.load, policy.loadTimeout), next]
        }
        phase = .running
        return change(to: run.isReady && run.pid != nil ? .ready : .unready) + answer + [
            .setTimer(.healthy, policy.healthyAfter)
        ]
            + [.probe(run: self.run, .readiness), .probe(run: self.run, .liveness)]
    }

    /// Whether the current run has been ready.
    package var hasBooted: Bool { phase == .running }

    /// Whether the instance is being stopped for good, or given up.
    package var isStopping: Bool {
        switch phase {
        case .finished, .ending(.finish): true
        case .ending(.failStart), .ending(.giveUp): tree == .ending
        case .idle, .booting, .running, .backoff, .over, .ending: false
        }
    }

    /// Whether the process was asked to end, and another one is to follow.
    package var isRestarting: Bool {
        switch phase {
        case .ending(.restart), .ending(.startAgain), .ending(.anotherPort): tree == .ending
        case .idle, .booting, .running, .backoff, .over, .finished, .ending: false
        }
    }
}

/// A run that an earlier daemon has started, as it was when that daemon last took note of it.
package struct AdoptedRun: Hashable, Sendable {
    /// Nil when the process has ended meanwhile.
    package var pid: Int32?
    package var restarts: Int
    /// Whether the instance has been ready since the start of its backend, whether in this run, and whether it was then.
    package var wasReady: Bool
    package var hasBooted: Bool
    package var isReady: Bool
    /// Whether it was asked to end, and another one is to follow.
    package var isRestarting: Bool

    package init(
        pid: Int32?, restarts: Int = 0, wasReady: Bool, hasBooted: Bool, isReady: Bool, isRestarting: Bool = false
    ) {
        self.pid = pid
        self.restarts = restarts
        self.wasReady = wasReady
        self.hasBooted = hasBooted
        self.isReady = isReady
        self.isRestarting = isRestarting
    }
}
