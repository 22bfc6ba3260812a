// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// One call of `ReadLogs`: the newest lines of each instance, then, where it follows, what they write from now on.
struct LogReading: Sendable {
    /// How many lines one message holds at most.
    private static let page = 256
    /// How many of the newest lines are told where the request does not say.
    private static let usualLines = 200

    let registry: BackendRegistry
    let request: ReadLogsRequest
    let responses: ResponseStream<ReadLogsResponse>

    func run() async throws(RPCStatus) {
        let sources = try asStatus { () throws(BackendError) in
            try registry.logs(of: request.backend, model: request.modelID.nilIfEmpty)
        }
        let count = request.lines == 0 ? Self.usualLines : Int(clamping: request.lines)
        var positions: [UInt64] = []
        var lines: [Backends.LogLine] = []
        for source in sources {
            // Those of one stream are picked out of all there are.
            let tail = source.tail(lines: request.stream == .unspecified ? count : .max)
            positions.append(tail.position)
            lines += tail.lines.filter(isWanted)
        }
        // Of several instances the newest lines of all, in the order in which they were seen.
        if sources.count > 1 { lines.sort { $0.time < $1.time } }
        try await send(Array(lines.suffix(count)))
        if request.follow { try await follow(sources, positions) }
    }

    private func follow(_ sources: [any LogSource], _ positions: [UInt64]) async throws(RPCStatus) {
        let result = await withTaskGroup(of: Result<Void, RPCStatus>.self) { group in
            for (source, position) in zip(sources, positions) {
                group.addTask {
                    await RPCStatus.result { () async throws(RPCStatus) in try await follow(source, from: position) }
                }
            }
            // One that is gone for good does not end the others; an error ends all.
            for await result in group {
                guard case .failure = result else { continue }
                group.cancelAll()
                return result
            }
            return .success(())
        }
        try result.get()
    }

    private func follow(_ source: any LogSource, from start: UInt64) async throws(RPCStatus) {
        var position = start
        while true {
            let next: (lines: [Backends.LogLine], position: UInt64)
            do throws(CancellationError) {
                next = try await source.lines(after: position)
            } catch {
                throw RPCStatus(.cancelled, reason: "CALLER_CANCELLED", "the caller stopped reading")
            }
            guard !next.lines.isEmpty else { return }
            position = next.position
            try await send(next.lines.filter(isWanted))
        }
    }

    private func send(_ lines: [Backends.LogLine]) async throws(RPCStatus) {
        var rest = lines[...]
        while !rest.isEmpty {
            try await responses.send(ReadLogsResponse(lines: rest.prefix(Self.page).map { BackendsAPI.LogLine($0) }))
            rest = rest.dropFirst(Self.page)
        }
    }

    private func isWanted(_ line: Backends.LogLine) -> Bool {
        switch (request.stream, line.stream) {
        case (.stdout, .standardError), (.stderr, .standardOutput): false
        default: true
        }
    }
}

extension BackendsAPI.LogLine {
    fileprivate init(_ line: Backends.LogLine) {
        self.init(
            instance: line.instance, stream: line.stream == .standardOutput ? .stdout : .stderr,
            time: GoogleTimestamp(line.time), text: line.text, afterGap: line.isAfterGap)
    }
}
