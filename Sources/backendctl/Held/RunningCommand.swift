// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

/// A child on an event loop, from its start to its end. All of it belongs to the loop.
final class RunningCommand {
    private let child: ChildProcess
    private let loop: EventLoop
    private let ended: ExitSignal
    private var signals: SignalSource?
    private var watch: ProcessWatch?
    private var killTimer: TimerToken?
    private var hasEnded = false

    /// How long a child may take to end after SIGTERM.
    private static let patience = Duration.seconds(10)

    init(
        _ arguments: [String], _ environment: TextMap<String>, _ loop: EventLoop, _ ended: ExitSignal
    ) throws(SystemError) {
        self.loop = loop
        self.ended = ended
        child = try ChildProcess.spawn(arguments, environment: environment, newSession: false)
        // With a terminal the keyboard's signals go to the whole foreground group, the child among it.
        let isInteractive = ProcessInformation.isTerminal(0)
        signals = try SignalSource(HeldCommand.signals, loop: loop) { [weak self] signal in
            if isInteractive, signal == .interrupt || signal == .quit { return }
            self?.send(signal)
        }
        watch = try child.watch(on: loop) { [weak self] in self?.exited() }
    }

    /// Asks the child to end, and makes it end when it does not.
    func terminate() {
        guard !hasEnded else { return }
        send(.terminate)
        killTimer = loop.schedule(after: Self.patience) { [weak self] in self?.send(.kill) }
    }

    /// Takes the loop's things back.
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
            // A child that took another user's identity cannot be signalled; it goes on, and its end is waited for.
        }
    }

    private func exited() {
        hasEnded = true
        do throws(SystemError) {
            ended.send(.success(try child.wait()))
        } catch {
            ended.send(.failure(error))
        }
    }
}
