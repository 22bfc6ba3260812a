// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Runs several pieces of work at once and returns the result of the first one to end.
///
/// The others are cancelled and awaited. Cancelling the caller cancels all of them.
package func firstOf<Value: Sendable>(_ works: (@Sendable () async -> Value)...) async -> Value {
    await first(of: works)
}

/// Runs several pieces of work at once and returns, or throws, what the first one to end does. The rest is as above.
package func firstOf<Value: Sendable>(_ works: (@Sendable () async throws -> Value)...) async throws -> Value {
    var results: [@Sendable () async -> Result<Value, any Error>] = []
    for work in works {
        results.append {
            do {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
    }
    return try await first(of: results).get()
}

private func first<Value: Sendable>(of works: [@Sendable () async -> Value]) async -> Value {
    await withTaskGroup(of: Value.self) { group in
        for work in works { group.addTask { await work() } }
        defer { group.cancelAll() }
        guard let first = await group.next() else { preconditionFailure("the first of no work is awaited") }
        return first
    }
}

/// Runs `body`, and calls `expired` once if it takes longer than `limit`: to end what `body` waits for.
///
/// `sleep` decides how time passes; a test gives its own.
package func withDeadline<Value: Sendable, Failure: Error>(
    after limit: Duration,
    sleep: @escaping @Sendable (Duration) async throws(CancellationError) -> Void = Background.sleep(for:),
    expired: @escaping @Sendable () -> Void, _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result = await withTaskGroup(of: Void.self) { group -> Result<Value, Failure> in
        group.addTask {
            guard (try? await sleep(limit)) != nil else { return }
            expired()
        }
        defer { group.cancelAll() }
        do throws(Failure) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}
