// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Receives signals on a thread of its own until the watch ends. Block the signals while the process has one thread.
final class SignalWatch: Sendable {
    private let loop: EventLoop
    private let source: LoopBound<SignalSource>
    private let hasEnded = Guarded(false)

    init(_ signals: [Signal], _ take: @escaping @Sendable (Signal) -> Void) async throws(SystemError) {
        let loop = try EventLoop(name: "signals")
        try loop.start()
        do throws(SystemError) {
            source = try await loop.run { () throws(SystemError) in
                LoopBound(try SignalSource(signals, loop: loop, onSignal: take), on: loop)
            }
        } catch {
            loop.stop()
            loop.join()
            throw error
        }
        self.loop = loop
    }

    /// Runs `body`, which waits for a lock or a model and then runs a command. A signal during the wait cancels it.
    ///
    /// `body` calls ``end()`` when the wait is over. The signals stay blocked, so that only the command receives them.
    ///
    /// - Returns: What `body` returns, an exit status, or 128 plus the number of the signal.
    static func whileWaiting(_ body: @escaping @Sendable (SignalWatch) async throws -> Int32) async throws -> Int32 {
        let first = OneShot<Signal>()
        let watch = try await SignalWatch(HeldCommand.signals) { first.set($0) }
        do {
            let status = try await firstOf(
                { try await body(watch) },
                {
                    guard let signal = await first.value() else { throw CancellationError() }
                    return 128 + signal.rawValue
                })
            await watch.end()
            return status
        } catch {
            await watch.end()
            throw error
        }
    }

    /// Stops receiving the signals. Calls after the first do nothing.
    func end() async {
        let isFirst = hasEnded.withLock { hasEnded in
            defer { hasEnded = true }
            return !hasEnded
        }
        guard isFirst else { return }
        await loop.run { [source] in source.withValue { $0.cancel() } }
        loop.stop()
        loop.join()
    }
}
