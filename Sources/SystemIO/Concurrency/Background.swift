// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Runs tasks that belong to no connection, and the timers of all tasks, on one event loop of the process.
///
/// It replaces the concurrency runtime's threads and timers, whose first use opens descriptors, ends the process if
/// none is left, and from then on wakes the process every second.
package enum Background {
    private static let chosen = Guarded<EventLoop?>(nil)
    private static let own: EventLoop? = {
        guard let loop = try? EventLoop(name: "background"), (try? loop.start()) != nil else { return nil }
        return loop
    }()

    /// The loop; nil if none can be started, so that the runtime's threads and timers are used.
    private static var loop: EventLoop? { chosen.withLock { $0 } ?? own }

    /// Chooses a loop that runs until the process ends. If none is chosen, the first task starts one.
    package static func use(_ loop: EventLoop) {
        chosen.withLock { $0 = loop }
    }

    /// Begins a task on the loop.
    @discardableResult
    package static func task<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) -> Task<Value, Never> {
        Task(executorPreference: loop) { await work() }
    }

    /// Waits until the duration has passed; throws as soon as the task is cancelled.
    package static func sleep(for duration: Duration) async throws(CancellationError) {
        guard let loop else {
            do {
                return try await Task.sleep(for: duration, clock: .continuous)
            } catch {
                throw CancellationError()
            }
        }
        let deadline = MonotonicClock.nowNanoseconds.addingSaturated(duration.clampedNanoseconds)
        let isCancelled = await loop.suspend(ifCancelled: true) { waiter in
            let alarm = Alarm(waiter)
            let timer = loop.schedule(at: deadline) { alarm.ring() }
            waiter.onCancel = { loop.cancel(timer) }
        }
        if isCancelled { throw CancellationError() }
    }

    /// Waits for a value, which is set to `late` when the duration has passed. Returns nil if the task is cancelled first. Without a loop it
    /// waits for the whole duration.
    package static func value<Value>(
        of shot: OneShot<Value>, within duration: Duration, orElse late: Value
    ) async -> Value? {
        guard let loop else {
            guard (try? await sleep(for: duration)) != nil else { return nil }
            shot.set(late)
            return shot.current
        }
        let deadline = MonotonicClock.nowNanoseconds.addingSaturated(duration.clampedNanoseconds)
        let timer = await loop.run { loop.schedule(at: deadline) { shot.set(late) } }
        let value = await shot.value()
        loop.execute { loop.cancel(timer) }
        return value
    }
}

/// Wakes a task when its time has come. If the timer that holds it is dropped before, as when the loop ends, the task
/// wakes as cancelled.
private final class Alarm {
    private let waiter: LoopWaiter<Bool>

    init(_ waiter: LoopWaiter<Bool>) {
        self.waiter = waiter
    }

    deinit { waiter.resume(true) }

    func ring() { waiter.resume(false) }
}
