// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Sets what encodes the answer to a context that every backend ignores, as most do. It is called once for as long as the backends are
    /// the same.
    package func answerIgnoredContexts(with encode: @escaping @Sendable ([ContextResult]) -> [UInt8]?) {
        priorityList.withLock { $0.answer = encode }
    }

    /// Hands a runtime context to every backend whatever its state, or to those named, in priority order and one after the
    /// other.
    ///
    /// Does not wait: when a backend has to, the answer says so and the caller resumes it. An unknown name is refused before any
    /// backend sees the context. With `strict` the first failure ends the dispatch and is thrown.
    package func dispatch<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context, to names: [String] = [], strict: Bool = false
    ) throws(BackendError) -> ContextDispatch {
        var run = try priorityList.withLock { (list) throws(BackendError) in
            try list.contextRun(names, isStrict: strict)
        }
        guard let work = try run.advance(context) else { return .finished(run.results) }
        let rest = run.hasMore ? context.copied() : nil
        return .pending(PendingDispatch(registry: self, run: run, work: work, context: rest))
    }

    /// Lets a backend finish its work on a context, for as long as one may take.
    func finish(_ work: ContextRun.Work, of name: String) async throws(BackendError) -> ContextResult.Outcome {
        let (reply, limit) = (OneShot<Result<ContextResult.Outcome, BackendError>>(), contextLimit.withLock { $0 })
        let task = contexts.spawn(limit: limits.pendingContexts) {
            do throws(BackendError) {
                reply.set(.success(try await work.finish()))
            } catch {
                reply.set(.failure(error))
            }
        }
        guard let task else { return work.unfinished(contextsFull(name)) }
        let result = await withDeadline(after: limit, sleep: clock.sleep(for:)) {
            reply.set(.failure(self.contextTimeout(name, limit)))
        } _: {
            await reply.value()
        }
        // It ends by itself, and the registry awaits it.
        task.cancel()
        switch result {
        case .success(let outcome): return outcome
        case .failure(let error): return work.unfinished(error)
        case nil: throw .callerCancelled
        }
    }

    private func contextTimeout(_ name: String, _ limit: Duration) -> BackendError {
        BackendError(
            .deadlineExceeded, .contextTimeout,
            "backend \(name) did not handle the runtime context within \(limit.exactText)",
            metadata: ["backend": name])
    }

    private func contextsFull(_ name: String) -> BackendError {
        BackendError(
            .resourceExhausted, .contextsFull,
            "the limit of \(limits.pendingContexts) runtime contexts under way is reached; try again later",
            metadata: ["backend": name], retryAfter: .seconds(1))
    }
}
