// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension InstanceMachine {
    package enum Timer: Hashable, Sendable {
        /// The process has to be ready by then.
        case load
        /// The pause before a restart is over.
        case restart
        /// It has been without trouble for long enough.
        case healthy
        /// The process of a run, which nothing probes, has lived for long enough to count as started.
        case started(RunID)
    }

    package enum ProbeKind: Hashable, Sendable, CaseIterable {
        case startup
        case readiness
        case liveness
    }

    /// What the driver has to do, in this order.
    package enum Action: Equatable, Sendable {
        /// Start a process, at another port than before where asked to; its begin and its end are to be reported.
        case spawn(run: RunID, atAnotherPort: Bool)
        /// End the tree of the process, the polite way; its end is to be reported.
        case end(run: RunID)
        /// Kill what the dead process has left; the end of that is to be reported.
        case clear(run: RunID)
        /// Begin to probe the process.
        case probe(run: RunID, ProbeKind)
        /// End all probing.
        case endProbes
        case setTimer(Timer, Duration)
        case cancelTimer(Timer)
        /// Tell the change.
        case report(from: InstanceState?, to: InstanceState?, failure: BackendFailure?)
        /// Tell who waits for the start.
        case succeed
        case fail(BackendError)
        /// Tell whoever runs the instance that it will not be restarted.
        case giveUp(BackendFailure)
        /// It is stopped, and nothing of it is left.
        case finish
    }
}
