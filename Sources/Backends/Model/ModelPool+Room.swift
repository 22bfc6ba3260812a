// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Who may load, and who has to go for it.
extension ModelPool {
    /// Loads what has room, in turn; makes room for the first that has none.
    mutating func advance(at time: Duration) -> [Action] {
        var actions = yieldingTo.map { TextKey($0) } == queue.first.map { TextKey($0) } ? [] : endYielding(at: time)
        while let model = queue.first, let entry = entries[model] {
            // What an earlier breakdown left is cleared away first.
            if entry.run != nil { break }
            switch room(for: model, entry) {
            case .free:
                queue.removeFirst()
                actions += beginLoad(model, at: time) + endYielding(at: time)
            case .afterUnloading(let victims):
                for victim in victims { actions += beginUnload(victim, cause: .evicted, at: time) }
                return actions
            case .later:
                guard yieldingTo?.isIdentical(to: model) != true else { return actions }
                let rest = entry.stateTime + capacity.fairAfter - time
                if rest > .zero { return actions + watchRoom(after: rest) }
                guard makeOthersYield(to: model, entry) else { return actions }
            case .never:
                queue.removeFirst()
                let error = noCapacity(model)
                actions += fail(model, BackendFailure(error), error, cause: .loadFailed, at: time)
            }
        }
        return actions
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
        let others = entries.filter { !$0.key.isIdentical(to: model) && $0.value.isOccupying }
        let (needed, isPossible) = leaving(others, for: entry) { other in
            !other.rules.isPinned && (other.isLoaded || other.state == .draining || other.isLeaving)
        }
        guard isPossible else { return false }
        yieldingTo = model
        yielding = needed.filter { entries[$0]?.isLoaded == true }
        for other in yielding { entries[other]?.isYielding = true }
        return true
    }

    mutating func stopYielding() {
        for model in yielding { entries[model]?.isYielding = false }
        (yieldingTo, yielding) = (nil, [])
    }

    /// Those that have yielded in vain go on.
    private mutating func endYielding(at time: Duration) -> [Action] {
        let models = yielding
        stopYielding()
        return models.flatMap { serveWaiters($0, at: time) + watchIdle($0, at: time) }
    }

    // MARK: Room

    /// The models that would be unloaded for this one, had it to be loaded now; nil where it would have to wait for others.
    ///
    /// Throws `NO_CAPACITY` where only pinned models are in the way.
    package func evicted(for model: String, rules: ModelRules) throws(BackendError) -> [String]? {
        var entry = entries[model] ?? Entry(state: .notLoaded, rules: rules)
        entry.rules = rules
        switch room(for: model, entry) {
        case .free: return []
        case .afterUnloading(let victims): return victims
        case .later: return nil
        case .never: throw noCapacity(model)
        }
    }

    private enum Room {
        case free
        /// Once these are gone, and those that are on their way out.
        case afterUnloading([String])
        /// Some that are in use stand in the way.
        case later
        /// Only pinned ones stand in the way.
        case never
    }

    private func room(for model: String, _ entry: Entry) -> Room {
        // The usual cases, without a look at every model.
        let count = entries.count - (entries[model] == nil ? 0 : 1)
        if capacity.groups.isEmpty, count < capacity.maxLoaded ?? .max { return .free }
        if capacity.groups.isEmpty, let room = usualRoom(for: model) { return room }
        let others = entries.filter { !$0.key.isIdentical(to: model) && $0.value.isOccupying }
        let (needed, isPossible) = leaving(others, for: entry) { $0.isEvictable || $0.isLeaving }
        if needed.isEmpty && isPossible { return .free }
        if isPossible { return .afterUnloading(needed.filter { others[$0]?.isLeaving == false }) }
        let (_, isEverPossible) = leaving(others, for: entry) { !$0.rules.isPinned }
        return isEverPossible ? .later : .never
    }

    /// The usual eviction, in one pass and without a copy of the entries: where at most one model has to go.
    ///
    /// Nil where more have to, or none may.
    private func usualRoom(for model: String) -> Room? {
        var (occupying, leaving) = (0, 0)
        for (other, entry) in entries where entry.isOccupying && !other.isIdentical(to: model) {
            occupying += 1
            if entry.isLeaving { leaving += 1 }
        }
        let excess = occupying + 1 - (capacity.maxLoaded ?? .max)
        if excess <= 0 { return .free }
        if excess <= leaving { return .afterUnloading([]) }
        guard excess == leaving + 1, let victim = oldest(by: \.lastUse, where: { $0.isEvictable && $0.isOccupying })
        else { return nil }
        return .afterUnloading([victim])
    }

    /// Who of the others has to leave, the longest unused first, and whether those that may are enough.
    private func leaving(
        _ others: TextMap<Entry>, for entry: Entry, may: (Entry) -> Bool
    ) -> (needed: [String], isPossible: Bool) {
        var staying = others
        var needed: [String] = []
        func send(_ model: String) {
            staying[model] = nil
            needed.append(model)
        }
        for model in others.sortedKeys.filter({ others[$0].map { excludes(entry, $0) } ?? false }) {
            guard let other = others[model], may(other) else { return (needed, false) }
            send(model)
        }
        for limit in countLimits(for: entry) {
            var count = staying.values.count(where: limit.counts)
            if count < limit.most { continue }
            // Each is looked at once, in the order in which they have to go.
            let order = staying.filter { limit.counts($0.value) && may($0.value) }.sorted { one, other in
                let ranks = (one.value.isLeaving ? 0 : 1, other.value.isLeaving ? 0 : 1)
                return (ranks.0, one.value.lastUse, one.key) < (ranks.1, other.value.lastUse, other.key)
            }
            for (model, _) in order where count >= limit.most {
                send(model)
                count -= 1
            }
            if count >= limit.most { return (needed, false) }
        }
        return (needed, true)
    }

    private func countLimits(for entry: Entry) -> [(most: Int, counts: (Entry) -> Bool)] {
        var limits: [(most: Int, counts: (Entry) -> Bool)] = []
        if let most = capacity.maxLoaded { limits.append((most, { _ in true })) }
        for name in entry.rules.groups {
            guard let most = capacity.groups[name]?.maxLoaded else { continue }
            limits.append((most, { $0.rules.isMember(of: name) }))
        }
        return limits
    }

    /// Whether two models may not be loaded together: one belongs to an exclusive group and the other does not.
    private func excludes(_ one: Entry, _ other: Entry) -> Bool {
        capacity.groups.contains { name, group in
            group.isExclusive && one.rules.isMember(of: name) != other.rules.isMember(of: name)
        }
    }
}
