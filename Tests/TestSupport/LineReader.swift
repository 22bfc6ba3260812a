// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// Reads what a program writes to a descriptor, line by line, on a thread of its own, so that the program never waits.
package final class LineReader: Sendable {
    private struct State {
        var lines: [String] = []
        var isOver = false
        var waiters: [(isMet: @Sendable (String) -> Bool, found: OneShot<String?>)] = []
    }

    private let state = Guarded(State())

    /// Reads a descriptor to its end, and closes it.
    package init(_ descriptor: consuming FileDescriptor) throws {
        let number = descriptor.release()
        let loop = try EventLoop(name: "lines")
        try loop.start()
        // The thread ends when the last writer closes its end.
        loop.execute { [self] in
            read(FileDescriptor(adopting: number))
            loop.stop()
        }
    }

    /// Every line so far.
    package var lines: [String] { state.withLock { $0.lines } }

    /// The first line, past or future, that meets a condition; nil if the program ends without one, or the task is cancelled first.
    package func line(where isMet: @escaping @Sendable (String) -> Bool) async -> String? {
        let found = OneShot<String?>()
        state.withLock { state in
            if let line = state.lines.first(where: isMet) {
                found.set(line)
            } else if state.isOver {
                found.set(nil)
            } else {
                state.waiters.append((isMet, found))
            }
        }
        return await found.value() ?? nil
    }

    /// Waits for the end, and returns every line.
    package func all() async -> [String] {
        _ = await line { _ in false }
        return lines
    }

    private func read(_ descriptor: consuming FileDescriptor) {
        var buffer = ByteBuffer()
        while case .bytes? = try? descriptor.read(into: &buffer, atMost: 65536) {
            var rest = buffer.copied()[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                append(String(decoding: rest[..<end], as: UTF8.self))
                rest = rest[(end + 1)...]
            }
            buffer = ByteBuffer(Array(rest))
        }
        if !buffer.isEmpty { append(String(decoding: buffer.copied(), as: UTF8.self)) }
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [] }
            return state.waiters.map(\.found)
        }
        for waiter in waiters { waiter.set(nil) }
    }

    private func append(_ line: String) {
        let due = state.withLock { state in
            state.lines.append(line)
            defer { state.waiters.removeAll { $0.isMet(line) } }
            return state.waiters.filter { $0.isMet(line) }.map(\.found)
        }
        for waiter in due { waiter.set(line) }
    }
}
