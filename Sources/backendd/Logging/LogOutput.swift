// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Standard error as the place of the log. If the reader stalls, lines are dropped and counted; the daemon never waits for it.
final class LogOutput: Sendable {
    static let standardError = LogOutput(writingTo: 2)

    private struct State {
        /// Lines, the first perhaps written in part, that the reader has no room for yet.
        var waiting: [UInt8] = []
        /// Lines that are lost and not yet reported.
        var dropped = 0
        /// Lines that are lost, which a line among those that wait reports.
        var reported = 0
        /// Where that line ends among those that wait.
        var reportEnd = 0
        /// Whether the last line that was written lacks its end.
        var isTorn = false
        /// Where what waits is tried again.
        var loop: EventLoop?
        var isRetrying = false
    }

    private let file: FileDescriptor
    private let pieceSize: Int
    private let state = Guarded(State())

    /// The number of bytes that wait for the reader at most.
    static let waitingLimit = 256 * 1024
    /// A pipe takes this much as a whole.
    private static let pieceSize = 4096
    private static let lineFeed = UInt8(ascii: "\n")
    /// How soon what waits is tried again.
    private static let retryDelay = Duration.milliseconds(200)

    init(writingTo number: Int32) {
        if let other = FileDescriptor.withoutBlocking(number) {
            file = other
            pieceSize = Self.pieceSize
        } else {
            file = FileDescriptor(adopting: number)
            // A terminal of another user has room for a byte if it has room at all.
            pieceSize = ProcessInformation.isTerminal(number) ? 1 : Self.pieceSize
        }
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
    ///   - report: Makes the line that reports how many lines were dropped before it.
    func write(_ line: String, dropped report: (Int) -> String) {
        // Under the lock, for whole lines in their order: nothing in it waits.
        state.withLock { state in
            flush(&state, timeout: .zero)
            guard state.waiting.count + line.utf8.count <= Self.waitingLimit else {
                state.dropped += 1
                return
            }
            appendReport(&state, report)
            state.waiting += line.utf8
            flush(&state, timeout: .zero)
        }
        scheduleRetry()
    }

    /// Writes what waits, at the end of the daemon; a reader has a second for each piece.
    func finish(dropped report: (Int) -> String) {
        state.withLock { state in
            appendReport(&state, report)
            flush(&state, timeout: .seconds(1))
        }
    }

    private func appendReport(_ state: inout State, _ report: (Int) -> String) {
        // What follows a line that was cut begins a line of its own.
        if state.isTorn && state.waiting.isEmpty { state.waiting.append(Self.lineFeed) }
        guard state.dropped > 0 else { return }
        state.reported += state.dropped
        state.waiting += report(state.dropped).utf8
        state.reportEnd = state.waiting.count
        state.dropped = 0
    }

    private func flush(_ state: inout State, timeout: Duration) {
        while !state.waiting.isEmpty {
            do throws(SystemError) {
                guard try file.wait(for: .write, timeout: timeout).contains(.writable) else { return }
                let count = try file.writeAvailable(Array(state.waiting.prefix(pieceSize)))
                guard count > 0 else { return }
                state.isTorn = state.waiting[count - 1] != Self.lineFeed
                state.waiting.removeFirst(count)
                state.reportEnd -= count
                if state.reportEnd <= 0 { state.reported = 0 }
            } catch {
                lose(&state)
            }
        }
    }

    /// The reader is gone, or the disk is full: the lines are lost, which is reported when one can be written again.
    private func lose(_ state: inout State) {
        let lines = state.waiting.drop { $0 == Self.lineFeed }.count { $0 == Self.lineFeed }
        state.dropped += lines + state.reported - (state.reported > 0 ? 1 : 0)
        state.reported = 0
        state.waiting = []
    }
}
