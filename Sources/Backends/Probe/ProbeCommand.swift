// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO

/// A command of a probe: runs in a session of its own, has no input and no output, and nothing of it survives it. All of it
/// belongs to the loop.
final class ProbeCommand {
    /// How long a killed command is waited for: longer only where the kernel does not let go of it.
    private static let patience = Duration.seconds(1)

    private enum State {
        case new
        case running(Child)
        /// Killed; its end is waited for.
        case ending(Child, ProbeFailure)
        case over
    }

    private final class Child {
        let process: ChildProcess

        init(_ process: consuming ChildProcess) {
            self.process = process
        }
    }

    private let command: [String]
    private let environment: [String: String]?
    private let directory: String?
    private let timeout: Duration
    private let loop: EventLoop
    private var state = State.new
    private var timer: TimerToken?
    private var watch: ProcessWatch?
    private var continuation: CheckedContinuation<ProbeFailure?, Never>?

    init(
        _ command: [String], environment: [String: String]?, directory: String?, timeout: Duration, loop: EventLoop
    ) {
        self.command = command
        self.environment = environment
        self.directory = directory
        self.timeout = timeout
        self.loop = loop
    }

    private var name: String { command.first ?? "" }

    /// Starts it; the continuation gets nil when it has ended with 0.
    func begin(_ continuation: CheckedContinuation<ProbeFailure?, Never>) {
        guard case .new = state else { return continuation.resume(returning: .cancelled) }
        self.continuation = continuation
        do throws(SystemError) {
            let child = Child(
                try ChildProcess.spawn(
                    command, environment: environment, directory: directory, newSession: true, input: .null,
                    output: .null, error: .null))
            state = .running(child)
            // The watch keeps this object until the command has been reaped.
            watch = try child.process.watch(on: loop) { self.ended() }
            timer = loop.schedule(after: timeout) { [weak self] in self?.expire() }
        } catch {
            if case .running(let child) = state {
                // It is ours and cannot be watched: a killed process is soon reaped.
                try? child.process.signalGroup(.kill)
                _ = try? child.process.wait()
            }
            finish(ProbeFailure(error.description))
        }
    }

    private func expire() {
        let time = timeout.milliseconds
        end(with: ProbeFailure("\(name) did not end within \(time) ms"))
    }

    /// Kills it with all of its session's group. Does nothing when it is over.
    func end(with failure: ProbeFailure) {
        switch state {
        case .new:
            state = .over
        case .running(let child):
            state = .ending(child, failure)
            try? child.process.signalGroup(.kill)
            if let timer { loop.cancel(timer) }
            timer = loop.schedule(after: Self.patience) { [weak self] in self?.resume(failure) }
        case .ending, .over:
            return
        }
    }

    private func ended() {
        switch state {
        case .new, .over:
            return
        case .running(let child):
            // What it has left behind in its group goes too, while its number is still its own.
            try? child.process.signalGroup(.kill)
            finish(failure(of: child))
        case .ending(let child, let failure):
            _ = try? child.process.poll()
            finish(failure)
        }
    }

    private func failure(of child: Child) -> ProbeFailure? {
        do throws(SystemError) {
            switch try child.process.poll() {
            case .exited(0)?: return nil
            case .exited(let code)?: return ProbeFailure("\(name) ended with exit code \(code)")
            case .signalled(let signal)?: return ProbeFailure("\(name) was ended by signal \(signal.rawValue)")
            case nil: return ProbeFailure("\(name) ended without a status")
            }
        } catch {
            return ProbeFailure(error.description)
        }
    }

    private func finish(_ failure: ProbeFailure?) {
        state = .over
        if let timer { loop.cancel(timer) }
        timer = nil
        watch?.cancel()
        watch = nil
        resume(failure)
    }

    private func resume(_ failure: ProbeFailure?) {
        guard let continuation else { return }
        self.continuation = nil
        continuation.resume(returning: failure)
    }
}
