// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The end of a child, which comes once and is awaited once.
final class ExitSignal: Sendable {
    typealias Outcome = Result<ChildProcess.Status, any Error>

    private enum State {
        case running(CheckedContinuation<Outcome, Never>?)
        case ended(Outcome)
    }

    private let state = Guarded(State.running(nil))

    func send(_ outcome: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .running(let waiter):
                state = .ended(outcome)
                return waiter
            case .ended:
                return nil
            }
        }
        waiter?.resume(returning: outcome)
    }

    /// Waits for the end. Cancelling the task does not end the wait.
    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome: Outcome? = state.withLock { state in
                switch state {
                case .running:
                    state = .running(continuation)
                    return nil
                case .ended(let outcome):
                    return outcome
                }
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
