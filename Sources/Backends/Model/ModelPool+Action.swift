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
        /// Report after `after`: the model may then have been idle for its whole idle time.
        case watchIdle(model: String, after: Duration)
        /// The caller gets the endpoint; one that asked for a use holds it from now on.
        case grant(CallerID, ModelEndpoint)
        /// Report after `after`: the first model in the queue for room has then waited long enough.
        case watchRoom(after: Duration)
        /// The model is loaded, as the entry says; `changed` is false if it was before.
        case loaded(CallerID, model: String, Entry, changed: Bool)
        /// The state that the caller requested is reached; `changed` is false if it already was.
        case succeed(CallerID, changed: Bool)
        case fail(CallerID, BackendError)
        /// The use of this caller is over, and not by its own will.
        case lose(CallerID, BackendError)
    }
}

/// What a caller of a pool of models gets.
enum ModelReply: Sendable {
    /// Where the model is; for a use, which it holds from now on.
    case endpoint(ModelEndpoint)
    /// The model as it was when its load succeeded; false if it was loaded before.
    case loaded(ModelSnapshot, changed: Bool)
    /// The requested state is reached; `changed` is false if it already was.
    case done(changed: Bool)
}
