// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Whoever reads this program's standard output, while a command has nothing to write.
enum OutputReader {
    /// Returns when the reader has closed its end of a pipe or socket; never for a file or a terminal. Cancelling ends the wait.
    static func waitUntilGone() async throws {
        let loop = try EventLoop(name: "output")
        try loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let watch = await loop.run { LoopBound(OutputWatch(loop) { continuation.yield() }, on: loop) }
        for await _ in stream { break }
        await loop.run { watch.withValue { $0.cancel() } }
    }
}

/// Watches standard output for an error, which is how the end of its reader shows. Belongs to the loop.
private final class OutputWatch: EventHandler {
    private let loop: EventLoop
    private let onEnd: () -> Void
    private var registration: Registration?

    init(_ loop: EventLoop, onEnd: @escaping () -> Void) {
        self.loop = loop
        self.onEnd = onEnd
        // A file cannot be watched, and its reader cannot go.
        registration = try? loop.register(1, interest: [], handler: self)
    }

    func ready(_ events: ReadyEvents) {
        cancel()
        onEnd()
    }

    func cancel() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }
}
