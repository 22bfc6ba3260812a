// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who may start a backend, and when.
extension RegistryState {
    /// How many names `after` may list.
    package static let afterLimit = 64

    /// Refuses an order that no boot can follow. `others` are backends that are about to be created too.
    ///
    /// The file may name backends that do not exist: calls create and delete them while the file stays as it is.
    func checkOrder(of definition: BackendDefinition, alongside others: Set<String>) throws(BackendError) {
        let name = definition.name
        func refuse(_ rule: String) throws(BackendError) -> Never {
            throw BackendError(
                .invalidArgument, .orderInvalid, "cannot create backend \(name): after \(rule)",
                metadata: ["backend": name], violations: [FieldViolation(path: "after", description: rule)])
        }
        guard definition.after.count <= Self.afterLimit else {
            try refuse("lists \(definition.after.count) backends; the limit is \(Self.afterLimit)")
        }
        let known = others.union([name])
        for other in unknown(in: definition.after) where definition.origin == .rpc && !known.contains(other) {
            try refuse("names \(BackendName.quoted(other)), and no backend is called that; create it first")
        }
        guard let cycle = cycle(through: name, after: definition.after) else { return }
        try refuse("makes a cycle: \(cycle.joined(separator: " after ")); leave one of them out")
    }

    /// The shortest way from a backend through those that it would come after back to itself; nil if there is none.
    private func cycle(through name: String, after: [String]) -> [String]? {
        var (ways, seen) = (after.map { [name, $0] }, Set<String>())
        while !ways.isEmpty {
            if let cycle = ways.first(where: { $0.last == name }) { return cycle }
            ways = ways.flatMap { way -> [[String]] in
                guard let last = way.last, seen.insert(last).inserted else { return [] }
                return (entries[last]?.upcoming.after ?? []).map { way + [$0] }
            }
        }
        return nil
    }

    /// The names that no backend has.
    func unknown(in names: [String]) -> [String] { names.filter { entries[$0] == nil } }

    /// Enables or disables a backend, whoever holds its start lock. Neither starts nor stops it.
    mutating func setEnabled(
        _ isEnabled: Bool, _ name: String, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let entry = try entry(name)
        guard entry.isEnabled != isEnabled else { return answer(caller, entry.outcome(isChanged: false)) }
        let changed = try update(name) { entry throws(BackendError) in
            entry.isEnabled = isEnabled
            return entry
        }
        return [told(isEnabled ? .enabled : .disabled, of: changed, at: now), .persist(name)]
            + answer(caller, changed.outcome(isChanged: true))
    }

    /// What a command by a person makes of the hold of a backend: a stop begins it, a start ends it.
    ///
    /// An event of its own tells of it, unless the command changes the state; then that event does.
    mutating func setHold(
        _ hold: BackendHold?, of name: String, isStateChanged: Bool, at now: Timestamp
    ) -> [RegistryAction] {
        let changed = updateIfPresent(name) { entry -> BackendEntry? in
            // Of several stops, the first holds.
            guard (entry.hold == nil) != (hold == nil) else { return nil }
            entry.hold = hold
            return entry
        }
        guard let changed = changed ?? nil else { return [] }
        return (isStateChanged ? [] : [told(hold == nil ? .released : .held, of: changed, at: now)]) + [.persist(name)]
    }

    /// The event for a change after which the state is the same.
    private func told(_ cause: BackendEvent.Cause, of entry: BackendEntry, at now: Timestamp) -> RegistryAction {
        .record(entry.event(from: entry.state, to: entry.state, cause, failure: entry.failure, at: now))
    }
}
