// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendLifecycle {
    /// What the driver has to do, in this order.
    package enum Action: Equatable, Sendable {
        /// Write the change into the log of events.
        case record(from: BackendState, to: BackendState, cause: BackendEvent.Cause, failure: BackendFailure?)
        /// Start the backend, after releasing what a failure left where asked to.
        case start(run: RunID, cleanUpFirst: Bool)
        /// Cancel the start; its end is still to be reported.
        case cancelStart(run: RunID)
        /// Drain and stop the backend, or release what a cancelled or failed start left.
        case stop(run: RunID)
        /// Tell these callers that they have what they asked for; `changed` is false where it was so before.
        case succeed([CallerID], changed: Bool)
        case fail([CallerID], BackendError)
        /// Forget the backend and tell these callers that it is gone.
        case remove([CallerID])
    }
}
