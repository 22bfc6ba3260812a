// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Returns free memory to the system. The C library keeps most of it, so that a process stays as large as it once was.
///
/// Other threads that allocate meanwhile may have to wait, so this is done rarely.
package final class HeapTrimmer: Sendable {
    private struct State {
        var isRunning = false
        /// The number of requests.
        var requests: UInt64 = 0
    }

    /// What is in use now is free a moment later; what takes longer is returned the second time.
    private static let settling = Duration.milliseconds(200)
    private static let period = Duration.seconds(5)

    private let state = Guarded(State())

    package init() {}

    /// Returns memory soon and once more five seconds later, on a thread of its own, which serves all requests that
    /// come meanwhile.
    package func trimSoon() {
        let isFirst = state.withLock { state in
            state.requests += 1
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        do throws(SystemError) {
            try BlockingWork.start("heap") { [self] in run() }
        } catch {
            // Without a thread the memory is kept until the next request.
            state.withLock { $0.isRunning = false }
        }
    }

    private func run() {
        var isOver = false
        while !isOver {
            let served = state.withLock { $0.requests }
            for pause in [Self.settling, Self.period] {
                MonotonicClock.sleep(pause)
                csys_trim_heap()
            }
            isOver = state.withLock { state in
                state.isRunning = state.requests != served
                return !state.isRunning
            }
        }
    }
}
