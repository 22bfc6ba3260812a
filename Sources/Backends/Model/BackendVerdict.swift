// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one backend would do for a model.
package struct BackendVerdict: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// It would be the answer at once.
        case ready
        /// It would be waited for.
        case wait
        /// The model would be loaded.
        case load
        /// The backend would be started first.
        case start
        /// It would be passed over.
        case skip(BackendError)
    }

    package var backend: String
    package var type: String
    package var backendState: BackendState
    package var modelState: ModelState
    package var verdict: Verdict
    /// One sentence for people.
    package var message: String
    /// The models that would be unloaded to make room.
    package var evicted: [String]
    /// Whether it leaves the model to the caller's own process.
    package var isInProcess: Bool

    /// Whether a resolution that waits would end here.
    package var isAnswer: Bool {
        switch verdict {
        case .ready, .wait, .load, .start: true
        case .skip: false
        }
    }
}

/// What became of a failure that a client reported.
package enum FailureVerdict: Hashable, Sendable {
    /// The code says nothing about the health of the model.
    case ignored
    /// It answers its probe: nothing is done.
    case healthy
    /// It is not ready: already starting, restarting or stopping.
    case notReady
    /// It is restarted.
    case restarted
}
