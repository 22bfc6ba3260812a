// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The models that a pool knows, indexed by class and standing, so that no query scans every model.
struct ModelTable: Sendable {
    /// What a model is to one that has to be loaded.
    enum Standing: Int, CaseIterable, Sendable {
        /// It has been told to go, and takes room until it is gone.
        case leaving
        /// It may be unloaded.
        case idle
        /// It is in use, or waited for.
        case busy
        case loading
        /// It is unloaded on request only.
        case pinned
    }

    /// The models that belong to the same groups, and so count for the same limits. There are as many classes as the configuration
    /// makes, however many models there are.
    struct ModelClass: Sendable {
        let groups: [TextKey]
        /// By standing. The idle and the busy ones have the longest unused first.
        fileprivate var members = Array(repeating: RecencyList<Member>(), count: Standing.allCases.count)

        subscript(standing: Standing) -> RecencyList<Member> { members[standing.rawValue] }

        /// Those that take room.
        var count: Int { members.reduce(0) { $0 + $1.count } }

        func count(of standings: [Standing]) -> Int { standings.reduce(0) { $0 + self[$1].count } }
    }

    struct Member: Sendable {
        let model: String
        let lastUse: Duration
    }

    private enum Shelf: Equatable {
        case queued
        case failed
        case member(of: Int, Standing)
    }

    private struct Row: Sendable {
        var entry: ModelPool.Entry
        /// Its class, as its rules were when it was filed.
        var classNumber = 0
        var groups: [String] = []
        var shelf: Shelf?
        var place = 0
        /// Its place among those that leave, while it is queued and what it left at a breakdown is cleared away.
        var clearing: Int?
        var lastUse = Duration.zero
        var uses = 0

        var isClearing: Bool { entry.state == .queued && entry.run != nil }

        /// Takes the last use over from the entry; returns the list entry that moves to the end.
        mutating func takeLastUse() -> (class: Int, standing: Standing, place: Int)? {
            guard entry.lastUse != lastUse else { return nil }
            lastUse = entry.lastUse
            guard case .member(let number, let standing)? = shelf else { return nil }
            return (number, standing, place)
        }
    }

    private var rows: TextMap<Row> = [:]
    /// In the order of their bytes.
    private var keys: [TextKey] = []
    private(set) var classes: [ModelClass] = []
    private var classNumbers: [[TextKey]: Int] = [:]
    /// Those that wait for room, in turn.
    private(set) var queue = RecencyList<String>()
    /// Those that have failed and have nothing left to clear away, the longest failed first.
    private(set) var failed = RecencyList<String>()
    /// Uses under way of all models.
    private(set) var uses = 0
    /// Those that are queued and still take room, because what they left is cleared away.
    private var clearing = 0

    var count: Int { rows.count }

    /// The names of all models, in the order of their bytes.
    var names: [String] { keys.map(\.text) }

    /// Those on their way out.
    var leaving: Int { classes.reduce(-clearing) { $0 + $1[.leaving].count } }

    /// The models after a name, in the order of their bytes and as many as `limit` says.
    func members(after name: String?, limit: Int) -> [(model: String, entry: ModelPool.Entry)] {
        let start = name.map { name in keys.place { $0 <= TextKey(name) } } ?? 0
        return keys[start...].prefix(limit).compactMap { key in rows[key.text].map { (key.text, $0.entry) } }
    }
}

// MARK: Changing

extension ModelTable {
    subscript(model: String) -> ModelPool.Entry? {
        get { rows.index(forKey: model).map { rows.values[$0].entry } }
        set {
            guard let entry = newValue else { return remove(model) }
            if update(model, { $0 = entry }) == nil { insert(model, entry) }
        }
    }

    /// Changes a model in place; nil if it is not known.
    mutating func update<Value>(_ model: String, _ change: (inout ModelPool.Entry) -> Value) -> Value? {
        guard let index = rows.index(forKey: model) else { return nil }
        let value = change(&rows.values[index].entry)
        file(model, at: index)
        return value
    }

