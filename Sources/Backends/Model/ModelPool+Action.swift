// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ModelPool {
    /// What the driver has to do, in this order.
    package enum Action: Equatable, Sendable {
        /// Write the change into the log of events.
        case record(
            model: String, from: ModelState, to: ModelState, cause: ModelEvent.Cause, failure: BackendFailure? = nil)
        /// Load the model; its end is to be reported.
        case load(model: String, run: RunID)
        /// Cancel the load; its end is still to be reported.
        case cancelLoad(run: RunID)
        /// Unload the model; its end is to be reported.
        case unload(model: String, run: RunID)
        /// Report the idle time of the model when so much of it has passed.
        case watchIdle(model: String, after: Duration)
        /// The caller gets the endpoint; one that asked for a use holds it from now on.
        case grant(CallerID, ModelEndpoint)
        /// Report when so much time has passed: the first in the queue for room will have waited for long enough.
        case watchRoom(after: Duration)
        /// The model is loaded, as the entry says; `changed` is false where it was before.
        case loaded(CallerID, model: String, Entry, changed: Bool)
        /// The caller has what it asked for; `changed` is false where it was so before.
        case succeed(CallerID, changed: Bool)
        case fail(CallerID, BackendError)
        /// The use of this caller is over, and not by its own will.
        case lose(CallerID, BackendError)
    }
}
