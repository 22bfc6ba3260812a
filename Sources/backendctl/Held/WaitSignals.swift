// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The signals that come while a command waits for what it is to hold: the first one ends the wait.
///
/// They are blocked for the command that runs under the hold, so nothing else takes them.
struct WaitSignals: Sendable {
    private let watch: SignalWatch
    private let sender: AsyncStream<Signal>.Continuation

    /// Runs `body`, which calls ``end()`` once it waits no more. Returns its exit status, or that of a program that the signal ended.
    static func watched(_ body: @escaping @Sendable (WaitSignals) async throws -> Int32) async throws -> Int32 {
        let (signals, sender) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingOldest(1))
        let watch = try await SignalWatch(HeldCommand.signals) { sender.yield($0) }
        let wait = WaitSignals(watch: watch, sender: sender)
        do {
            let status = try await first(of: signals) { try await body(wait) }
            await wait.end()
            return status
        } catch {
            await wait.end()
            throw error
        }
    }

    /// Leaves the signals to others from now on.
    func end() async {
        await watch.end()
        sender.finish()
    }

    private static func first(
        of signals: AsyncStream<Signal>, or body: @escaping @Sendable () async throws -> Int32
    ) async throws -> Int32 {
        try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in signals { return 128 + signal.rawValue }
                return nil
            }
            defer { group.cancelAll() }
            while let status = try await group.next() {
                if let status { return status }
            }
            return ExitStatus.failure.rawValue
        }
    }
}
