// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one model of one backend.
package struct ModelEvent: Hashable, Sendable {
    package var sequence: UInt64
    package var time: Timestamp
    package var backend: String
    package var model: String
    package var oldState: ModelState
    package var newState: ModelState
    package var cause: Cause
    /// Set when the new state is `failed` or `unready`.
    package var failure: BackendFailure?

    package init(
        sequence: UInt64 = 0, time: Timestamp, backend: String, model: String, oldState: ModelState,
        newState: ModelState, cause: Cause, failure: BackendFailure? = nil
    ) {
        self.sequence = sequence
        self.time = time
        self.backend = backend
        self.model = model
        self.oldState = oldState
        self.newState = newState
        self.cause = cause
        self.failure = failure
    }
}

extension ModelEvent {
    /// Why the change happened; the raw values are part of the contract.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        case loadRequested = "LOAD_REQUESTED"
        /// There is room for it now.
        case loadBegan = "LOAD_BEGAN"
        case loaded = "LOADED"
        case loadFailed = "LOAD_FAILED"
        case unloadRequested = "UNLOAD_REQUESTED"
        /// The caller that waited for the end of its uses gave up.
        case unloadAbandoned = "UNLOAD_ABANDONED"
        /// Its callers gave up before its load began.
        case loadAbandoned = "LOAD_ABANDONED"
        /// It cannot be reached for the moment.
        case becameUnready = "BECAME_UNREADY"
        case becameReady = "BECAME_READY"
        /// It was not used for as long as its `ttl` says.
        case idle = "IDLE"
        /// It made room for another model.
        case evicted = "EVICTED"
        /// Its last use ended.
        case drained = "DRAINED"
        case unloaded = "UNLOADED"
        case unloadFailed = "UNLOAD_FAILED"
        case modelFailed = "MODEL_FAILED"
        case backendStopped = "BACKEND_STOPPED"
    }
}
