// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Looks up the addresses of names, as the system's configuration says, each on a thread of its own.
///
/// The system's call cannot be ended early. So a lookup that nobody waits for any more goes on until the system gives up, and
/// counts until then; waiters for the same name share it. The loop, which tells the time, must run as long as anybody waits.
package final class NameResolver: Sendable {
    package typealias Lookup = @Sendable (String) -> Result<[IPAddress], NameResolutionError>
    private typealias Waiter = CheckedContinuation<Result<[IPAddress], NameResolutionError>, Never>

    private struct State {
        var lastID: UInt64 = 0
        /// Of every name that is being looked up.
        var waiters: TextMap<[UInt64: Waiter]> = [:]
        var waiting = 0
    }

    /// Tasks that may wait together.
    private static let waiterLimit = 4096

    private let loop: EventLoop
    private let limit: Int
    private let lookup: Lookup
    private let state = Guarded(State())

    /// `limit` is how many names are looked up at once.
    package init(loop: EventLoop, limit: Int = 16, lookup: @escaping Lookup = NameResolver.system) {
        self.loop = loop
        self.limit = limit
        self.lookup = lookup
    }

    /// The addresses of a name in the order of preference, at least one; waits at most so long, and not once it is cancelled.
    package func addresses(
        of name: String, within time: Duration
    ) async throws(NameResolutionError) -> [IPAddress] {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { begin(id, name, within: time, $0) }
        } onCancel: {
            leave(id, name, NameResolutionError(.cancelled, "the lookup was cancelled"))
        }
        return try result.get()
    }

    private func begin(_ id: UInt64, _ name: String, within time: Duration, _ waiter: Waiter) {
        let (refusal, isFirst) = state.withLock { state -> (NameResolutionError?, Bool) in
            // Cancellation is looked at under the lock: either it is seen here, or `leave` finds the waiter.
            if Task.isCancelled { return (NameResolutionError(.cancelled, "the lookup was cancelled"), false) }
            let isFirst = state.waiters[name] == nil
            guard state.waiting < Self.waiterLimit, !isFirst || state.waiters.count < limit else {
                return (NameResolutionError(.tooMany, "too many names are being looked up; try again"), false)
            }
            state.waiting += 1
            state.waiters[name, default: [:]][id] = waiter
            return (nil, isFirst)
        }
        if let refusal { return waiter.resume(returning: .failure(refusal)) }
        if isFirst { look(for: name) }
        loop.execute {
            self.loop.schedule(after: time) { [weak self] in
                self?.leave(id, name, NameResolutionError(.timeout, "there was no answer in time"))
            }
        }
    }

    private func look(for name: String) {
        let lookup = lookup
        do throws(SystemError) {
            try BlockingWork.start("resolver") { self.found(lookup(name), for: name) }
        } catch {
            found(.failure(NameResolutionError(.failed, "no thread for the lookup: \(error)")), for: name)
        }
    }

    private func found(_ result: Result<[IPAddress], NameResolutionError>, for name: String) {
        let waiters = state.withLock { state in
            let waiters = state.waiters.removeValue(forKey: name) ?? [:]
            state.waiting -= waiters.count
            return waiters
        }
        for waiter in waiters.values { waiter.resume(returning: result) }
    }

    private func leave(_ id: UInt64, _ name: String, _ why: NameResolutionError) {
        let waiter = state.withLock { state -> Waiter? in
            guard let waiter = state.waiters[name]?.removeValue(forKey: id) else { return nil }
            state.waiting -= 1
            return waiter
        }
        waiter?.resume(returning: .failure(why))
    }
}
