// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Reads what the processes of a backend wrote, until `body` says stop or there is no more.
    ///
    /// Lines that earlier runs of the daemon have left come first; they have no time. When the daemon is restarted while this follows,
    /// or drops it for reading too slowly, the reading resumes behind the last line that was told.
    ///
    /// - Parameters:
    ///   - backend: The backend's name.
    ///   - modelID: Only the process of this model; nil: all.
    ///   - lines: How many of the newest lines to begin with; nil: the daemon's choice, or with `since` all.
    ///   - since: Of the newest lines only those that are not older. Those of an earlier run of the daemon are left out when nothing was
    ///     written to their file since.
    ///   - follow: Go on with what is written from now on.
    ///   - stream: Only this output; nil: both.
    ///   - patience: For how long to try to resume before the error is thrown.
    ///   - timeout: How long the reading may take altogether; nil: without a limit.
    ///   - whenLost: Called with what ended a call, before the attempts to resume begin.
    ///   - body: What to do with each line.
    /// - Throws: What `body` throws; `LOGS_NOT_FOUND` where there is nothing to read.
    public func readLogs(
        of backend: String, modelID: String? = nil, lines: UInt32? = nil, since: Timestamp? = nil,
        follow: Bool = false, stream: LogLine.Stream? = nil, patience: Duration = .seconds(30),
        timeout: Duration? = nil, whenLost: (BackendClientError) -> Void = { _ in },
        _ body: (LogLine) async throws -> WatchDecision
    ) async throws {
        let wanted: LogStream =
            switch stream {
            case .output: .stdout
            case .error: .stderr
            case nil: .unspecified
            }
        var request = ReadLogsRequest(
            backend: backend, modelID: modelID ?? "", lines: lines ?? 0, follow: follow, stream: wanted,
            since: since.map { GoogleTimestamp(seconds: $0.seconds, nanos: $0.nanoseconds) })
        let deadline = timeout.map { Deadline(after: $0) }
        var reading = LogReading(patience: patience)
        while let status = try await read(request, &reading, deadline, body) {
            let isFirst = reading.resumption.isWell
            guard follow, let pause = reading.resumption.ended(status, now: .now) else {
                throw BackendClientError(status)
            }
            if isFirst { whenLost(BackendClientError(status)) }
            reading.isResumed = true
            (request.lines, request.since) = (LogReading.resumedLines, nil)
            try await Task.sleep(for: pause)
        }
    }

    /// One call. Returns how it failed; nil where there is nothing more to read. Throws what `body` throws.
    private func read(
        _ request: ReadLogsRequest, _ reading: inout LogReading, _ deadline: Deadline?,
        _ body: (LogLine) async throws -> WatchDecision
    ) async throws -> RPCStatus? {
        var current = reading
        defer { reading = current }
        let options = CallOptions(timeout: deadline?.remaining())
        do {
            try await observer.readLogs(request, options: options) { stream in
                while let message = try await stream.next() {
                    for line in current.lines(of: message) {
                        let decision = try await BodyFailure.carrying { try await body(line) }
                        current.progress.told(line)
                        if decision == .stop { return }
                    }
                }
            }
            return nil
        } catch let failure as BodyFailure {
            throw failure.error
        } catch let status as RPCStatus {
            current.gathered = []
            return status
        }
    }
}

/// How far a reading of logs has come, over all of its calls.
private struct LogReading {
    /// How many of the newest lines a call that resumes asks for, to find the last one that was told.
    static let resumedLines: UInt32 = 5000

    var progress = LogProgress()
    var resumption: Resumption
    /// Whether the call begins with lines of which some were told already.
    var isResumed = false
    var gathered: [LogLine] = []

    init(patience: Duration) {
        resumption = Resumption(patience: patience)
    }

    /// The lines of a message that are news.
    mutating func lines(of message: ReadLogsResponse) -> [LogLine] {
        let lines = message.lines.map { LogLine($0) }
        if message.caughtUp { resumption.told() }
        guard isResumed else { return lines }
        gathered += lines
        guard message.caughtUp else { return [] }
        defer { (gathered, isResumed) = ([], false) }
        return progress.news(in: gathered)
    }
}
