// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

/// Shows a ``ProgressLine`` on standard error if that is a terminal, and removes it at the end.
final class Progress: Sendable {
    private struct State {
        var line: ProgressLine
        var isShown = false
        var hasEnded = false
    }

    /// Commands that end sooner show nothing.
    private static let patience = Duration.milliseconds(300)
    private static let tick = Duration.seconds(1)

    private let state: Guarded<State>
    private let start = ContinuousClock.now

    private init(_ subject: ProgressLine.Subject) {
        state = Guarded(State(line: ProgressLine(subject)))
    }

    /// The signals that would leave the line behind. Block them while the process has one thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate]

    /// Whether standard error is a terminal.
    static var isVisible: Bool { ProcessInformation.isTerminal(2) }

    /// The line that a signal removes.
    private static let current = Guarded<Progress?>(nil)

    /// Removes the line, if there is one, before a signal ends the process. Keep the result until the command ends.
    static func watchSignals() async throws(SystemError) -> SignalWatch {
        try await SignalWatch(signals) { signal in
            current.withLock { $0 }?.end()
            // If it is not delivered, the command continues.
            try? SignalSource.raise(signal)
        }
    }

    /// Runs `body`, and meanwhile shows what the daemon does for it. A signal removes the line.
    static func shown<Value>(
        _ subject: ProgressLine.Subject, _ client: BackendClient, _ body: (Progress) async throws -> Value
    ) async throws -> Value {
        try await shownAlone(subject, client) { progress in
            current.withLock { $0 = progress }
            defer { current.withLock { $0 = nil } }
            return try await body(progress)
        }
    }

    /// The same for a command that handles signals itself.
    static func shownAlone<Value>(
        _ subject: ProgressLine.Subject, _ client: BackendClient, _ body: (Progress) async throws -> Value
    ) async throws -> Value {
        let progress = Progress(subject)
        guard isVisible else { return try await body(progress) }
        defer { progress.end() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await progress.takeEvents(from: client) }
            group.addTask { await progress.keepDrawing() }
            defer { group.cancelAll() }
            return try await body(progress)
        }
    }

    /// Removes the line for good.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            if state.isShown { write("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    /// Takes in the daemon's events until the line is removed. Without any, the line shows only the time.
    private func takeEvents(from client: BackendClient) async {
        try? await client.withEvents { events in
            for try await event in events {
                let (isNews, hasEnded) = state.withLock { ($0.line.take(event), $0.hasEnded) }
                if isNews, start.duration(to: .now) >= Self.patience { draw() }
                if hasEnded { break }
            }
        }
    }

    private func keepDrawing() async {
        var pause = Self.patience
        while (try? await Task.sleep(for: pause)) != nil, draw() { pause = Self.tick }
    }

    /// Returns false once it has ended.
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
        // If it cannot be written, the command continues without it.
        try? ProcessInformation.writeStandardError(text)
    }
}

/// A command that shows a progress line while it waits.
protocol WaitingCommand: AsyncParsableCommand {}
