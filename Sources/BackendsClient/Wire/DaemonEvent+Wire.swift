// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsAPI

extension DaemonEvent {
    /// Nil for an event that this version does not know.
    package init?(_ event: WatchBackendsResponse.Event?) {
        switch event {
        case .snapshot(let snapshot): self = .snapshot(DaemonSnapshot([snapshot]))
        case .change(let change): self = .change(BackendChange(change))
        case .gap(let gap): self = .gap(EventGap(first: gap.from, last: gap.to))
        case .instance(let event): self = .instance(InstanceChange(event))
        case .model(let event): self = .model(ModelChange(event))
        case nil: return nil
        }
    }

    /// Where a stream resumes after this event. A gap has no position: the snapshot that follows it has one.
    var position: EventPosition? {
        switch self {
        case .snapshot(let snapshot): snapshot.position
        case .change(let change): change.position
        case .instance(let change): change.position
        case .model(let change): change.position
        case .gap: nil
        }
    }
}

extension DaemonSnapshot {
    /// Joins the parts of one snapshot.
    init(_ parts: [BackendsSnapshot]) {
        self.init(
            position: EventPosition(run: parts.last?.serverInstance ?? "", sequence: parts.last?.sequence ?? 0),
            backends: parts.flatMap(\.backends).map { BackendDescription($0) },
            models: parts.flatMap(\.models).map { ModelDescription($0) })
    }
}

extension BackendChange {
    init(_ event: BackendEvent) {
        self.init(
            position: EventPosition(run: event.serverInstance, sequence: event.sequence),
            time: event.time.map { Timestamp($0) }, backend: event.backend, oldState: BackendState(event.oldState),
            newState: BackendState(event.newState), generation: Int(clamping: event.generation),
            cause: DaemonEvent.Cause(rawValue: event.cause),
            failure: event.failure.map { BackendFailure($0) }, hold: event.hold.map { BackendHold($0) })
    }
}
