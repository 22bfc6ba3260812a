// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Reads what the processes of a backend wrote, until `body` says stop or there is no more.
    ///
    /// - Parameters:
    ///   - backend: The backend's name.
    ///   - modelID: Only the process of this model; nil: all.
    ///   - lines: So many of the newest lines first; nil: the daemon's choice.
    ///   - follow: Go on with what is written from now on.
    ///   - stream: Only this output; nil: both.
    ///   - timeout: How long the reading may take altogether; nil: for ever.
    ///   - body: What to do with each line.
    /// - Throws: What `body` throws; `LOGS_NOT_FOUND` where there is nothing to read.
    public func readLogs(
        of backend: String, modelID: String? = nil, lines: UInt32? = nil, follow: Bool = false,
        stream: LogLine.Stream? = nil, timeout: Duration? = nil, _ body: (LogLine) async throws -> WatchDecision
    ) async throws {
        let wanted: LogStream =
            switch stream {
            case .output: .stdout
            case .error: .stderr
            case nil: .unspecified
            }
        let request = ReadLogsRequest(
            backend: backend, modelID: modelID ?? "", lines: lines ?? 0, follow: follow, stream: wanted)
        do {
            try await observer.readLogs(request, options: CallOptions(timeout: timeout)) { stream in
                while let message = try await stream.next() {
                    for line in message.lines {
                        if try await body(LogLine(line)) == .stop { return }
                    }
                }
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }
}
