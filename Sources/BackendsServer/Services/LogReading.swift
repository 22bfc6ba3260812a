// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SystemIO
internal import TextKeys

/// One call of `ReadLogs`: the newest lines of each instance, then, if it follows, what they and later ones write.
struct LogReading: Sendable {
    /// How many bytes of lines one message has at most; one line always fits.
    private static let messageBytes = 256 << 10
    /// How many of the newest lines are sent if the request does not say.
    private static let usualLines = 200

    let registry: BackendRegistry
    let request: ReadLogsRequest
    let responses: ResponseStream<ReadLogsResponse>

    func run() async throws(RPCStatus) {
        try checkFields()
        let watch = try asStatus { () throws(BackendError) in try registry.watch() }
        let sources = try await sources(orNone: request.follow && request.modelID.isEmpty)
        // The lines are taken only when they can be sent, so that a reader that is slow costs no memory.
        try await responses.waitForRoom()
        let usual = request.since == nil ? Self.usualLines : Int.max
        let count = request.lines == 0 ? usual : Int(clamping: request.lines)
        let isFiltered = request.stream != .unspecified || request.since != nil
        var positions: TextMap<LogPosition> = [:]
        var lines: [Backends.LogLine] = []
        for source in sources {
            // The wanted lines are filtered from all lines.
            let tail = source.tail(lines: isFiltered ? .max : count, isFollowing: request.follow)
            positions[source.instance] = tail.position
            lines += tail.lines.filter { isWanted($0) && isRecent($0) }
        }
        // Of several instances the newest lines of all, in the order in which they were seen.
        if sources.count > 1 { lines = Self.inOrder(lines) }
        var messages = Self.messages(of: lines.suffix(count))
        if request.follow {
            if messages.isEmpty { messages.append(ReadLogsResponse()) }
            messages[messages.count - 1].caughtUp = true
        }
        for message in messages { try await responses.send(message) }
        guard request.follow else { return }
        try await sendNewLines(sources, from: positions, watch).get()
    }

    private func checkFields() throws(RPCStatus) {
        if let since = request.since, !since.isValid {
            throw .invalid("since", "is not a time from the years 1 to 9999 with 0 to 999,999,999 nanoseconds")
        }
        switch request.stream {
        case .unspecified, .stdout, .stderr: break
        case .unrecognized(let number): throw .invalid("stream", "is \(number), which is neither STDOUT nor STDERR")
        }
    }

    /// What earlier runs have left comes first, whatever the clock has done since.
    private static func inOrder(_ lines: [Backends.LogLine]) -> [Backends.LogLine] {
        func earlierRunsFirst(_ line: Backends.LogLine) -> Int { line.isOfEarlierRun ? 0 : 1 }
        return lines.enumerated().sorted { left, right in
            (earlierRunsFirst(left.element), left.element.time, left.offset)
                < (earlierRunsFirst(right.element), right.element.time, right.offset)
        }.map(\.element)
    }

    private func sources(orNone: Bool) async throws(RPCStatus) -> [any LogSource] {
        do throws(BackendError) {
            return try await registry.logs(
                of: request.backend, model: request.modelID.nilIfEmpty, isFollowing: request.follow)
        } catch {
            if orNone, error.reason == .logsNotFound { return [] }
            throw RPCStatus(error)
        }
    }

    /// What a following reader waits for.
    private enum Step: Sendable {
        /// An instance has written, or is gone or stopped.
        case wrote(any LogSource, isOver: Bool)
        /// Something happened to the backend's instances.
        case news
        /// A part of a pause is over.
        case rested
        case failed(RPCStatus)
        /// The daemon is about to end.
        case over
    }

    /// Follows what the instances write. With a model this ends with its instance; else it goes on with those that come, until the
    /// backend is gone. One task sends what all others have seen.
    private func sendNewLines(
        _ sources: [any LogSource], from start: TextMap<LogPosition>, _ watch: BackendWatch
    ) async -> Result<Void, RPCStatus> {
        await withTaskGroup(of: Step.self) { group in
            var following = LogFollowing(positions: start)
            for source in following.added(sources) { wait(for: source, following, in: &group) }
            let goesOn = request.modelID.isEmpty
            if goesOn { group.addTask { await news(watch) } }
            defer { group.cancelAll() }
            while let step = await group.next() {
                switch step {
                case .wrote(let source, let isOver): following.wrote(source, isOver: isOver)
                case .news:
                    guard let sources = try? await self.sources(orNone: true) else { return await send(&following) }
                    for source in following.added(sources) { wait(for: source, following, in: &group) }
                    group.addTask { await news(watch) }
                case .rested: following.isResting = false
                case .failed(let status): return .failure(status)
                case .over: return await send(&following).flatMap { .failure(.logsEnded) }
                }
                switch following.next(at: .now) {
                case .wait: break
                case .rest(let pause): group.addTask { await rest(pause) }
                case .send:
                    let written = following.written
                    if case .failure(let status) = await send(&following) { return .failure(status) }
                    for source in written { wait(for: source, following, in: &group) }
                }
            }
            return await send(&following)
        }
    }

