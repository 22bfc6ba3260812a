// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends

/// What is to be saved, in the order of decisions, and who waits for it.
///
/// All changes that are pending go into the next batch together, so what a batch leaves on the disk is what had been decided at one moment.
/// The last change of a subject replaces those before it that are not in a batch yet, which bounds the queue by the number of subjects.
package struct SaveQueue<Waiter: Sendable>: Sendable {
    private struct Kept: Sendable {
        var change: StateChange
        var number: UInt64
    }

    private var pending: [StateSubject: Kept] = [:]
    /// The batch that is being written.
    private var writing: [StateSubject: Kept] = [:]
    private var last: UInt64 = 0
    private var writingThrough: UInt64?
    private var savedThrough: UInt64 = 0
    /// The numbers of the marks that were saved last.
    package private(set) var savedMarks: [StateMark: UInt64] = [:]
    private var waiters: [(number: UInt64, waiter: Waiter)] = []
    private let limit: Int

    package init(limit: Int = 16_384) {
        self.limit = limit
    }

    package var hasRoom: Bool { pending.count < limit }
    package var isEmpty: Bool { pending.isEmpty && writing.isEmpty }

    package mutating func keep(_ change: StateChange) {
        last += 1
        if case .routesForgotten(let backend) = change { forgetRoutes(of: backend, before: last) }
        pending[change.subject] = Kept(change: change, number: last)
    }

    /// Routes that were learned before all were forgotten are not written.
    private mutating func forgetRoutes(of backend: String, before number: UInt64) {
        pending = pending.filter { subject, kept in
            guard case .route(backend, _) = subject else { return true }
            return kept.number > number
        }
    }

    /// What to wait for until the subject is saved; nil if it is.
    package func point(of subject: StateSubject) -> SavePoint? {
        (pending[subject] ?? writing[subject]).map { SavePoint($0.number) }
    }

    /// What to wait for until everything so far is saved; nil if it is.
    package var end: SavePoint? { isEmpty ? nil : SavePoint(last) }

    /// Queues a waiter; returned at once if there is nothing to wait for.
    package mutating func wait(for point: SavePoint, _ waiter: Waiter) -> Waiter? {
        guard point.number > savedThrough else { return waiter }
        waiters.append((point.number, waiter))
        return nil
    }

    /// Takes all that is pending; nil if nothing is. ``ended(isSaved:)`` follows.
    package mutating func begin() -> [StateChange]? {
        precondition(writingThrough == nil, "two batches at once")
        guard !pending.isEmpty else { return nil }
        (writing, pending, writingThrough) = (pending, [:], last)
        return writing.values.sorted { $0.number < $1.number }.map(\.change)
    }

    /// The batch is on the disk, or has failed as a whole: then its changes are pending again, unless later ones have replaced them.
    ///
    /// - Returns: Those who waited for it.
    package mutating func ended(isSaved: Bool) -> [Waiter] {
        guard let through = writingThrough else { return [] }
        if isSaved {
            savedThrough = through
            for kept in writing.values {
                if case .mark(let mark, let number) = kept.change { savedMarks[mark] = number }
            }
        } else {
            pending.merge(writing) { later, _ in later }
            for case .routes(let backend) in Array(pending.keys) {
                forgetRoutes(of: backend, before: pending[.routes(backend: backend)]?.number ?? 0)
            }
        }
        (writing, writingThrough) = ([:], nil)
        let told = waiters.filter { $0.number <= through }
        waiters.removeAll { $0.number <= through }
        return told.map(\.waiter)
    }
}
