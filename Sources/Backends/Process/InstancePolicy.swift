// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// When an instance counts as started, as ill, and as worth another try.
package struct InstancePolicy: Hashable, Sendable {
    package enum Restart: String, Hashable, Sendable, CaseIterable {
        /// Unless it ended by itself with exit code 0.
        case onFailure = "on_failure"
        case always
        case never
    }

    package var restart = Restart.onFailure
    /// From the start of the process to its readiness.
    package var loadTimeout = Duration.seconds(30)
    /// The pause before the first restart; it doubles with each further one.
    package var backoff = Duration.seconds(1)
    package var backoffLimit = Duration.seconds(60)
    /// After so long without trouble the pauses begin anew.
    package var healthyAfter = Duration.seconds(60)
    /// So many restarts within the window are enough.
    package var maxRestarts = 5
    package var restartWindow = Duration.seconds(600)
    /// Failures in a row of each kind of probe that count.
    package var readinessFailures = 1
    package var livenessFailures = 3
    /// Whether a startup probe says when it is ready; without one it is after ``startedAfter``.
    package var hasStartupProbe = false
    /// How long a process without a startup probe has to live until it counts as started.
    package var startedAfter = Duration.seconds(1)
    /// Whether its readiness probe has to succeed once after its startup probe.
    package var awaitsReadiness = false

    package init() {}
}
