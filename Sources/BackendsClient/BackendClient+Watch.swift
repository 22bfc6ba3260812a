// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Tells every change of every backend, in order, until `body` says stop.
    ///
    /// It begins with a snapshot, or with what followed `position`. When the daemon was restarted, or dropped this watch for reading
    /// too slowly, the watch resumes where it was; a ``BackendEvent/gap(_:)`` and a new snapshot tell what could not be resumed.
    /// Cancelling the task ends it.
    ///
    /// - Parameters:
    ///   - position: The last change seen; nil: begin with a snapshot.
    ///   - patience: For how long to try to resume before the error is thrown.
    ///   - timeout: How long the watch may take altogether; nil: for ever.
    ///   - whenLost: Called with what ended a call, before the attempts to resume begin.
    ///   - body: What to do with each event; the next one is told when it returns.
    /// - Throws: What `body` throws; a ``BackendClientError`` where the watch cannot begin or resume.
    public func watch(
        from position: WatchPosition? = nil, patience: Duration = .seconds(30), timeout: Duration? = nil,
        whenLost: (BackendClientError) -> Void = { _ in }, _ body: (BackendEvent) async throws -> WatchDecision
    ) async throws {
        let deadline = timeout.map { Deadline(after: $0) }
        var progress = WatchProgress(position: position, patience: patience)
        while true {
            switch try await follow(&progress, deadline, body) {
            case .stopped:
                return
            case .ended(let status):
                let isFirst = progress.resumption.isWell
                guard let pause = progress.resumption.ended(status, now: .now) else {
                    throw BackendClientError(status)
                }
                if isFirst { whenLost(BackendClientError(status)) }
                try await Task.sleep(for: pause)
            }
        }
    }

    private enum Following {
        case stopped
        case ended(RPCStatus)
    }

    /// One call of the watch; throws what `body` throws.
    private func follow(
        _ progress: inout WatchProgress, _ deadline: Deadline?, _ body: (BackendEvent) async throws -> WatchDecision
    ) async throws -> Following {
        var current = progress
        defer { progress = current }
        let request = WatchBackendsRequest(
            serverInstance: current.position?.instance ?? "", sinceSequence: current.position?.sequence ?? 0)
        do {
            return try await observer.watchBackends(
                request, options: CallOptions(timeout: deadline?.remaining())
            ) { stream in
                while let events = try await nextEvents(of: stream) {
                    for event in events {
                        let decision = try await BodyFailure.carrying { try await body(event) }
                        current.told(event)
                        if decision == .stop { return .stopped }
                    }
                }
                return .ended(.watchEnded)
            }
        } catch let failure as BodyFailure {
            throw failure.error
        } catch let status as RPCStatus {
            return .ended(status)
        }
    }

    /// What the next message tells, without what this version does not know; of a snapshot, what all its parts tell.
    private func nextEvents(
        of stream: ClientStream<WatchBackendsRequest, WatchBackendsResponse>
    ) async throws(RPCStatus) -> [BackendEvent]? {
        var parts: [BackendsSnapshot] = []
        while let message = try await stream.next() {
            let following = message.following.compactMap { BackendEvent($0.event) }
            guard case .snapshot(let part) = message.event else {
                return [BackendEvent(message.event)].compactMap { $0 } + following
            }
            parts.append(part)
            if !part.more { return [.snapshot(BackendSnapshot(parts))] + following }
        }
        return nil
    }
}

extension RPCStatus {
    fileprivate static let watchEnded = RPCStatus(
        .unavailable, reason: "WATCH_ENDED", "the daemon ended the watch")
}
