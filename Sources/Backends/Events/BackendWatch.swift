// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Follows the changes of all backends.
///
/// It remembers only how far its reader has come and reads from the one ring of events when asked, so a slow reader costs
/// nothing; one so slow that its next event has left the ring is told about the gap and gets a snapshot.
package final class BackendWatch: Sendable {
    /// Where the reader stands.
    enum Position: Sendable {
        /// A snapshot is next; a gap from the sequence goes before it if there is one.
        case snapshot(gapFrom: UInt64?)
        /// The rest of a snapshot is next.
        case within(SnapshotReading)
        case after(UInt64)
    }

    enum Step: Sendable {
        case items([BackendWatchItem])
        /// No event yet, or a part of a snapshot in which there is nothing.
        case nothing
    }

    private let registry: BackendRegistry
    private let position: Guarded<Position>

    init(registry: BackendRegistry, position: Position) {
        self.registry = registry
        self.position = Guarded(position)
    }

    /// Waits until as many events wait as one reading gives, or until a duration has passed. Waiting longer could lose events.
    package func waitForPage(within duration: Duration) async throws(BackendError) {
        let page = position.withLock { $0.seen }.map { $0 + UInt64(EventLog.page) }
        // Before a snapshot, events are not counted.
        guard let bell = try registry.events.bell(at: page ?? .max) else { return }
        let isCancelled = await Background.value(of: bell.rung, within: duration, orElse: ()) == nil
        registry.events.endWait(bell)
        if isCancelled { throw .callerCancelled }
    }

    /// Waits for what comes next: never empty, except once the daemon has stopped. For one reader at a time.
    package func next() async throws(BackendError) -> [BackendWatchItem] {
        while true {
            try await waitForNext()
            if let items = takeNext() { return items }
        }
    }

    /// Waits until there is something to take, and measures the processes that it reports.
    package func waitForNext() async throws(BackendError) {
        let begin = position.withLock { $0 }
        // Between two parts of a snapshot the loop runs other work.
        if begin.isWithin { await Task.yield() }
        await registry.measure(before: begin)
        if let seen = begin.seen { _ = try await registry.events.waitForEvent(after: seen) }
    }

    /// What comes next, which is made only now: empty once the daemon has stopped, nil when there is nothing yet.
    package func takeNext() -> [BackendWatchItem]? {
        switch position.withLock({ registry.watch(from: &$0) }) {
        case .items(let items): items
        case .nothing: nil
        }
    }
}

extension BackendWatch.Position {
    fileprivate var isWithin: Bool {
        switch self {
        case .within: true
        case .snapshot, .after: false
        }
    }

    /// The last event that the reader has; nil if a snapshot is next.
    fileprivate var seen: UInt64? {
        switch self {
        case .after(let sequence): sequence
        case .snapshot, .within: nil
        }
    }
}

/// What a watcher is told.
package enum BackendWatchItem: Hashable, Sendable {
    case snapshot(DaemonSnapshot)
    case change(BackendEvent)
    case instance(InstanceEvent)
    case model(ModelEvent)
    /// These events are not reported individually, both ends included; a snapshot that includes them follows.
    case gap(from: UInt64, to: UInt64)
}
