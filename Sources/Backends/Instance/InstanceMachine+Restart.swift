// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Restarts that a person asks for. They count as a start: the restarts and the backoff begin at zero again.
///
/// | | booting | running | being ended, to be restarted or given up | in backoff | given up, or being stopped |
/// | --- | --- | --- | --- | --- | --- |
/// | restart | ends and starts it | ends and starts it | starts it once it has ended | starts it now | refused |
/// | retry | joins the start | – | starts it once it has ended | starts it now | – |
///
/// The answer comes when the process is ready, or has ended once more.
extension InstanceMachine {
    package mutating func restartRequested() -> [Action] {
        switch phase {
        case .idle, .over, .finished:
            return [.answerRestart(.instanceEnded(name))]
        case .backoff:
            return bootFromBackoff()
        case .booting, .running:
            phase = .ending(.startAgain)
            isRestartAwaited = true
            return [.endProbes, .cancelTimer(.load), .cancelTimer(.healthy)] + bootTimerEnd + change(to: .stopping)
                + endTree()
        case .ending(let next):
            switch next {
            case .failStart, .finish: return [.answerRestart(.instanceEnded(name))]
            case .anotherPort, .restart, .giveUp, .startAgain: return startAgainOnceEnded()
            }
        }
    }

    /// Starts a process that waits for its restart without the rest of the pause; leaves any other as it is.
    package mutating func retryRequested() -> [Action] {
        switch phase {
        case .idle, .running, .over, .finished:
            return [.answerRestart(nil)]
        case .backoff:
            return bootFromBackoff()
        case .booting:
            isRestartAwaited = true
            return []
        case .ending(let next):
            switch next {
            case .restart, .startAgain: return startAgainOnceEnded()
            case .anotherPort, .failStart, .giveUp, .finish: return [.answerRestart(nil)]
            }
        }
    }

    private mutating func bootFromBackoff() -> [Action] {
        isRestartAwaited = true
        return [.cancelTimer(.restart)] + bootAgain()
    }

    private mutating func startAgainOnceEnded() -> [Action] {
        phase = .ending(.startAgain)
        isRestartAwaited = true
        retryTime = nil
        return change(to: .stopping)
    }

    /// Nothing is left of the process: starts the next one as if it was the first.
    mutating func bootAgain() -> [Action] {
        let isPortTaken = failure?.instanceReason == .portInUse
        (restarts, consecutive, restartTimes) = (0, 0, [])
        (failure, retryTime, hasTriedAnotherPort) = (nil, nil, false)
        return change(to: .starting) + boot(atAnotherPort: isPortTaken)
    }

    /// Tells those who wait for a restart what became of it; nil: the process is ready.
    mutating func restartEnded(_ error: BackendError?) -> [Action] {
        guard isRestartAwaited else { return [] }
        isRestartAwaited = false
        return [.answerRestart(error)]
    }

    /// The restarted process has ended once more.
    mutating func restartFailed(_ failure: BackendFailure) -> [Action] {
        restartEnded(error(.internal, BackendError.Reason(rawValue: failure.reason) ?? .startFailed, failure))
    }
}
