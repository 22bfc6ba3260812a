// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One model of one backend as it was at one moment.
package struct ModelSnapshot: Hashable, Sendable {
    package var model: String
    package var backend: String
    package var state: ModelState
    /// Set while the state is `failed`.
    package var failure: BackendFailure?
    /// Set while the state is `unready`.
    package var unready: BackendFailure?
    /// Nil if it cannot be reached now.
    package var endpoint: ModelEndpoint?
    /// Uses under way.
    package var uses: Int
    /// Callers that wait for it.
    package var waiting: Int
    package var rules: ModelRules
    /// When the state last changed.
    package var stateTime: Timestamp
    /// How long the last load took; nil before the first.
    package var loadDuration: Duration?

    package init(
        model: String, backend: String, state: ModelState, failure: BackendFailure? = nil,
        unready: BackendFailure? = nil, endpoint: ModelEndpoint? = nil, uses: Int = 0, waiting: Int = 0,
        rules: ModelRules = ModelRules(),
        stateTime: Timestamp, loadDuration: Duration? = nil
    ) {
        self.model = model
        self.backend = backend
        self.state = state
        self.failure = failure
        self.unready = unready
        self.endpoint = endpoint
        self.uses = uses
        self.waiting = waiting
        self.rules = rules
        self.stateTime = stateTime
        self.loadDuration = loadDuration
    }
}

/// What a backend is doing with one model.
package enum ModelState: Hashable, Sendable, CaseIterable {
    case notLoaded
    /// Waits for room.
    case queued
    case loading
    case ready
    /// Loaded, and cannot be reached for the moment.
    case unready
    /// Takes no new uses and waits for the end of those there are.
    case draining
    case unloading
    case failed
}

extension ModelState: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .notLoaded: "NOT_LOADED"
        case .queued: "QUEUED"
        case .loading: "LOADING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .draining: "DRAINING"
        case .unloading: "UNLOADING"
        case .failed: "FAILED"
        }
    }
}
