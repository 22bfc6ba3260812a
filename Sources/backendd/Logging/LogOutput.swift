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
    }

    private let file: FileDescriptor
    private let state = Guarded(State())

    /// The number of bytes that wait for the reader at most.
    static let waitingLimit = 256 * 1024
    /// A pipe that is writable takes this much without waiting.
    private static let pieceSize = 4096

    init(adopting number: Int32) {
        file = FileDescriptor(adopting: number)
    }

    /// Writes a line, or keeps it until a later call finds room, or drops it.
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
    }

    /// Writes what waits, at the end of the daemon; a reader has a second for each piece.
    func finish(dropped report: (Int) -> String) {
        state.withLock { state in
            flush(&state, timeout: .seconds(1))
            tell(&state, report)
            flush(&state, timeout: .zero)
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
