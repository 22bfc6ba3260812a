// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Every backend in priority order, with what runs it: what contexts are handed to and models are looked for in.
///
/// Kept apart from ``RegistryState``, so that the busiest calls only meet those that add, configure or delete a backend.
package struct PriorityList: Sendable {
    /// Where a backend stands among the others: lower priority first, older first among equals.
    package struct Rank: Comparable, Sendable {
        let priority: Int32
        let creation: UInt64

        package init(priority: Int32, creation: UInt64) {
            self.priority = priority
            self.creation = creation
        }

        package static func < (one: Rank, other: Rank) -> Bool {
            (one.priority, one.creation) < (other.priority, other.creation)
        }
    }

    /// A backend with what runs it.
    struct Member: Sendable {
        var name: String
        var rank: Rank
        var backend: any Backend
        /// The same, if it runs processes.
        var processes: (any RunsProcesses)?
        var models: ModelPoolDriver
    }

    /// In the order of their ranks.
    private(set) var members: [Member] = [] {
        didSet { hasChanged() }
    }
    /// Grows with each change of the backends and of what they serve.
    private(set) var version: UInt64 = 0
    /// Holds for this version alone.
    private var resolutions = KeptResolutions()
    /// Encodes the answer about a model that a backend serves.
    var resolutionAnswer: @Sendable (ResolvedModel) -> [UInt8]? = { _ in nil }
    /// What comes out if they all ignore a context; nil until that is asked for.
    private var ignored: ContextResults?
    /// Encodes the answer to a context that they all ignore.
    var answer: @Sendable ([ContextResult]) -> [UInt8]? = { _ in nil } {
        didSet { ignored = nil }
    }
    private var named: [String: Member] = [:]
    private var index = ModelIndex()
    /// What the index has of each backend, and the generation of the configuration that says so.
    private var indexed: [String: (generation: UInt64, patterns: [String])] = [:]

    private mutating func hasChanged() {
        version += 1
        ignored = nil
        resolutions = KeptResolutions()
    }

    /// The answer that was kept for a model.
    func resolution(of model: Span<UInt8>) -> KeptResolutions.Entry? { resolutions.entry(for: model) }

    /// Keeps an answer, unless the list is another one than it was given by.
    mutating func keep(_ resolution: KeptResolutions.Entry, ofVersion version: UInt64) {
        if version == self.version { resolutions.keep(resolution) }
    }

    /// Takes in a backend that serves the models of these patterns.
    mutating func insert(_ member: Member, serving patterns: [String], generation: UInt64) {
        members.insert(member, at: members.place { $0.rank < member.rank })
        named[member.name] = member
        index(patterns, of: member, generation)
    }

    /// The configuration of a backend has changed: from now on it serves the models of these patterns.
    mutating func update(_ member: Member, serving patterns: [String], generation: UInt64) {
        // It may have been deleted meanwhile, or have changed again.
        guard let known = indexed[member.name], generation > known.generation,
            let listed = named[member.name], listed.rank.creation == member.rank.creation
        else { return }
        index.remove(known.patterns, of: listed.rank)
        index(patterns, of: listed, generation)
        hasChanged()
    }

    /// A backend has another priority: from now on it stands elsewhere.
    mutating func rerank(_ name: String, to rank: Rank) {
        let known = indexed[name]
        guard var member = remove(name) else { return }
        member.rank = rank
        insert(member, serving: known?.patterns ?? [], generation: known?.generation ?? 0)
    }

    private mutating func index(_ patterns: [String], of member: Member, _ generation: UInt64) {
        index.insert(patterns, of: member.rank)
        indexed[member.name] = (generation, patterns)
    }

    @discardableResult
    mutating func remove(_ name: String) -> Member? {
        guard let member = named.removeValue(forKey: name) else { return nil }
        if let known = indexed.removeValue(forKey: name) { index.remove(known.patterns, of: member.rank) }
        return members.remove(at: members.place { $0.rank < member.rank })
    }

    subscript(name: String) -> Member? { named[name] }

    /// The position of a backend in ``members``; nil when no backend has the name.
    func position(of name: String) -> Int? {
        named[name].map { member in members.place { $0.rank < member.rank } }
    }

    /// The named backends, once each and in priority order; all when none is named.
    func selected(_ names: [String]) throws(BackendError) -> [Member] {
        if names.isEmpty { return members }
        if names.count == 1 {
            guard let member = named[names[0]] else { throw .backendNotFound(names[0]) }
            return [member]
        }
        var selected: [String: Member] = [:]
        for name in names {
            guard let member = named[name] else { throw .backendNotFound(name) }
            selected[name] = member
        }
        return selected.values.sorted { $0.rank < $1.rank }
    }

    /// Begins to hand a context to the named backends, or to all when none is named.
    mutating func contextRun(_ names: [String], isStrict: Bool) throws(BackendError) -> ContextRun {
        guard names.isEmpty else {
            let selected = try selected(names)
            return ContextRun(
                selected, ignored: ContextResults(Self.ignored(by: selected)), isStrict: isStrict)
        }
        if let ignored { return ContextRun(members, ignored: ignored, isStrict: isStrict) }
        let results = Self.ignored(by: members)
        let ignored = ContextResults(results, answer: answer(results))
        self.ignored = ignored
        return ContextRun(members, ignored: ignored, isStrict: isStrict)
    }

    private static func ignored(by members: [Member]) -> [ContextResult] {
        members.map { ContextResult(backend: $0.name, outcome: .ignored) }
    }

    /// Those of all backends that may serve a model, found through the index; `redirects` names more of them.
    func candidates(for model: String, _ redirects: RequestRoutes = RequestRoutes()) -> ModelIndex.Candidates {
        var candidates = index.candidates(for: model)
        candidates.add(redirects.backends.compactMap { named[$0]?.rank })
        return candidates
    }

    /// The same as members, in priority order.
    func members(serving model: String) -> [Member] {
        let candidates = candidates(for: model)
        var (found, place): ([Member], Int) = ([], 0)
        while let next = candidates.place(in: members, from: place) {
            found.append(members[next])
            place = next + 1
        }
        return found
    }
}

extension ModelIndex.Candidates {
    /// The first place of one of them in a list in priority order, from a place on.
    func place(in members: [PriorityList.Member], from start: Int) -> Int? {
        var start = start
        while start < members.count, let rank = first(from: members[start].rank) {
            start = members.place { $0.rank < rank }
            if start < members.count, members[start].rank == rank { return start }
        }
        return nil
    }
}

extension Array {
    /// The index of the first element for which `before` is false, by binary search. Elements for which it is true must come first.
    func place(before: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            (low, high) = before(self[middle]) ? (middle + 1, high) : (low, middle)
        }
        return low
    }
}
