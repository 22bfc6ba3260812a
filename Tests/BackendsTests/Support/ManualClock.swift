// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO

/// A clock that stands still until a test moves it.
final class ManualClock: BackendClock {
    private struct Sleeper {
        var id: Int
        var deadline: Duration
        var continuation: TaskContinuation<Bool>
    }

    private struct State {
        var elapsed = Duration.zero
        var lastID = 0
        var sleepers: [Sleeper] = []
        var watchers: [(Int, TaskContinuation<Void>)] = []
    }

    static let start = Timestamp(seconds: 1_800_000_000)

    private let state = Guarded(State())

    func now() -> Timestamp {
        let elapsed = state.withLock { $0.elapsed }.components
        return Timestamp(
            seconds: Self.start.seconds + elapsed.seconds, nanoseconds: Int32(elapsed.attoseconds / 1_000_000_000))
    }

    func uptime() -> Duration { state.withLock { $0.elapsed } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.elapsed += duration
            let elapsed = state.elapsed
            defer { state.sleepers.removeAll { $0.deadline <= elapsed } }
            return state.sleepers.filter { $0.deadline <= elapsed }
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until `count` tasks sleep.
    func sleepersAre(_ count: Int = 1) async {
        await withTaskContinuation { watcher in
            let isSo = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, watcher))
                return false
            }
            if isSo { watcher.resume() }
        }
    }

    func sleep(for duration: Duration) async throws(CancellationError) {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let isThrough = await withTaskCancellationHandler {
            await withTaskContinuation { continuation in
                let (answer, watchers) = state.withLock { state -> (Bool?, [(Int, TaskContinuation<Void>)]) in
                    if Task.isCancelled { return (false, []) }
                    if duration <= .zero { return (true, []) }
                    state.sleepers.append(
                        Sleeper(id: id, deadline: state.elapsed + duration, continuation: continuation))
                    let count = state.sleepers.count
                    defer { state.watchers.removeAll { $0.0 <= count } }
                    return (nil, state.watchers.filter { $0.0 <= count })
                }
                for watcher in watchers { watcher.1.resume() }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !isThrough { throw CancellationError() }
    }
}
