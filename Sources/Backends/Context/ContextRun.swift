// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A dispatch under way: what has been said and who is next.
struct ContextRun: Sendable {
    /// Work that a backend could not finish at once.
    struct Work: Sendable {
        let finish: @Sendable () async throws(BackendError) -> ContextResult.Outcome
        /// What it comes to that the work failed, took too long or was never begun.
        let unfinished: @Sendable (BackendError) -> ContextResult.Outcome
    }

    private let targets: [ContextRoutes.Target]
    private let isStrict: Bool
    private var next = 0
    private(set) var results: [ContextResult] = []

    init(_ targets: [ContextRoutes.Target], isStrict: Bool) {
        self.targets = targets
        self.isStrict = isStrict
        results.reserveCapacity(targets.count)
    }

    var hasMore: Bool { next < targets.count }

    /// The backend whose turn it is or was last.
    var currentBackend: String { targets[next - 1].name }

    /// Goes on until all are through or one has to wait, whose work is returned.
    mutating func advance<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) throws(BackendError) -> Work? {
        while hasMore {
            next += 1
            switch targets[next - 1].backend.handleRuntimeContext(context) {
            case .handled: try record(.handled)
            case .ignored: try record(targets[next - 1].models.mayFollow(context) ? .unasked : .ignored)
            case .routed(let endpoint): try record(.routed(endpoint))
            case .failed(let error): try record(.failed(error))
            case .refused(let error): try record(.refused(error))
            case .declined(let error): try record(.declined(error))
            case .pending(let finish, let unfinished): return Work(finish: finish, unfinished: unfinished)
            }
        }
        return nil
    }

    /// Takes in what the backend whose turn it was made of the context.
    mutating func record(_ outcome: ContextResult.Outcome) throws(BackendError) {
        if isStrict {
            switch outcome {
            case .failed(let error), .refused(let error): throw error
            case .handled, .ignored, .routed, .declined, .unasked: break
            }
        }
        results.append(ContextResult(backend: currentBackend, outcome: outcome))
    }
}
