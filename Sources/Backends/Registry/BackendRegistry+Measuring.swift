// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Finds out what the processes of a backend use, for the snapshots that follow. Does nothing for an unknown name.
    package func measure(_ name: String) async {
        guard let backend = priorityList.withLock({ $0[name]?.processes }) else { return }
        await measure([backend])
    }

    /// The same for the backends that a watcher is told of next.
    func measure(before position: BackendWatch.Position) async {
        switch position {
        case .snapshot:
            await measure(
                priorityList.withLock { $0.members.prefix(SnapshotReading.looksPerPart).compactMap(\.processes) })
        case .within(let reading):
            await measure(priorityList.withLock { list in reading.upcoming.compactMap { list[$0]?.processes } })
        case .after: return
        }
    }

    /// Runs on a thread of its own, because it reads every process in `/proc`. One caller measures at a time, and callers that have
    /// waited rarely have anything left to measure.
    func measure(_ backends: [any RunsProcesses]) async {
        for _ in 0..<3 {
            let due = backends.compactMap { $0.measuring() }
            if due.isEmpty { return }
            let end = Announcement<Void>()
            let other = measuring.withLock { measuring -> Announcement<Void>? in
                if let measuring { return measuring }
                measuring = end
                return nil
            }
            if let other {
                if await other.value() == nil { return }
                continue
            }
            // If no thread can be started, the last figures stay.
            try? await BlockingWork.run("measuring") { for measure in due { measure() } }
            measuring.withLock { $0 = nil }
            end.set(())
            return
        }
    }
}
