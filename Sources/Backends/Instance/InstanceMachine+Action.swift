// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension InstanceMachine {
    /// What comes after the end of a process tree.
    enum Next: Equatable, Sendable {
        case anotherPort
        /// A person wants the next run, see ``InstanceMachine/restartRequested()``.
        case startAgain
        case failStart(BackendError)
        case restart(BackendFailure)
        case giveUp(BackendFailure)
        case finish
    }

    enum Phase: Equatable, Sendable {
        case idle
        /// The process is being started, or runs and is not ready.
        case booting
        /// The process has been ready in this run.
        case running
        /// The process is being ended, or has died and the rest of its tree is being killed.
        case ending(Next)
        case backoff
        /// The instance is not restarted.
        case over
        /// The instance was stopped, and nothing is left of it.
        case finished
    }

    /// The processes of the current run.
    enum Tree: Equatable, Sendable {
        case none
        /// A spawn cannot be cancelled. A process that is not wanted then is ended when it is there.
        case spawning
        case running
        /// The tree was asked to end, and has time to.
        case ending
        /// What is left of the tree is being killed.
        case clearing
    }

    package enum Timer: Hashable, Sendable {
        /// The time within which the process has to be ready.
        case load
        /// The pause before a restart.
        case restart
        /// The time without failures after which the backoff is reset.
        case healthy
        /// The time that the process of a run without a startup probe has to live until it counts as started.
        case started(RunID)
    }

    package enum ProbeKind: Hashable, Sendable, CaseIterable {
        case startup
        case readiness
        case liveness
    }

    /// What the driver has to do. It carries out the actions of one event in their order.
    package enum Action: Equatable, Sendable {
        /// Start a process, if asked for at another port than before; report ``spawned(run:pid:)`` or
        /// ``spawnFailed(run:error:at:)``, and later ``exited(run:end:at:)``.
        case spawn(run: RunID, atAnotherPort: Bool)
        /// Ask the tree to end, and kill it after the stop timeout; report ``treeEnded(run:at:)``.
        case end(run: RunID)
        /// Kill the tree now, although ``end(run:)`` gave it time to end.
        case kill(run: RunID)
        /// Kill the tree, or what the dead process has left of it; report ``treeEnded(run:at:)``.
        case clear(run: RunID)
        /// Begin to probe the process.
        case probe(run: RunID, ProbeKind)
        /// End all probing.
        case endProbes
        case setTimer(Timer, Duration)
        case cancelTimer(Timer)
        /// Report a change of the state, or of the process ID.
        case report(from: InstanceState?, to: InstanceState?, failure: BackendFailure?)
        /// Show what keeps the instance from being ready, or why its process last ended. This is not a change.
        case show(BackendFailure?)
        /// Answer the caller of the start.
        case succeed
        case fail(BackendError)
        /// Answer the callers that wait for a restart: the process is ready, or why it is not.
        case answerRestart(BackendError?)
        /// Tell the backend that the instance is not restarted.
        case giveUp(BackendFailure)
        /// The instance is stopped, and nothing is left of it.
        case finish
    }
}

/// When an instance counts as started, when as unhealthy, and when it is restarted.
package struct InstancePolicy: Hashable, Sendable {
    package enum Restart: String, Hashable, Sendable, CaseIterable {
        /// Unless the process ended by itself with exit code 0.
        case onFailure = "on_failure"
        case always
        case never
    }

    package var restart = Restart.onFailure
    /// From the start of the process until it is ready.
    package var loadTimeout = Duration.seconds(30)
    /// The pause before the first restart. It doubles with each further one.
    package var backoff = Duration.seconds(1)
    package var backoffLimit = Duration.seconds(60)
    /// The time without failures after which the backoff is reset.
    package var healthyAfter = Duration.seconds(60)
    /// Restarts allowed within ``restartWindow``.
    package var maxRestarts = 5
    package var restartWindow = Duration.seconds(600)
    /// Consecutive failures of the readiness probe after which the instance is unready.
    package var readinessFailures = 1
    /// Consecutive failures of the liveness probe after which the process is restarted.
    package var livenessFailures = 3
    /// Whether a startup probe decides when the instance is ready. Without one it is ready after ``startedAfter``.
    package var hasStartupProbe = false
    /// How long a process without a startup probe has to live until it counts as started.
    package var startedAfter = Duration.seconds(1)
    /// Whether the readiness probe has to succeed once after the startup probe.
    package var awaitsReadiness = false

    package init() {}
}
