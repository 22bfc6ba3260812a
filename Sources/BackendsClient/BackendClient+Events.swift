// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Runs `body` with the changes of all backends, processes and models, in order.
    ///
    /// The stream begins with a snapshot, or with what followed `position`. Read that first element before a call whose
    /// effects you want to see. The stream ends, and its call is cancelled, when `body` returns, throws or is
    /// cancelled.
    ///
    /// If the daemon is restarted, or ends the call because `body` reads too slowly, the stream resumes after the last
    /// change that it received. If changes were lost meanwhile, it says so with ``DaemonEvent/gap(_:)``, followed by a
    /// new snapshot.
    ///
    /// ```swift
    /// try await client.withEvents { events in
    ///     for try await event in events {
    ///         if case .change(let change) = event, change.newState == .failed { break }
    ///     }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - position: The position of the last change seen; nil: begin with a snapshot.
    ///   - patience: How long to try to resume before the stream throws.
    ///   - timeout: How long the stream may last; nil: without a limit.
    ///   - onInterruption: Called on another task with each loss of the stream, before it tries to resume.
    ///   - body: What to do with the events.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws. The stream throws ``FailureReason/deadlineExceeded`` after `timeout`,
    ///   ``FailureReason/sequenceUnknown`` for a position that the run has not reached, and why it cannot begin or
    ///   resume.
    public func withEvents<Value>(
        from position: EventPosition? = nil, patience: Duration = BackendClient.defaultPatience,
        timeout: Duration? = nil,
        onInterruption: @escaping @Sendable (BackendClientError) -> Void = { _ in },
        _ body: (sending BackendStream<DaemonEvent>) async throws -> Value
    ) async throws -> Value {
        let deadline = timeout.map { Deadline(after: $0) }
        return try await StreamFeed.run(
            { writer in
                let resumption = Resumption(patience: patience)
                var position = position
                await writer.run(resumption, onInterruption: onInterruption) {
                    try await self.watch(from: &position, until: deadline, resumption, writer)
                }
            }, body)
    }

    /// Makes one call, until the scope has ended. Throws the status that ended the call early.
    private func watch(
        from position: inout EventPosition?, until deadline: Deadline?, _ resumption: Resumption,
        _ writer: FeedWriter<DaemonEvent>
    ) async throws {
        var last = position
        defer { position = last }
        let request = WatchBackendsRequest(
            serverInstance: last?.run ?? "", sinceSequence: last?.sequence ?? 0)
        try await observer.watchBackends(request, options: CallOptions(timeout: deadline?.remaining())) { stream in
            while await writer.isWanted() {
                guard let events = try await nextEvents(of: stream) else { throw RPCStatus.watchEnded }
                guard !events.isEmpty else { continue }
                last = events.last { $0.position != nil }?.position ?? last
                resumption.worked()
                writer.send(events)
            }
        }
    }

    /// Returns the events of the next message, without those that this version does not know; of a snapshot, all its
    /// parts as one.
    private func nextEvents(
        of stream: ClientStream<WatchBackendsRequest, WatchBackendsResponse>
    ) async throws(RPCStatus) -> [DaemonEvent]? {
        var parts: [BackendsSnapshot] = []
        while let message = try await stream.next() {
            let following = message.following.compactMap { DaemonEvent($0.event) }
            guard case .snapshot(let part) = message.event else {
                return [DaemonEvent(message.event)].compactMap { $0 } + following
            }
            parts.append(part)
            if !part.more { return [.snapshot(DaemonSnapshot(parts))] + following }
        }
        return nil
    }
}

extension RPCStatus {
    fileprivate static let watchEnded = RPCStatus(
        .unavailable, reason: FailureReason.watchEnded.rawValue, "the daemon ended the watch")
}
