// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Looks up the addresses of names as the system is configured, each on a thread of its own.
///
/// The system call cannot be interrupted. A lookup whose waiters have all gone therefore continues until the system
/// gives up, and counts toward the limit until then. Waiters for the same name share a lookup. The loop provides the
/// timers, so it must run as long as a task waits.
package final class NameResolver: Sendable {
    package typealias Lookup = @Sendable (String) -> Result<[IPAddress], NameResolutionError>
    private typealias Answer = OneShot<Result<[IPAddress], NameResolutionError>>

    private struct State {
        /// Of every name that is being looked up.
        var waiters: TextMap<[ObjectIdentifier: Answer]> = [:]
        var waiting = 0
    }

    /// The number of tasks that may wait at once.
    private static let waiterLimit = 4096

    private let loop: EventLoop
    private let limit: Int
    private let lookup: Lookup
    private let state = Guarded(State())

    /// `limit` is the number of names that are looked up at once.
    package init(loop: EventLoop, limit: Int = 16, lookup: @escaping Lookup = NameResolver.system) {
        self.loop = loop
        self.limit = limit
        self.lookup = lookup
    }

    /// The addresses of a name in the order of preference, at least one. Waits at most for `time`; cancelling ends the
    /// wait.
    package func addresses(
        of name: String, within time: Duration
    ) async throws(NameResolutionError) -> [IPAddress] {
        let cancelled = NameResolutionError(.cancelled, "the lookup was cancelled")
        guard !Task.isCancelled else { throw cancelled }
        let answer = Answer()
        if try enter(answer, name) { look(for: name) }
        loop.execute {
            self.loop.schedule(after: time) { [weak self] in
                self?.leave(answer, name, NameResolutionError(.timeout, "the lookup timed out"))
            }
        }
        guard let result = await answer.value() else {
            leave(answer, name, cancelled)
            throw cancelled
        }
        return try result.get()
    }

    /// Adds a waiter. Returns whether the name is not being looked up yet.
    private func enter(_ answer: Answer, _ name: String) throws(NameResolutionError) -> Bool {
        try state.withLock { (state) throws(NameResolutionError) in
            let isFirst = state.waiters[name] == nil
            guard state.waiting < Self.waiterLimit, !isFirst || state.waiters.count < limit else {
                throw NameResolutionError(.tooMany, "too many names are being looked up; try again")
            }
            state.waiting += 1
            state.waiters[name, default: [:]][ObjectIdentifier(answer)] = answer
            return isFirst
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
        for answer in waiters.values { answer.set(result) }
    }

    private func leave(_ answer: Answer, _ name: String, _ why: NameResolutionError) {
        let isWaiting = state.withLock { state in
            guard state.waiters[name]?.removeValue(forKey: ObjectIdentifier(answer)) != nil else { return false }
            state.waiting -= 1
            return true
        }
        if isWaiting { answer.set(.failure(why)) }
    }
}

/// Why a name has no addresses, as the end of a sentence about it.
package struct NameResolutionError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// There is no such name, or it has no address.
        case notFound
        /// The lookup failed.
        case failed
        case timeout
        case cancelled
        /// The limit of lookups is reached; this one was not begun.
        case tooMany
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension NameResolutionError: CustomStringConvertible {
    package var description: String { message }
}
