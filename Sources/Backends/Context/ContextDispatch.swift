// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a dispatch got without waiting.
package enum ContextDispatch: Sendable {
    /// Every backend was asked.
    case finished(ContextResults)
    /// A backend has to wait; resume it for the rest.
    case pending(PendingDispatch)
}

/// A dispatch that waits for a backend. Resume it exactly once.
package struct PendingDispatch: Sendable {
    let registry: BackendRegistry
    var run: ContextRun
    var work: ContextRun.Work
    /// Nil if no backend follows.
    let context: OwnedRuntimeContext?

    /// Waits for the backend and goes on with those behind it, one after the other.
    ///
    /// Each has the context timeout, then it counts as failed. Cancelling gives up at once. Throws if the dispatch is strict
    /// and a backend fails.
    package consuming func resume() async throws(BackendError) -> [ContextResult] {
        while true {
            try run.record(await registry.finish(work, of: run.currentBackend))
            guard let context, let next = try run.advance(context) else { return run.results.list }
            work = next
        }
    }
}

/// A dispatch under way: the results so far and the backend that is next.
struct ContextRun: Sendable {
    /// Work that a backend could not finish at once.
    struct Work: Sendable {
        let finish: @Sendable () async throws(BackendError) -> ContextResult.Outcome
        /// The outcome if the work failed, took too long or was never begun.
        let unfinished: @Sendable (BackendError) -> ContextResult.Outcome
    }

    private let members: [PriorityList.Member]
    private let isStrict: Bool
    private var next = 0
    private let expected: ContextResults
    /// The results, once one is not what is expected.
    private var changed: [ContextResult]?

    /// Begins with `ignored`, which comes out if every one of the backends ignores the context, as most do.
    init(_ members: [PriorityList.Member], ignored: ContextResults, isStrict: Bool) {
        self.members = members
        expected = ignored
        self.isStrict = isStrict
    }

    /// One result for each backend that was asked, in priority order.
    var results: ContextResults {
        if let changed { ContextResults(changed) } else { expected }
    }

    var hasMore: Bool { next < members.count }

    /// The backend whose turn it is or was last.
    var currentBackend: String { members[next - 1].name }

    /// Continues until all were asked or one has to wait; returns the work of that one.
    mutating func advance<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) throws(BackendError) -> Work? {
        while hasMore {
            next += 1
            switch members[next - 1].backend.handleRuntimeContext(context) {
            case .handled: try record(.handled)
            case .ignored: try record(members[next - 1].models.mayFollow(context) ? .undecided : .ignored)
            case .routed(let endpoint): try record(.routed(endpoint))
            case .failed(let error): try record(.failed(error))
            case .refused(let error): try record(.refused(error))
            case .declined(let error): try record(.declined(error))
            case .pending(let finish, let unfinished): return Work(finish: finish, unfinished: unfinished)
            }
        }
        return nil
    }

    /// Records what the backend whose turn it was made of the context.
    mutating func record(_ outcome: ContextResult.Outcome) throws(BackendError) {
        if isStrict {
            switch outcome {
            case .failed(let error), .refused(let error): throw error
            case .handled, .ignored, .routed, .declined, .undecided: break
            }
        }
        if case .ignored = outcome { return }
        if changed == nil { changed = expected.list }
        changed?[next - 1].outcome = outcome
    }
}
