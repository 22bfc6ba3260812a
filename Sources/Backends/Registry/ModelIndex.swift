// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Which backends may serve a model, found by what their configurations say and without a look at the others.
///
/// An ID is found by itself, a pattern by the text before its first wildcard. So the index may name a backend that does not serve the
/// model after all, and never misses one that does.
package struct ModelIndex: Sendable {
    package typealias Rank = PriorityList.Rank

    /// The backends that may serve one model, sorted by rank in each part; one may be in several parts.
    package struct Candidates: Sendable {
        fileprivate var parts: [[Rank]] = []

        mutating func add(_ ranks: [Rank]) {
            if !ranks.isEmpty { parts.append(ranks.sorted()) }
        }

        /// The first that does not come before a rank.
        package func first(from rank: Rank) -> Rank? {
            parts.lazy.compactMap { part in
                let place = part.place { $0 < rank }
                return place < part.count ? part[place] : nil
            }.min()
        }
    }

    private var byID = TextMap<[Rank]>()
    private var byPrefix = TextMap<[Rank]>()
    /// How many prefixes have a length, in bytes.
    private var lengths: [Int: Int] = [:]

    package init() {}

    /// The backends that may serve a model.
    package func candidates(for model: String) -> Candidates {
        var candidates = Candidates()
        if let named = byID[model] { candidates.parts.append(named) }
        for length in lengths.keys {
            // Cut inside of a character, it is not the beginning of any pattern.
            guard length <= model.utf8.count, let prefix = String(model.utf8.prefix(length)) else { continue }
            if let matching = byPrefix[prefix] { candidates.parts.append(matching) }
        }
        return candidates
    }

    /// Takes in what a backend serves.
    package mutating func insert(_ patterns: [String], of rank: Rank) {
        change(patterns) { ranks in
            let place = ranks.place { $0 < rank }
            // The same prefix may begin several patterns of one backend.
            if place == ranks.count || ranks[place] != rank { ranks.insert(rank, at: place) }
        }
    }

    /// Forgets what was taken in with the same patterns.
    package mutating func remove(_ patterns: [String], of rank: Rank) {
        change(patterns) { ranks in
            let place = ranks.place { $0 < rank }
            if place < ranks.count, ranks[place] == rank { ranks.remove(at: place) }
        }
    }

    private mutating func change(_ patterns: [String], _ body: (inout [Rank]) -> Void) {
        for pattern in patterns {
            guard ModelGlob.isPattern(pattern) else {
                byID[pattern] = Self.changed(byID[pattern], body)
                continue
            }
            let prefix = ModelGlob.literalPrefix(of: pattern)
            let known = byPrefix[prefix]
            byPrefix[prefix] = Self.changed(known, body)
            let length = prefix.utf8.count
            let count = lengths[length, default: 0] + (byPrefix[prefix] == nil ? 0 : 1) - (known == nil ? 0 : 1)
            lengths[length] = count == 0 ? nil : count
        }
    }

    private static func changed(_ ranks: [Rank]?, _ body: (inout [Rank]) -> Void) -> [Rank]? {
        var ranks = ranks ?? []
        body(&ranks)
        return ranks.isEmpty ? nil : ranks
    }
}
