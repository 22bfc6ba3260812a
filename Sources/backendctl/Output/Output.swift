// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

/// Standard output.
enum Output {
    /// Writes all of a text.
    ///
    /// - Throws: An exit status, without a message, if the reader has gone; else a ``CommandFailure``.
    static func write(_ text: String) throws {
        do throws(SystemError) {
            try ProcessInformation.writeStandardOutput(text)
        } catch {
            if error.isDisconnect { throw ExitCode(ExitStatus.brokenPipe.rawValue) }
            let why = SystemError.text(for: error.code)
            throw CommandFailure.failure("OUTPUT_UNWRITABLE", "cannot write to standard output: \(why)")
        }
    }

    /// Returns a closure that says on standard error that the daemon has gone and that the command waits for it.
    static func noticeOfLoss(as format: OutputFormat) -> @Sendable (BackendClientError) -> Void {
        { error in
            guard error.code == .unavailable else { return }
            var line = ErrorLine(error)
            line.hint = "waiting up to \(DurationInput.text(BackendClient.defaultPatience)) for the daemon to come back"
            // If it cannot be written, the command waits all the same.
            try? ProcessInformation.writeStandardError(line.rendered(as: format))
        }
    }

    /// Runs `body`, and cancels it when the reader closes its end of a pipe or socket. Files and terminals have no such
    /// end.
    static func whileRead(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let isRead = try await firstOf(
            {
                try await body()
                return true
            },
            {
                try await waitUntilUnread()
                return false
            })
        guard isRead else { throw ExitCode(ExitStatus.brokenPipe.rawValue) }
    }

    /// Returns when the reader has gone. Cancelling ends the wait.
    private static func waitUntilUnread() async throws {
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

private final class OutputWatch: EventHandler {
    private let loop: EventLoop
    private let onEnd: () -> Void
    private var registration: Registration?

    init(_ loop: EventLoop, onEnd: @escaping () -> Void) {
        self.loop = loop
        self.onEnd = onEnd
        // A file cannot be watched, and has no reader that could go.
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
