// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Models that have to go for another one.
struct ModelDepartures: Sendable {
    /// Those that are to be told, in this order.
    fileprivate(set) var models: [String] = []
    /// All of them, also those that are on their way out already.
    fileprivate(set) var count = 0
}

extension ModelPool {
    /// Who has to leave for a model: of those with one of the standings, the longest unused first. Nil where they are not enough.
    ///
    /// Looks at each class of models, and at the models that it names.
    func departures(for entry: Entry, of standings: [ModelTable.Standing]) -> ModelDepartures? {
        var cursors = entries.classes.map { Cursor($0, standings) }
        var departures = ModelDepartures()
        for number in cursors.indices where excludes(entry, cursors[number].ofClass) {
            guard cursors[number].left == cursors[number].ofClass.count else { return nil }
            while cursors[number].takeNext(into: &departures) {}
        }
        for limit in countLimits(for: entry) {
            let counted = cursors.indices.filter { limit.counts(cursors[$0].ofClass) }
            let excess = counted.reduce(1 - limit.most) { $0 + cursors[$1].ofClass.count - cursors[$1].taken }
            guard excess <= counted.reduce(0, { $0 + cursors[$1].left }) else { return nil }
            for _ in 0..<max(0, excess) {
                guard let first = counted.min(by: { cursors[$0].precedes(cursors[$1]) }) else { return nil }
                _ = cursors[first].takeNext(into: &departures)
            }
        }
        return departures
    }

    /// Whether a model has no room even once all that are not pinned have left.
    func isBlocked(_ entry: Entry) -> Bool {
        let classes = entries.classes
        if classes.contains(where: { !$0[.pinned].isEmpty && excludes(entry, $0) }) { return true }
        return countLimits(for: entry).contains { limit in
            classes.reduce(0) { $0 + (limit.counts($1) ? $1[.pinned].count : 0) } >= limit.most
        }
    }

    private func countLimits(for entry: Entry) -> [(most: Int, counts: (ModelTable.ModelClass) -> Bool)] {
        var limits: [(most: Int, counts: (ModelTable.ModelClass) -> Bool)] = []
        if let most = capacity.maxLoaded { limits.append((most, { _ in true })) }
        for name in entry.rules.groups {
            guard let most = capacity.groups[name]?.maxLoaded else { continue }
            limits.append((most, { $0.groups.contains(TextKey(name)) }))
        }
        return limits
    }

    /// Whether a model may not be loaded beside those of a class: one belongs to an exclusive group and the other does not.
    private func excludes(_ entry: Entry, _ other: ModelTable.ModelClass) -> Bool {
        capacity.groups.contains { name, group in
            group.isExclusive
                && entry.rules.groups.contains { $0.isIdentical(to: name) } != other.groups.contains(TextKey(name))
        }
    }

    /// Goes through a class in the order in which its models have to leave.
    private struct Cursor {
        let ofClass: ModelTable.ModelClass
        private let standings: [ModelTable.Standing]
        private var number = 0
        private var place: Int?
        private(set) var taken = 0
        /// How many may leave and are not taken.
        private(set) var left: Int

        init(_ ofClass: ModelTable.ModelClass, _ standings: [ModelTable.Standing]) {
            self.ofClass = ofClass
            self.standings = standings
            left = ofClass.count(of: standings)
            place = ofClass[standings[0]].firstPlace
            findNext()
        }

        private var next: ModelTable.Member? { place.flatMap { ofClass[standings[number]][$0] } }

        /// Whether its next has to leave before the next of another; false where all of its own are taken.
        func precedes(_ other: Cursor) -> Bool {
            guard let own = next else { return false }
            guard let others = other.next else { return true }
            return (number, own.lastUse) < (other.number, others.lastUse)
        }

        /// False where all are taken.
        mutating func takeNext(into departures: inout ModelDepartures) -> Bool {
            guard let current = place, let member = next else { return false }
            if standings[number] != .leaving { departures.models.append(member.model) }
            departures.count += 1
            (taken, left) = (taken + 1, left - 1)
            place = ofClass[standings[number]].place(after: current)
            findNext()
            return true
        }

        private mutating func findNext() {
            while place == nil, number + 1 < standings.count {
                number += 1
                place = ofClass[standings[number]].firstPlace
            }
        }
    }
}
