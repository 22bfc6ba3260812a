// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TextKeys

extension BackendRegistry {
    /// Follows the changes of all backends, after a snapshot or a replay.
    ///
    /// `serverInstance` is the run of the daemon whose events the caller has seen, `since` the last sequence it has seen of that run.
    /// Without a run the watch begins with a snapshot; with another run than this one, with a gap of all events so far and a
    /// snapshot.
    package func watch(serverInstance: String = "", since: UInt64 = 0) throws(BackendError) -> BackendWatch {
        let (current, newest) = (events.serverInstance, events.newest)
        if serverInstance.isEmpty { return BackendWatch(registry: self, position: .snapshot(gapFrom: nil)) }
        guard serverInstance == current else { return BackendWatch(registry: self, position: .snapshot(gapFrom: 1)) }
        guard since <= newest else {
            throw BackendError(
                .invalidArgument, .sequenceUnknown,
                "cannot watch since \(since): the newest event is \(newest); give a sequence that was received",
                violations: [FieldViolation(path: "since_sequence", description: "must be at most \(newest)")])
        }
        return BackendWatch(registry: self, position: .after(since))
    }

    /// What a watcher gets next.
    func watch(from position: inout BackendWatch.Position) -> BackendWatch.Step {
        if case .after(let seen) = position {
            switch events.read(after: seen) {
            case .closed: return .items([])
            case .lost: position = .snapshot(gapFrom: seen + 1)
            case .events([]): return .nothing
            case .events(let events):
                position = .after(events.last?.sequence ?? seen)
                return .items(events.map { BackendWatchItem($0) })
            }
        }
        var (reading, gap): (SnapshotReading, UInt64?) =
            switch position {
            case .within(let reading): (reading, nil)
            case .snapshot(let gap): (snapshot(), gap)
            case .after: (snapshot(), nil)
            }
        let part = reading.next { self.backends(named: $0) }
        position = part.hasMore ? .within(reading) : .after(part.sequence)
        if let gap { return .items([.gap(from: gap, to: part.sequence), .snapshot(part)]) }
        return part.isEmpty && part.hasMore ? .nothing : .items([.snapshot(part)])
    }

    /// Where the output of a backend's processes can be read, or of the one that serves the model alone; if the reader follows,
    /// also of a process that is about to run.
    package func logs(
        of backend: String, model: String? = nil, isFollowing: Bool = false
    ) async throws(BackendError) -> [any LogSource] {
        if let model { try ModelID.check(model) }
        let (entry, member) = { ($0.entry, $0.member) }(try self.backend(backend))
        let logs = await member.processes?.logs(of: model) ?? []
        guard !logs.contains(where: { $0.isReadable(isFollowing: isFollowing) }) else { return logs }
        let others = model == nil ? [] : (await member.processes?.logs(of: nil) ?? []).compactMap(\.model)
        // A model that is served, or has run, was not mistyped.
        let isKnown = model.map { member.models.served.refusal($0) == nil || others.contains($0) } ?? true
        let near = isKnown ? nil : model.flatMap { Spelling.nearest(to: $0, among: others) }
        throw Self.logsNotFound(entry, member.models, model, near: near)
    }

    private static func logsNotFound(
        _ entry: BackendEntry, _ models: ModelPoolDriver, _ model: String?, near: String?
    ) -> BackendError {
        let name = entry.name
        guard entry.type.runsProcesses(entry.configuration.effective) else {
            return BackendError(
                .notFound, .logsNotFound,
                "backend \(name) has no logs: it is of type \(entry.type.name) and runs no process of its own",
                metadata: ["backend": name])
        }
        let which = model.map { " for model \(BackendName.quoted($0))" } ?? ""
        let failure = model.flatMap { models.condition(of: $0) } ?? entry.failure?.message
        let advice =
            near.map { "did you mean \(BackendName.quoted($0))?" }
            ?? (model != nil || entry.state == .started ? "load \(model == nil ? "a" : "the") model" : "start it")
        return BackendError(
            .notFound, .logsNotFound, "backend \(name) has run no process\(which) yet; " + (failure ?? advice),
            metadata: ["backend": name])
    }

    private func snapshot() -> SnapshotReading {
        // Events of backends come under the registry's lock; those of models may be in the snapshot before they are told.
        let (sequence, names) = driven.withLock { (events.newest, $0.registry.order) }
        return SnapshotReading(serverInstance: events.serverInstance, sequence: sequence, names: names)
    }
}

extension BackendWatchItem {
    fileprivate init(_ event: DaemonEvent) {
        switch event {
        case .backend(let event): self = .change(event)
        case .instance(let event): self = .instance(event)
        case .model(let event): self = .model(event)
        }
    }
}