    private func wait(for source: any LogSource, _ following: LogFollowing, in group: inout TaskGroup<Step>) {
        let position = following.position(of: source)
        group.addTask { await read(source, from: position) }
    }

    /// Sends what was written, which is read only now, so that unread lines are stored once for all readers.
    private func send(_ following: inout LogFollowing) async -> Result<Void, RPCStatus> {
        let room = await RPCStatus.result { () async throws(RPCStatus) in try await responses.waitForRoom() }
        if case .failure = room { return room }
        var lines: [Backends.LogLine] = []
        for source in following.taken(at: .now) {
            let more = source.available(after: following.position(of: source))
            following.positions[source.instance] = more.position
            lines += more.lines.filter(isWanted)
        }
        let messages = Self.messages(of: lines)
        return await RPCStatus.result { () async throws(RPCStatus) in
            for message in messages { try await responses.send(message) }
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

    private func read(_ source: any LogSource, from position: LogPosition) async -> Step {
        do throws(CancellationError) {
            return .wrote(source, isOver: try await source.lines(after: position).lines.isEmpty)
        } catch {
            return .failed(RPCStatus(.cancelled, reason: "CALLER_CANCELLED", "the caller stopped reading"))
        }
    }

    private func rest(_ pause: Duration) async -> Step {
        // If this throws, the group is being cancelled.
        try? await Background.sleep(for: pause)
        return .rested
    }

    private static func messages(of lines: some Sequence<Backends.LogLine>) -> [ReadLogsResponse] {
        var messages: [ReadLogsResponse] = []
        var room = 0
        for line in lines {
            let bytes = line.roughBytes
            if messages.isEmpty || bytes > room {
                messages.append(ReadLogsResponse())
                room = messageBytes
            }
            messages[messages.count - 1].lines.append(BackendsAPI.LogLine(line))
            room -= bytes
        }
        return messages
    }

    private func isWanted(_ line: Backends.LogLine) -> Bool {
        switch (request.stream, line.stream) {
        case (.stdout, .standardError), (.stderr, .standardOutput): false
        default: true
        }
    }

    private func isRecent(_ line: Backends.LogLine) -> Bool {
        request.since.map { Timestamp(seconds: $0.seconds, nanoseconds: $0.nanos) <= line.time } ?? true
    }
}

/// How far a reader has come with each instance, and which of them have written more.
private struct LogFollowing {
    enum Step {
        case wait
        /// Wait, then set ``isResting`` back and ask again.
        case rest(Duration)
        case send
    }

    /// How often a rest looks whether there is enough to fill a message.
    private static let look = Duration.milliseconds(25)

    var positions: TextMap<LogPosition>
    var isResting = false
    private(set) var written: [any LogSource] = []
    private var followed: Set<TextKey> = []
    private var pacing = BurstPacing()

    init(positions: TextMap<LogPosition>) {
        self.positions = positions
    }

    func position(of source: any LogSource) -> LogPosition { positions[source.instance] ?? LogPosition() }

    /// Those of the sources that are not followed yet; they are from now on.
    mutating func added(_ sources: [any LogSource]) -> [any LogSource] {
        sources.filter { followed.insert(TextKey($0.instance)).inserted }
    }

    mutating func wrote(_ source: any LogSource, isOver: Bool) {
        if isOver { followed.remove(TextKey(source.instance)) } else { written.append(source) }
    }

    /// What to do about what was written: it is sent at once when waiting could lose lines.
    mutating func next(at now: ContinuousClock.Instant) -> Step {
        guard !written.isEmpty, !isResting else { return .wait }
        let pause = pacing.pause(at: now)
        guard pause > .zero, !written.contains(where: { $0.isFilling(after: position(of: $0)) }) else { return .send }
        isResting = true
        return .rest(min(pause, Self.look))
    }

    /// Those that have written, to be read and sent now.
    mutating func taken(at now: ContinuousClock.Instant) -> [any LogSource] {
        if !written.isEmpty { pacing.sent(at: now) }
        defer { written = [] }
        return written
    }
}

extension GoogleTimestamp {
    /// Whether it is one that protobuf allows.
    fileprivate var isValid: Bool {
        (-62_135_596_800...253_402_300_799).contains(seconds) && (0...999_999_999).contains(nanos)
    }
}

extension RPCStatus {
    fileprivate static let logsEnded = RPCStatus(
        .unavailable, reason: "SHUTTING_DOWN",
        "the daemon is stopping and has ended the reading of logs")
}

extension Backends.LogLine {
    fileprivate var roughBytes: Int { text.utf8.count + instance.utf8.count + 32 }
}

extension BackendsAPI.LogLine {
    fileprivate init(_ line: Backends.LogLine) {
        self.init(
            instance: line.instance, stream: line.stream == .standardOutput ? .stdout : .stderr,
            time: line.isOfEarlierRun ? nil : GoogleTimestamp(line.time), text: line.text, afterGap: line.isAfterGap)
    }
}
