// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Bounds the time in which a caller wants an answer about a model: the error at its end says what the model is instead of ready.
    ///
    /// The time ends a little before the caller's own does, so that the caller gets the answer.
    package func within<Value: Sendable>(
        _ time: Duration?, model: String, on backends: [String] = [],
        _ work: @escaping @Sendable () async throws(BackendError) -> Value
    ) async throws(BackendError) -> Value {
        guard let time, time > .zero else { return try await work() }
        return try await first(of: work, until: time - min(time / 10, Self.answerTime)) {
            .modelNotReady(model, within: time, self.condition(of: model, on: backends), .deadlineExceeded)
        }
    }

    /// What an answer may take on its way.
    private static let answerTime = Duration.milliseconds(100)

    /// The result of some work, or an error where the work takes too long, which is cancelled then.
    func first<Value: Sendable>(
        of work: @escaping @Sendable () async throws(BackendError) -> Value, until limit: Duration,
        else late: () -> BackendError
    ) async throws(BackendError) -> Value {
        let result = await withTaskGroup(of: Result<Value, BackendError>?.self) { group in
            group.addTask { await Self.result(work) }
            group.addTask {
                _ = try? await self.clock.sleep(for: limit)
                return nil
            }
            // The error is made before the work leaves what it waits for.
            let first = await group.next().flatMap { $0 } ?? .failure(Task.isCancelled ? .callerCancelled : late())
            group.cancelAll()
            return first
        }
        if Task.isCancelled { throw .callerCancelled }
        return try result.get()
    }

    /// What a model is that is not ready, at the first backend that has to do with it; nil where none has.
    func condition(of model: String, on names: [String]) -> String? {
        guard let targets = try? routes.withLock({ $0 }).selected(names) else { return nil }
        for target in targets {
            if let words = target.models.condition(of: model) { return "\(words), in backend \(target.name)" }
            guard let entry = state.withLock({ $0.entries[target.name] }),
                target.models.served(entry.layers).contains(model)
            else { continue }
            if entry.state == .starting || entry.state == .stopping {
                return "backend \(target.name) is \(entry.state)"
            }
            guard entry.state == .started, let unready = entry.unready else { continue }
            return "backend \(target.name) is UNREADY: \(unready.firstLine)"
        }
        return nil
    }
}
