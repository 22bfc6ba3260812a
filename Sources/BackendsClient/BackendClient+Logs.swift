// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Runs `body` with the lines that the processes of a backend wrote to their outputs.
    ///
    /// Lines that earlier runs of the daemon kept come first, and have no time. Without `follow` the stream ends with
    /// the newest line. With `follow` it continues with what is written from then on, until the backend is deleted, or
    /// the process of `modelID` is gone. The stream ends, and its call is cancelled, when `body` returns, throws or is
    /// cancelled.
    ///
    /// If the daemon is restarted while the stream follows, or ends the call because `body` reads too slowly, the
    /// stream resumes after the last line that it received. A line before which others may be missing has
    /// ``LogLine/isAfterGap`` set.
    ///
    /// ```swift
    /// try await client.withLogs(of: "assistant", lines: 10, follow: true) { lines in
    ///     for try await line in lines {
    ///         print(line.instance, line.text)
    ///     }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - backend: The backend's name.
    ///   - modelID: The ID of the model whose process to read; nil: all processes.
    ///   - lines: The number of the newest lines to begin with, at least 1; nil: 200, or all with `since`. The memory
    ///     that the daemon keeps for log lines limits it.
    ///   - since: The time of the oldest line to begin with; nil: any. Lines of an earlier run of the daemon count as
    ///     old as the last write to their file.
    ///   - follow: Whether to continue with what is written from now on.
    ///   - stream: The output to read; nil: both.
    ///   - patience: How long to try to resume before the stream throws.
    ///   - timeout: How long the stream may last; nil: without a limit.
    ///   - onInterruption: Called on another task with each loss of the stream, before it tries to resume.
    ///   - body: What to do with the lines.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws. The stream throws ``FailureReason/logsNotFound`` if there is nothing to read,
    ///   ``FailureReason/deadlineExceeded`` after `timeout`, and why it cannot begin or resume.
    public func withLogs<Value>(
        of backend: String, modelID: String? = nil, lines: Int? = nil, since: Timestamp? = nil, follow: Bool = false,
        stream: LogLine.Stream? = nil, patience: Duration = BackendClient.defaultPatience, timeout: Duration? = nil,
        onInterruption: @escaping @Sendable (BackendClientError) -> Void = { _ in },
        _ body: (sending BackendStream<LogLine>) async throws -> Value
    ) async throws -> Value {
        let wanted: LogStream =
            switch stream {
            case .output: .stdout
            case .error: .stderr
            case nil: .unspecified
            }
        let request = ReadLogsRequest(
            backend: backend, modelID: modelID ?? "", lines: lines.map { UInt32(clamping: max($0, 1)) } ?? 0,
            follow: follow, stream: wanted,
            since: since.map { GoogleTimestamp(seconds: $0.seconds, nanos: $0.nanoseconds) })
        let deadline = timeout.map { Deadline(after: $0) }
        return try await StreamFeed.run(
            { writer in
                let resumption = Resumption(patience: follow ? patience : nil)
                let reading = LogReading(request)
                await writer.run(resumption, onInterruption: onInterruption) {
                    try await self.read(reading, until: deadline, resumption, writer)
                }
            }, body)
    }

    /// Makes one call, until there are no more lines or the scope has ended. Throws the status that ended the call
    /// early.
    private func read(
        _ reading: LogReading, until deadline: Deadline?, _ resumption: Resumption, _ writer: FeedWriter<LogLine>
    ) async throws {
        let options = CallOptions(timeout: deadline?.remaining())
        defer { reading.callEnded() }
        try await observer.readLogs(reading.request, options: options) { stream in
            while await writer.isWanted() {
                guard let message = try await stream.next() else { return }
                if message.caughtUp { resumption.worked() }
                writer.send(reading.lines(of: message))
            }
        }
    }
}

/// What has been read of some logs, over all calls.
private final class LogReading {
    /// The number of the newest lines that a call asks for when it resumes, to find the last one that was read.
    private static let resumedLines: UInt32 = 5000

    private(set) var request: ReadLogsRequest
    private var progress = LogProgress()
    /// Whether the call begins with lines of which some were read before.
    private var isResumed = false
    private var gathered: [LogLine] = []

    init(_ request: ReadLogsRequest) {
        self.request = request
    }

    /// Takes in a message and returns the lines of it that were not read before.
    func lines(of message: ReadLogsResponse) -> [LogLine] {
        var lines = message.lines.map { LogLine($0) }
        if isResumed {
            gathered += lines
            guard message.caughtUp else { return [] }
            lines = progress.news(in: gathered)
            (gathered, isResumed) = ([], false)
        }
        for line in lines { progress.told(line) }
        return lines
    }

    /// A further call resumes.
    func callEnded() {
        (gathered, isResumed) = ([], true)
        (request.lines, request.since) = (Self.resumedLines, nil)
    }
}
