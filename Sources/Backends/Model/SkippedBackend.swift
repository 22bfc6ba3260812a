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

/// The backends that a walk has passed over: the first of them, and what is to be known of all.
///
/// There may be a thousand. Nothing is made for one that is not kept.
struct SkippedBackends: Sendable {
    /// How many are kept that do not serve the model, and how many with another reason.
    static let limit = 16

    /// In the order in which they were passed over.
    private(set) var kept: [SkippedBackend] = []
    /// How many there are.
    private(set) var count = 0
    /// How many serve the model, or would when started.
    private(set) var serving = 0
    /// The first moment when trying again may help.
    private(set) var retryAfter: Duration?

    /// How many are not kept.
    var others: Int { count - kept.count }

    mutating func append(
        _ reason: BackendError.Reason, retryAfter: Duration? = nil, _ make: () -> SkippedBackend
    ) {
        let serves = reason != .modelNotServed && reason != .modelInProcess
        count += 1
        if serves { serving += 1 }
        self.retryAfter = [self.retryAfter, retryAfter].compactMap(\.self).min()
        if (serves ? serving : count - serving) <= Self.limit { kept.append(make()) }
    }
}
