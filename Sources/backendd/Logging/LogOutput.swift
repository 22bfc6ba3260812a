// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Standard error as the place of the log. A reader that stops reading costs lines, which are counted; the daemon never waits for it.
final class LogOutput: Sendable {
    static let standardError = LogOutput(adopting: 2)

    private struct State {
        /// Lines, the first perhaps written in part, that the reader has no room for yet.
        var waiting: [UInt8] = []
        var dropped = 0
        /// Where what waits is tried again.
        var loop: EventLoop?
        var isRetrying = false
    }

    private let file: FileDescriptor
    private let state = Guarded(State())

    /// The number of bytes that wait for the reader at most.
    static let waitingLimit = 256 * 1024
    /// A pipe that is writable takes this much without waiting.
    private static let pieceSize = 4096
    /// How soon what waits is tried again.
    private static let retryDelay = Duration.milliseconds(200)

    init(adopting number: Int32) {
        file = FileDescriptor(adopting: number)
    }

    /// From now on, what waits is tried again on a loop, until the reader has it.
    func retry(on loop: EventLoop) {
        state.withLock { $0.loop = loop }
        scheduleRetry()
    }

    private func scheduleRetry() {
        let loop = state.withLock { state -> EventLoop? in
            guard let loop = state.loop, !state.waiting.isEmpty, !state.isRetrying else { return nil }
            state.isRetrying = true
            return loop
        }
        guard let loop else { return }
        loop.execute {
            loop.schedule(after: Self.retryDelay) { [self] in
                state.withLock { state in
                    state.isRetrying = false
                    flush(&state, timeout: .zero)
                }
                scheduleRetry()
            }
        }
    }

    /// Writes a line, or keeps it until there is room, or drops it.
    ///
    /// - Parameters:
    ///   - line: The line with its line feed.
    ///   - report: Makes the line that tells how many lines were dropped before.
    func write(_ line: String, dropped report: (Int) -> String) {
        // Under the lock, for whole lines in their order: nothing in it waits.
        state.withLock { state in
            flush(&state, timeout: .zero)
            guard state.waiting.count + line.utf8.count <= Self.waitingLimit else {
                state.dropped += 1
                return
            }
            tell(&state, report)
            state.waiting += line.utf8
            flush(&state, timeout: .zero)
        }
        scheduleRetry()
    }

    /// Writes what waits, at the end of the daemon; a reader has a second for each piece.
    func finish(dropped report: (Int) -> String) {
        state.withLock { state in
            tell(&state, report)
            flush(&state, timeout: .seconds(1))
        }
    }

    private func tell(_ state: inout State, _ report: (Int) -> String) {
        guard state.dropped > 0 else { return }
        state.waiting += report(state.dropped).utf8
        state.dropped = 0
    }

    private func flush(_ state: inout State, timeout: Duration) {
        while !state.waiting.isEmpty {
            do throws(SystemError) {
                guard try file.wait(for: .write, timeout: timeout).contains(.writable) else { return }
                let piece = Array(state.waiting.prefix(Self.pieceSize))
                try file.writeAll(piece)
                state.waiting.removeFirst(piece.count)
            } catch {
                // The reader is gone for good, and there is no other place to tell.
                state.waiting = []
            }
        }
    }
}
