// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Whether a model has room among those that are loaded, and which of them have to leave for it.
///
/// It needs only what a capacity allows and how the loaded models stand, so one may judge the models of several pools.
struct Admission: Sendable {
    let capacity: ModelCapacity
    /// The models that take room.
    let classes: [ModelTable.ModelClass]

    enum Room: Sendable {
        case free
        /// Once these are gone, and those that are on their way out.
        case afterUnloading([String])
        /// Some that are in use stand in the way.
        case later
        /// Only pinned ones stand in the way.
        case never
    }

    /// Models that have to leave for another one.
    struct Departures: Sendable {
        /// Those that are to be told, in this order.
        fileprivate(set) var models: [String] = []
        /// All of them, including those that are on their way out already.
        fileprivate(set) var count = 0
    }

    func room(for rules: ModelRules) -> Room {
        if let needed = departures(for: rules, of: [.leaving, .idle]) {
            return needed.count == 0 ? .free : .afterUnloading(needed.models)
        }
        return isBlocked(rules) ? .never : .later
    }

    /// The models that have to leave for one: of those with one of the standings, the longest unused first. Nil if they are not enough.
    ///
    /// Looks at each class of models, and at the models that it names.
    func departures(for rules: ModelRules, of standings: [ModelTable.Standing]) -> Departures? {
        var cursors = classes.map { Cursor($0, standings) }
        var departures = Departures()
        for number in cursors.indices where excludes(rules, cursors[number].modelClass) {
            guard cursors[number].left == cursors[number].modelClass.count else { return nil }
            while cursors[number].takeNext(into: &departures) {}
        }
        for limit in countLimits(for: rules) {
            let counted = cursors.indices.filter { limit.counts(cursors[$0].modelClass) }
            let excess = counted.reduce(1 - limit.most) { $0 + cursors[$1].modelClass.count - cursors[$1].taken }
            guard excess <= counted.reduce(0, { $0 + cursors[$1].left }) else { return nil }
            for _ in 0..<max(0, excess) {
                guard let first = counted.min(by: { cursors[$0].precedes(cursors[$1]) }) else { return nil }
                _ = cursors[first].takeNext(into: &departures)
            }
        }
        return departures
    }

    /// Whether a model has no room even once all that are not pinned have left.
    private func isBlocked(_ rules: ModelRules) -> Bool {
        if classes.contains(where: { !$0[.pinned].isEmpty && excludes(rules, $0) }) { return true }
        return countLimits(for: rules).contains { limit in
            classes.reduce(0) { $0 + (limit.counts($1) ? $1[.pinned].count : 0) } >= limit.most
        }
    }

    private func countLimits(for rules: ModelRules) -> [(most: Int, counts: (ModelTable.ModelClass) -> Bool)] {
        var limits: [(most: Int, counts: (ModelTable.ModelClass) -> Bool)] = []
        if let most = capacity.maxLoaded { limits.append((most, { _ in true })) }
        for name in rules.groups {
            guard let most = capacity.groups[name]?.maxLoaded else { continue }
            limits.append((most, { $0.groups.contains(TextKey(name)) }))
        }
        return limits
    }

    /// Whether a model cannot be loaded together with models of a class: one belongs to an exclusive group and the other does not.
    private func excludes(_ rules: ModelRules, _ other: ModelTable.ModelClass) -> Bool {
        capacity.groups.contains { name, group in
            group.isExclusive
                && rules.isMember(of: name) != other.groups.contains(TextKey(name))
        }
    }

    /// Goes through a class in the order in which its models have to leave.
    private struct Cursor {
        let modelClass: ModelTable.ModelClass
        private let standings: [ModelTable.Standing]
        private var number = 0
        private var place: Int?
        private(set) var taken = 0
        /// How many may leave and are not taken.
        private(set) var left: Int

        init(_ modelClass: ModelTable.ModelClass, _ standings: [ModelTable.Standing]) {
            self.modelClass = modelClass
            self.standings = standings
            left = modelClass.count(of: standings)
            place = modelClass[standings[0]].firstPlace
            findNext()
        }

        private var next: ModelTable.Member? { place.flatMap { modelClass[standings[number]][$0] } }

        /// Whether this cursor's next model must leave before the other's; false once all of its own are taken.
        func precedes(_ other: Cursor) -> Bool {
            guard let own = next else { return false }
            guard let others = other.next else { return true }
            return (number, own.lastUse) < (other.number, others.lastUse)
        }

        /// False once all are taken.
        mutating func takeNext(into departures: inout Departures) -> Bool {
            guard let current = place, let member = next else { return false }
            if standings[number] != .leaving { departures.models.append(member.model) }
            departures.count += 1
            (taken, left) = (taken + 1, left - 1)
            place = modelClass[standings[number]].place(after: current)
            findNext()
            return true
        }

        private mutating func findNext() {
            while place == nil, number + 1 < standings.count {
                number += 1
                place = modelClass[standings[number]].firstPlace
            }
        }
    }
}
