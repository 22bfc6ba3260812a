// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import SystemIO

/// Shows a ``ProgressLine`` on standard error, where that is a terminal, and takes it away in the end.
final class Progress: Sendable {
    private struct State {
        var line: ProgressLine
        var isShown = false
        var hasEnded = false
    }

    /// What is done sooner shows nothing.
    private static let patience = Duration.milliseconds(300)
    private static let tick = Duration.seconds(1)

    private let state: Guarded<State>
    private let start = ContinuousClock.now

    private init(_ subject: ProgressLine.Subject) {
        state = Guarded(State(line: ProgressLine(subject)))
    }

    /// The signals that would leave the line behind; to be blocked before there is a second thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate]

    /// Whether there is a terminal to show it on.
    static var isVisible: Bool { ProcessInformation.isTerminal(2) }

    /// The line that a signal takes away.
    private static let current = Guarded<Progress?>(nil)

    /// Has the signals take the line away, where there is one, before they end the process. To be kept until it ends.
    static func watchSignals() async throws(SystemError) -> SignalWatch {
        try await SignalWatch(signals) { signal in
            current.withLock { $0 }?.end()
            // Where it is not delivered, the command goes on.
            try? SignalSource.raise(signal)
        }
    }

    /// Runs `body` and tells meanwhile what the daemon does for it, until a signal takes the line away.
    static func shown<Result>(
        _ subject: ProgressLine.Subject, _ client: BackendClient, _ body: (Progress) async throws -> Result
    ) async throws -> Result {
        try await shownAlone(subject, client) { progress in
            current.withLock { $0 = progress }
            defer { current.withLock { $0 = nil } }
            return try await body(progress)
        }
    }

    /// The same for a command that takes care of signals itself.
    static func shownAlone<Result>(
        _ subject: ProgressLine.Subject, _ client: BackendClient, _ body: (Progress) async throws -> Result
    ) async throws -> Result {
        let progress = Progress(subject)
        guard isVisible else { return try await body(progress) }
        defer { progress.end() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await progress.follow(client) }
            group.addTask { await progress.keepDrawing() }
            defer { group.cancelAll() }
            return try await body(progress)
        }
    }

    /// Takes the line away for good.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            if state.isShown { write("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    /// Where the daemon tells nothing, the time is shown alone.
    private func follow(_ client: BackendClient) async {
        try? await client.watch { event in
            let (isNews, hasEnded) = state.withLock { ($0.line.take(event), $0.hasEnded) }
            if isNews, start.duration(to: .now) >= Self.patience { draw() }
            return hasEnded ? .stop : .proceed
        }
    }

    private func keepDrawing() async {
        var pause = Self.patience
        while (try? await Task.sleep(for: pause)) != nil, draw() { pause = Self.tick }
    }

    /// False once it has ended.
    @discardableResult
    private func draw() -> Bool {
        state.withLock { state in
            if state.hasEnded { return false }
            let columns = ProcessInformation.terminalSize(2)?.columns ?? 80
            write("\r\u{1B}[K" + state.line.text(after: start.duration(to: .now), columns: columns))
            state.isShown = true
            return true
        }
    }

    private func write(_ text: String) {
        // Nobody misses it where it cannot be written.
        try? ProcessInformation.writeStandardError(text)
    }
}
