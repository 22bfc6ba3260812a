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
        /// A part of a snapshot in which there is nothing.
        case nothing
        case wait(id: UInt64, OneShot<Void>)
    }

    private let registry: BackendRegistry
    private let position: Guarded<Position>

    init(registry: BackendRegistry, position: Position) {
        self.registry = registry
        self.position = Guarded(position)
    }

    /// Whether as many events wait as one reading gives: to wait for more could lose some.
    package var hasPage: Bool {
        guard case .after(let seen) = position.withLock({ $0 }) else { return false }
        return registry.sequence >= seen + UInt64(EventLog.page)
    }

    /// Waits for what comes next: never empty, except once the daemon has stopped. For one reader at a time.
    package func next() async throws(BackendError) -> [BackendWatchItem] {
        while true {
            try await waitForNext()
            if let items = try takeNext() { return items }
        }
    }

    /// Waits until there is something to take, and measures the processes that it reports.
    package func waitForNext() async throws(BackendError) {
        let begin = position.withLock { $0 }
        // Between two parts of a snapshot the loop runs other work.
        if begin.isWithin { await Task.yield() }
        await registry.measure(before: begin)
        guard case .after(let seen) = begin else { return }
        while case .wait(let id, let bell) = try registry.events.read(after: seen) {
            guard await bell.value() != nil else {
                registry.events.endWait(id)
                throw .callerCancelled
            }
        }
    }

    /// What comes next, which is made only now: empty once the daemon has stopped, nil when there is nothing yet.
    package func takeNext() throws(BackendError) -> [BackendWatchItem]? {
        switch try position.withLock({ position throws(BackendError) in try registry.watch(from: &position) }) {
        case .items(let items): return items
        case .nothing: return nil
        case .wait(let id, _):
            registry.events.endWait(id)
            return nil
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
