// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import TextKeys

/// One call of `ReadLogs`: the newest lines of each instance, then, where it follows, what they and those that come write.
struct LogReading: Sendable {
    /// How many lines one message holds at most.
    private static let page = 256
    /// How many of the newest lines are told where the request does not say.
    private static let usualLines = 200

    let registry: BackendRegistry
    let request: ReadLogsRequest
    let responses: ResponseStream<ReadLogsResponse>

    func run() async throws(RPCStatus) {
        let watch = try asStatus { () throws(BackendError) in try registry.watch() }
        let sources = try sources(orNone: request.follow && request.modelID.isEmpty)
        let count = request.lines == 0 ? Self.usualLines : Int(clamping: request.lines)
        var positions: TextMap<UInt64> = [:]
        var lines: [Backends.LogLine] = []
        for source in sources {
            // Those of one stream are picked out of all there are.
            let tail = source.tail(lines: request.stream == .unspecified ? count : .max)
            positions[source.instance] = tail.position
            lines += tail.lines.filter(isWanted)
        }
        // Of several instances the newest lines of all, in the order in which they were seen.
        if sources.count > 1 { lines.sort { $0.time < $1.time } }
        try await send(Array(lines.suffix(count)))
        guard request.follow else { return }
        try await follow(sources, from: positions, watch).get()
    }

    private func sources(orNone: Bool) throws(RPCStatus) -> [any LogSource] {
        do throws(BackendError) {
            return try registry.logs(of: request.backend, model: request.modelID.nilIfEmpty)
        } catch {
            if orNone, error.reason == .logsNotFound { return [] }
            throw RPCStatus(error)
        }
    }

    /// What a following reader waits for.
    private enum Step: Sendable {
        /// An instance has written, and its lines were read up to here; without lines it is gone, or stopped.
        case wrote(any LogSource, [Backends.LogLine], UInt64)
        /// Something happened to the backend's instances.
        case news
        case failed(RPCStatus)
        /// There is nothing to follow any more.
        case over
    }

    /// Follows what the instances write. With a model this ends with its instance; else it goes on with those that come, until the
    /// backend is gone. One task sends what all others have read.
    private func follow(
        _ sources: [any LogSource], from start: TextMap<UInt64>, _ watch: BackendWatch
    ) async -> Result<Void, RPCStatus> {
        await withTaskGroup(of: Step.self) { group in
            var (positions, followed) = (start, Set<TextKey>())
            func follow(_ sources: [any LogSource]) {
                for source in sources where followed.insert(TextKey(source.instance)).inserted {
                    let position = positions[source.instance] ?? 0
                    group.addTask { await read(source, from: position) }
                }
            }
            follow(sources)
            let goesOn = request.modelID.isEmpty
            if goesOn { group.addTask { await news(watch) } }
            defer { group.cancelAll() }
            while let step = await group.next() {
                switch step {
                case .wrote(let source, let lines, let position):
                    positions[source.instance] = position
                    guard !lines.isEmpty else {
                        followed.remove(TextKey(source.instance))
                        continue
                    }
                    let sent = await RPCStatus.result { () async throws(RPCStatus) in
                        try await send(lines.filter(isWanted))
                    }
                    if case .failure = sent { return sent }
                    group.addTask { await read(source, from: position) }
                case .news:
                    guard let sources = try? self.sources(orNone: true) else { return .success(()) }
                    follow(sources)
                    group.addTask { await news(watch) }
                case .failed(let status):
                    return .failure(status)
                case .over:
                    return .success(())
                }
            }
            return .success(())
        }
    }

    /// Waits until something has happened to the instances of the backend, or to itself.
    private func news(_ watch: BackendWatch) async -> Step {
        while true {
            do throws(BackendError) {
                let items = try await watch.next()
                if items.isEmpty { return .over }
                if items.contains(where: isNews) { return .news }
            } catch {
                return .failed(RPCStatus(error))
            }
        }
    }

    private func isNews(_ item: BackendWatchItem) -> Bool {
        switch item {
        case .snapshot: true
        case .instance(let event): event.backend == request.backend
        case .change(let event): event.backend == request.backend
        case .model, .gap: false
        }
    }

    private func read(_ source: any LogSource, from position: UInt64) async -> Step {
        do throws(CancellationError) {
            let next = try await source.lines(after: position)
            return .wrote(source, next.lines, next.lines.isEmpty ? position : next.position)
        } catch {
            return .failed(RPCStatus(.cancelled, reason: "CALLER_CANCELLED", "the caller stopped reading"))
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
