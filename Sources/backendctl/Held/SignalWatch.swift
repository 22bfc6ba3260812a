// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Signals that a thread of its own takes, until the watch ends. They have to be blocked before there is a second thread.
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

    /// Leaves the signals to others. Again, it does nothing.
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
