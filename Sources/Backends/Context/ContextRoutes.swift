// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who gets runtime contexts: every configured backend, in priority order. Replaced as a whole when that changes.
struct ContextRoutes: Sendable {
    /// Where a backend stands among the others: lower priority first, older first among equals.
    struct Rank: Comparable, Sendable {
        let priority: Int32
        let creation: UInt64

        static func < (one: Rank, other: Rank) -> Bool {
            (one.priority, one.creation) < (other.priority, other.creation)
        }
    }

    struct Target: Sendable {
        var name: String
        var rank: Rank
        var backend: any Backend
        var models: BackendModels
    }

    /// In the order of their ranks.
    private(set) var targets: [Target] = []
    private var named: [String: Target] = [:]

    mutating func insert(_ target: Target) {
        targets.insert(target, at: targets.place { $0.rank < target.rank })
        named[target.name] = target
    }

    mutating func remove(_ name: String) {
        guard let target = named.removeValue(forKey: name) else { return }
        targets.remove(at: targets.place { $0.rank < target.rank })
    }

    /// The position of a backend in ``targets``; nil when no backend has the name.
    func position(of name: String) -> Int? {
        named[name].map { target in targets.place { $0.rank < target.rank } }
    }

    /// The named backends, once each and in priority order; all where none is named.
    func selected(_ names: [String]) throws(BackendError) -> [Target] {
        if names.isEmpty { return targets }
        if names.count == 1 {
            guard let target = named[names[0]] else { throw .backendNotFound(names[0]) }
            return [target]
        }
        var selected: [String: Target] = [:]
        for name in names {
            guard let target = named[name] else { throw .backendNotFound(name) }
            selected[name] = target
        }
        return selected.values.sorted { $0.rank < $1.rank }
    }
}

extension Array {
    /// The first place whose element does not come before, in an array that has all that do in front; found by halves.
    func place(before: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            (low, high) = before(self[middle]) ? (middle + 1, high) : (low, middle)
        }
        return low
    }
}