    /// Where a model is that is ready and has been loaded; counts as a use of this moment. The busiest question.
    mutating func readyEndpoint(of model: String, at time: Duration) -> ModelEndpoint? {
        guard let index = rows.index(forKey: model) else { return nil }
        // Changed in place: to read a part of a row copies all of it.
        guard let endpoint = rows.values[index].entry.readyEndpoint(at: time) else { return nil }
        renew(model, at: index, time)
        return endpoint
    }

    private mutating func insert(_ model: String, _ entry: ModelPool.Entry) {
        rows[model] = Row(entry: entry)
        let key = TextKey(model)
        keys.insert(key, at: keys.place { $0 < key })
        guard let index = rows.index(forKey: model) else { return }
        rows.values[index].classNumber = classNumber(of: entry.rules.groups)
        rows.values[index].groups = entry.rules.groups
        file(model, at: index)
    }

    private mutating func remove(_ model: String) {
        guard let row = rows.removeValue(forKey: model) else { return }
        keys.remove(at: keys.place { $0 < TextKey(model) })
        uses -= row.uses
        if let shelf = row.shelf { take(from: shelf, row.place) }
        if let place = row.clearing { endClearing(place, in: row.classNumber) }
    }

    /// Files a model again that was changed.
    private mutating func file(_ model: String, at index: TextMap<Row>.Index) {
        let isOther = rows.values[index].groups != rows.values[index].entry.rules.groups
        if let place = rows.values[index].clearing, isOther || !rows.values[index].isClearing {
            endClearing(place, in: rows.values[index].classNumber)
            rows.values[index].clearing = nil
        }
        if isOther {
            let groups = rows.values[index].entry.rules.groups
            rows.values[index].classNumber = classNumber(of: groups)
            rows.values[index].groups = groups
        }
        let held = rows.values[index].entry.holders.count
        uses += held - rows.values[index].uses
        rows.values[index].uses = held
        if rows.values[index].isClearing, rows.values[index].clearing == nil {
            clearing += 1
            let member = Member(model: model, lastUse: rows.values[index].entry.lastUse)
            let number = rows.values[index].classNumber
            rows.values[index].clearing = classes[number].members[Standing.leaving.rawValue].append(member)
        }
        let shelf = Self.shelf(of: rows.values[index])
        let known = rows.values[index].shelf
        if shelf == known { return renew(model, at: index, rows.values[index].entry.lastUse) }
        if let known { take(from: known, rows.values[index].place) }
        rows.values[index].lastUse = rows.values[index].entry.lastUse
        rows.values[index].shelf = shelf
        if let shelf { rows.values[index].place = put(model, rows.values[index].lastUse, on: shelf) }
    }

    /// Puts one that was used meanwhile behind the others.
    private mutating func renew(_ model: String, at index: TextMap<Row>.Index, _ lastUse: Duration) {
        guard let (number, standing, place) = rows.values[index].takeLastUse() else { return }
        classes[number].members[standing.rawValue].renew(place, as: Member(model: model, lastUse: lastUse))
    }

    private mutating func put(_ model: String, _ lastUse: Duration, on shelf: Shelf) -> Int {
        switch shelf {
        case .queued: queue.append(model)
        case .failed: failed.append(model)
        case .member(let number, let standing):
            classes[number].members[standing.rawValue].append(Member(model: model, lastUse: lastUse))
        }
    }

    private mutating func take(from shelf: Shelf, _ place: Int) {
        switch shelf {
        case .queued: queue.remove(place)
        case .failed: failed.remove(place)
        case .member(let number, let standing): classes[number].members[standing.rawValue].remove(place)
        }
    }

    private mutating func endClearing(_ place: Int, in number: Int) {
        clearing -= 1
        classes[number].members[Standing.leaving.rawValue].remove(place)
    }

    private mutating func classNumber(of groups: [String]) -> Int {
        let groups = groups.map { TextKey($0) }
        if let known = classNumbers[groups] { return known }
        classNumbers[groups] = classes.count
        classes.append(ModelClass(groups: groups))
        return classes.count - 1
    }

    private static func shelf(of row: Row) -> Shelf? {
        if row.entry.state == .queued { return .queued }
        if row.entry.state == .failed, row.entry.run == nil { return .failed }
        return row.entry.standing.map { .member(of: row.classNumber, $0) }
    }
}
