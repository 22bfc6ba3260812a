// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a resolution got without waiting.
package enum ModelResolution: Sendable {
    case finished(ResolvedModel)
    /// Something has to be started, loaded or waited for; resume it.
    case pending(PendingResolution)
}

/// Which model a caller wants, and how much may be done for it.
package struct ModelRequest: Hashable, Sendable {
    package var model: String
    /// Only these backends; empty: every one.
    package var backends: [String]
    /// Wait for a model that is being loaded.
    package var waitsUntilReady: Bool
    /// Start a backend that is stopped.
    package var startsAutomatically: Bool
    /// Load a model that is not loaded. As for the start, unless it is set.
    package var loads: Bool
    /// The caller can run the model itself: a backend that leaves it to the caller's process answers in its turn. Otherwise
    /// it answers only if no other serves the model.
    package var allowsInProcess: Bool

    package init(
        _ model: String, backends: [String] = [], waitsUntilReady: Bool = false, startsAutomatically: Bool = false,
        allowsInProcess: Bool = false
    ) {
        self.model = model
        self.backends = backends
        self.waitsUntilReady = waitsUntilReady
        self.startsAutomatically = startsAutomatically
        loads = startsAutomatically
        self.allowsInProcess = allowsInProcess
    }
}

/// Where a model is.
package struct ResolvedModel: Hashable, Sendable {
    package var backend: String
    package var endpoint: ModelEndpoint
    /// Those with a better priority, in that order; of many the first.
    package var skipped: [SkippedBackend]
    /// How many more there are.
    package var skippedOthers = 0

    package init(backend: String, endpoint: ModelEndpoint, skipped: [SkippedBackend]) {
        self.backend = backend
        self.endpoint = endpoint
        self.skipped = skipped
    }

    init(backend: String, endpoint: ModelEndpoint, skipped: SkippedBackends) {
        self.init(backend: backend, endpoint: endpoint, skipped: skipped.kept)
        skippedOthers = skipped.others
    }
}

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

    /// Why it does not serve the model, if its configuration names it.
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
/// There may be a thousand, so nothing is allocated for one that is not kept.
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

    /// Adds backends of which none serves the model.
    mutating func append(_ backends: some RandomAccessCollection<String>, notServing model: String) {
        let room = max(0, Self.limit - (count - serving))
        kept += backends.prefix(room).map { SkippedBackend(backend: $0, doesNotServe: model) }
        count += backends.count
    }
}

/// A resolution that waits. Resume it exactly once.
package struct PendingResolution: Sendable {
    let registry: BackendRegistry
    let walk: ModelWalk
    /// Where the walk stands.
    let step: ModelWalk.Step

    /// Does what the request allows and waits for it; goes on with the next backend if that fails.
    ///
    /// A backend that is started for the request is handed its context then. Cancelling gives up the wait at once; what had begun
    /// goes on.
    package consuming func resume(
        with context: OwnedRuntimeContext? = nil
    ) async throws(BackendError) -> ResolvedModel {
        let registry = registry
        return try await registry.complete(walk, from: step, context) {
            (step, walk) async throws(BackendError) -> ResolvedModel? in
            switch step {
            case .found(let member, let endpoint, _):
                return ResolvedModel(backend: member.name, endpoint: endpoint, skipped: walk.skipped)
            case .wait(let member, let wait):
                return try await registry.prepare(member, wait, for: walk.request).map {
                    ResolvedModel(backend: member.name, endpoint: $0, skipped: walk.skipped)
                }
            case .exhausted:
                return nil
            }
        }
    }
}
