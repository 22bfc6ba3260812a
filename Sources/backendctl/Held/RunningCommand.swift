// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

/// A child process on an event loop, from its start to its end. Call all of it on the loop.
final class RunningCommand {
    /// How the child ended, or why that is not known.
    typealias Outcome = Result<ChildProcess.Status, SystemError>

    private let child: ChildProcess
    private let loop: EventLoop
    private let ended: OneShot<Outcome>
    private var signals: SignalSource?
    private var watch: ProcessWatch?
    private var killTimer: TimerToken?
    private var hasEnded = false

    /// How long a child may take to end after SIGTERM.
    private static let patience = Duration.seconds(10)

    init(
        _ arguments: [String], _ environment: TextMap<String>, _ loop: EventLoop, _ ended: OneShot<Outcome>
    ) throws(SystemError) {
        self.loop = loop
        self.ended = ended
        child = try ChildProcess.spawn(arguments, environment: environment, newSession: false)
        // Signals from the keyboard go to the whole foreground group, which includes the child.
        let isInteractive = ProcessInformation.isTerminal(0)
        signals = try SignalSource(HeldCommand.signals, loop: loop) { [weak self] signal in
            if isInteractive, signal == .interrupt || signal == .quit { return }
            self?.send(signal)
        }
        watch = try child.watch(on: loop) { [weak self] in self?.exited() }
    }

    /// Asks the child to end, and kills it if it does not.
    func terminate() {
        guard !hasEnded else { return }
        send(.terminate)
        killTimer = loop.schedule(after: Self.patience) { [weak self] in self?.send(.kill) }
    }

    /// Releases what is registered with the loop.
    func finish() {
        signals?.cancel()
        watch?.cancel()
        if let killTimer { loop.cancel(killTimer) }
    }

    private func send(_ signal: Signal) {
        guard !hasEnded else { return }
        do throws(SystemError) {
            try child.signal(signal)
        } catch {
            // A child that has changed its user cannot be signaled: wait for its end.
        }
    }

    private func exited() {
        hasEnded = true
        do throws(SystemError) {
            ended.set(.success(try child.wait()))
        } catch {
            ended.set(.failure(error))
        }
    }
}

/// The command to run under a lock or with a model could not be started.
struct CommandNotRun: Error {
    let error: SystemError

    /// The status that shells use: 127 for a command that does not exist, 126 for one that cannot be run.
    var status: Int32 { error.isNotFound ? 127 : 126 }
}
