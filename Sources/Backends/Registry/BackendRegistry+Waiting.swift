// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Bounds the time in which a caller wants an answer about a model: the error at its end names the state that the model is in.
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

    /// The time reserved to deliver the answer.
    private static let answerTime = Duration.milliseconds(100)

    /// The result of some work, or an error if the work takes too long; it is cancelled then.
    func first<Value: Sendable>(
        of work: @escaping @Sendable () async throws(BackendError) -> Value, until limit: Duration,
        else late: @escaping @Sendable () -> BackendError
    ) async throws(BackendError) -> Value {
        let result: Result<Value, BackendError> = await firstOf(
            { await Self.result(work) },
            {
                _ = try? await self.clock.sleep(for: limit)
                // Made before the work leaves what it waits for.
                return .failure(Task.isCancelled ? .callerCancelled : late())
            })
        if Task.isCancelled { throw .callerCancelled }
        return try result.get()
    }

    /// The state of a model that is not ready, at the first backend that serves it; nil if none does.
    func condition(of model: String, on names: [String]) -> String? {
        guard let members = try? members(named: names, serving: model) else { return nil }
        for member in members {
            if let words = member.models.condition(of: model) { return "\(words), in backend \(member.name)" }
            guard let backend = try? backend(member.name), backend.served.contains(model) else { continue }
            let entry = backend.entry
            if entry.state == .starting || entry.state == .stopping {
                return "backend \(member.name) is \(entry.state)"
            }
            guard entry.state == .started, let unready = entry.unready else { continue }
            return "backend \(member.name) is UNREADY: \(unready.firstLine)"
        }
        return nil
    }
}
