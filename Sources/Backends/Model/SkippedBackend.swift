// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A backend that was passed over, and why.
package struct SkippedBackend: Hashable, Sendable {
    private enum Cause: Hashable, Sendable {
        case notServed(model: String)
        case notStarted
        case error(BackendError)
    }

    package let backend: String
    /// Most do not serve the model, or are not started: their error is made only when it is told.
    private let cause: Cause

    package init(backend: String, error: BackendError) {
        self.backend = backend
        cause = .error(error)
    }

    init(backend: String, doesNotServe model: String) {
        self.backend = backend
        cause = .notServed(model: model)
    }

    init(notStarted backend: String) {
        self.backend = backend
        cause = .notStarted
    }

    package var error: BackendError {
        switch cause {
        case .notServed(let model): .modelNotServed(model, backend)
        case .notStarted: .backendNotStarted(backend)
        case .error(let error): error
        }
    }

    var retryAfter: Duration? {
        switch cause {
        case .notServed, .notStarted: nil
        case .error(let error): error.retryAfter
        }
    }

    /// Why it does not serve the model, where its configuration names it.
    var misfit: String? {
        switch cause {
        case .notServed, .notStarted: nil
        case .error(let error): error.reason == .modelNotServed ? error.message : nil
        }
    }

    package var reason: BackendError.Reason {
        switch cause {
        case .notServed: .modelNotServed
        case .notStarted: .backendNotStarted
        case .error(let error): error.reason
        }
    }
}
