// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import Logging
package import SystemIO

/// Keeps the state on the disk.
///
/// One thread writes. All changes that were kept while it wrote go into its next transaction. If that fails, it tells those who wait,
/// keeps the changes, and tries again with the next change and from time to time.
package final class DiskStateStore: StateStore {
    package typealias Write = @Sendable ([StateChange]) throws(StateFault) -> Void

    private typealias Waiter = @Sendable (StateFault?) -> Void

    private struct State {
        var queue = SaveQueue<Waiter>()
        var fault: StateFault?
        var commits = 0
        var isEnding = false
    }

    private let state = Guarded(State())
    private let bell: Doorbell
    private let ended = Announcement<Void>()
    private let log: Logger

    /// A store whose changes are not written until it runs.
    package init(log: Logger) throws(SystemError) {
        self.log = log
        bell = try Doorbell()
    }

    /// How many transactions were written.
    package var commits: Int { state.withLock { $0.commits } }

    /// Why the changes that wait cannot be saved.
    package var fault: StateFault? { state.withLock { $0.fault } }
}

// MARK: Keeping

extension DiskStateStore {
    package func keep(_ change: StateChange) { state.withLock { $0.queue.keep(change) } }

    package func savePoint(of subject: StateSubject) -> SavePoint? { state.withLock { $0.queue.point(of: subject) } }

    package func savedMark(_ mark: StateMark) -> UInt64? { state.withLock { $0.queue.savedMarks[mark] } }

    package var hasRoom: Bool { state.withLock { $0.queue.hasRoom } }

    package func save() {
        if state.withLock({ !$0.queue.isEmpty }) { bell.ring() }
    }

    package func whenSaved(_ point: SavePoint, _ then: @escaping @Sendable (StateFault?) -> Void) {
        if let waiter = state.withLock({ $0.queue.wait(for: point, then) }) { return waiter(nil) }
        bell.ring()
    }
}

// MARK: Writing

extension DiskStateStore {
    /// How long to wait before a failed transaction is tried again, if nothing changes meanwhile.
    private static let retryDelay = Duration.seconds(1)

    /// How long nothing may change before what was written is settled.
    private static let settleDelay = Duration.milliseconds(100)

    /// Begins to write, on a thread of its own, which also settles what was written, when it has nothing else to do and at the end.
    package func run(_ write: @escaping Write, settle: @escaping @Sendable () -> Void = {}) throws(SystemError) {
        do throws(SystemError) {
            try BlockingWork.start("state") { [self] in
                writeUntilEnd(write, settle)
                ended.set(())
            }
        } catch {
            ended.set(())
            throw error
        }
    }

    /// Waits until everything that was kept so far is saved, or the task is cancelled.
    ///
    /// - Returns: Why something cannot be saved now.
    package func waitUntilSaved() async -> StateFault? {
        guard let point = state.withLock({ $0.queue.end }) else { return nil }
        return await saved(point)
    }

    /// Writes what is left, and waits until the thread has ended. Changes that are kept later are not saved.
    ///
    /// A disk that does not answer is waited for until `patience` is over, or `isUrgent` is set.
    ///
    /// - Returns: Why something is not saved.
    package func end(
        patience: Duration = .seconds(10), isUrgent: Announcement<Void> = Announcement()
    ) async -> StateFault? {
        state.withLock { $0.isEnding = true }
        bell.ring()
        await firstOf(
            { _ = await self.ended.value() },
            { try? await Background.sleep(for: patience) },
            { _ = await isUrgent.value() })
        return state.withLock { state in
            if ended.current != nil { return state.fault }
            return state.queue.isEmpty ? nil : state.fault ?? StateFault("the disk does not answer")
        }
    }

    private func writeUntilEnd(_ write: Write, _ settle: () -> Void) {
        // When to settle what was written.
        var settleTime: UInt64?
        while true {
            let isEnding = state.withLock { $0.isEnding }
            switch attempt(write) {
            case .saved:
                settleTime = MonotonicClock.nowNanoseconds + Self.settleDelay.clampedNanoseconds
            case .failed:
                if isEnding { return }
                bell.wait(timeout: Self.retryDelay)
            case .nothing:
                let now = MonotonicClock.nowNanoseconds
                if let time = settleTime, isEnding || time <= now {
                    settle()
                    settleTime = nil
                }
                if isEnding { return }
                bell.wait(timeout: settleTime.map { .nanoseconds(Int64(clamping: $0 - now)) })
            }
        }
    }

    private enum Attempt { case nothing, saved, failed }

    private func attempt(_ write: Write) -> Attempt {
        guard let changes = state.withLock({ $0.queue.begin() }) else { return .nothing }
        var fault: StateFault?
        do throws(StateFault) {
            try write(changes)
        } catch {
            fault = error
        }
        let (waiters, before) = state.withLock { state in
            let before = state.fault
            state.fault = fault
            if fault == nil { state.commits += 1 }
            return (state.queue.ended(isSaved: fault == nil), before)
        }
        for waiter in waiters { waiter(fault) }
        if let fault, fault != before {
            log.error(
                "the state is not saved; retrying", metadata: ["error": "\(fault)", "changes": "\(changes.count)"])
        } else if fault == nil, before != nil {
            log.notice("the state is saved again", metadata: ["changes": "\(changes.count)"])
        }
        return fault == nil ? .saved : .failed
    }
}
