// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Finds out what the processes of a backend use, for the snapshots that follow. Does nothing where it is not known.
    package func measure(_ name: String) async {
        guard let backend = state.withLock({ $0.entries[name]?.backend }) else { return }
        await measure([backend])
    }

    /// The same for the backends that a watcher is told of next.
    func measure(before position: BackendWatch.Position) async {
        switch position {
        case .snapshot: await measure(state.withLock { $0.ordered(first: SnapshotReading.looksPerPart) }.map(\.backend))
        case .within(let reading):
            await measure(state.withLock { state in reading.upcoming.compactMap { state.entries[$0]?.backend } })
        case .after: return
        }
    }

    /// Off the loops: the processes of the whole machine are looked at. One caller does it at a time, and those that have waited for it
    /// seldom have anything left to measure.
    func measure(_ backends: [any Backend]) async {
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
            // Without a thread what is known stays.
            try? await BlockingWork.run("measuring") { for measure in due { measure() } }
            measuring.withLock { $0 = nil }
            end.set(())
            return
        }
    }
}
