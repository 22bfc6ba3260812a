// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Which models may load, and which have to go for them.
extension ModelPool {
    private var admission: Admission { Admission(capacity: capacity, classes: entries.classes) }

    /// Loads what has room, in turn; makes room for the first that has none.
    mutating func advance(at time: Duration) -> [Action] {
        guard isOpen else { return [] }
        let first = entries.queue.first
        var actions = yieldingTo.map { TextKey($0) } == first.map { TextKey($0) } ? [] : endYielding(at: time)
        while let model = entries.queue.first, let entry = entries[model] {
            // What an earlier breakdown left is cleared away first.
            if entry.run != nil { break }
            if isAbandoned(entry) {
                actions += abandon(model, at: time)
                continue
            }
            switch admission.room(for: entry.rules) {
            case .free:
                actions += beginLoad(model, at: time) + endYielding(at: time)
            case .afterUnloading(let victims):
                if !victims.isEmpty { entries[model]?.hasEvicted = true }
                for victim in victims { actions += beginUnload(victim, cause: .evicted, at: time) }
                return actions
            case .later:
                guard yieldingTo?.isIdentical(to: model) != true else { return actions }
                let rest = entry.stateTime + capacity.fairAfter - time
                if rest > .zero { return actions + watchRoom(after: rest) }
                guard makeOthersYield(to: model, entry) else { return actions }
            case .never:
                let error = noCapacity(model)
                actions += fail(model, BackendFailure(error), error, cause: .loadFailed, at: time)
            }
        }
        return actions
    }

    /// Whether nothing waits for a load that has not begun. One that others were unloaded for goes on, as long as nothing else waits
    /// for the room.
    func isAbandoned(_ entry: Entry) -> Bool {
        entry.state == .queued && entry.waiters.isEmpty && (!entry.hasEvicted || entries.queue.count > 1)
    }

    // MARK: Fairness

    private mutating func watchRoom(after rest: Duration) -> [Action] {
        if isRoomWatched { return [] }
        isRoomWatched = true
        return [.watchRoom(after: rest)]
    }

    /// The time for which the driver was told to watch the queue for room has passed.
    package mutating func roomTimePassed(at time: Duration) -> [Action] {
        isRoomWatched = false
        return isOpen ? advance(at: time) : []
    }

    /// Stops new uses of the models in the way. Returns false when that cannot help yet, because some are still loading.
    private mutating func makeOthersYield(to model: String, _ entry: Entry) -> Bool {
        guard let needed = admission.departures(for: entry.rules, of: [.leaving, .idle, .busy]) else { return false }
        yieldingTo = model
        yielding = needed.models.filter { entries[$0]?.isLoaded == true }
        for other in yielding { entries[other]?.isYielding = true }
        return true
    }

    mutating func stopYielding() {
        for model in yielding { entries[model]?.isYielding = false }
        (yieldingTo, yielding) = (nil, [])
    }

    /// The models that yielded accept uses again.
    private mutating func endYielding(at time: Duration) -> [Action] {
        let models = yielding
        stopYielding()
        return models.flatMap { serveWaiters($0, at: time) + watchIdle($0, at: time) }
    }

    // MARK: Room

    /// The models that would be unloaded for this one, if it had to be loaded now; nil if it would have to wait for others.
    ///
    /// Throws `NO_CAPACITY` if only pinned models are in the way.
    package func evicted(for model: String, rules: ModelRules) throws(BackendError) -> [String]? {
        // One that has room needs no other to go.
        if entries[model]?.isOccupying == true { return [] }
        switch admission.room(for: rules) {
        case .free: return []
        case .afterUnloading(let victims): return victims
        case .later: return nil
        case .never: throw noCapacity(model)
        }
    }
}
