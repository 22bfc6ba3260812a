// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsAPI

extension BackendEvent {
    /// Nil for an event that this version does not know.
    package init?(_ event: WatchBackendsResponse.Event?) {
        switch event {
        case .snapshot(let snapshot): self = .snapshot(BackendSnapshot([snapshot]))
        case .change(let change): self = .change(BackendChange(change))
        case .gap(let gap): self = .gap(EventGap(first: gap.from, last: gap.to))
        case .instance(let event): self = .instance(InstanceChange(event))
        case .model(let event): self = .model(ModelChange(event))
        case nil: return nil
        }
    }

    /// Where a watch that has seen this event resumes. A gap is none: the snapshot that follows it is.
    var position: WatchPosition? {
        switch self {
        case .snapshot(let snapshot): snapshot.position
        case .change(let change): change.position
        case .instance(let change): change.position
        case .model(let change): change.position
        case .gap: nil
        }
    }
}

extension BackendSnapshot {
    /// The snapshot that came in these parts.
    init(_ parts: [BackendsSnapshot]) {
        self.init(
            position: WatchPosition(instance: parts.last?.serverInstance ?? "", sequence: parts.last?.sequence ?? 0),
            backends: parts.flatMap(\.backends).map { BackendDescription($0) },
            models: parts.flatMap(\.models).map { ModelDescription($0) })
    }
}

extension BackendChange {
    init(_ event: BackendsAPI.BackendEvent) {
        self.init(
            position: WatchPosition(instance: event.serverInstance, sequence: event.sequence),
            time: event.time.map { Timestamp($0) }, backend: event.backend, oldState: BackendState(event.oldState),
            newState: BackendState(event.newState), generation: event.generation, cause: event.cause,
            failure: event.failure.map { BackendFailure($0) })
    }
}
