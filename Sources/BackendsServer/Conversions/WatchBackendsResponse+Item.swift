// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

extension WatchBackendsResponse {
    /// The message for what a watcher is told in one run of the daemon.
    init(_ item: BackendWatchItem, instance: String) {
        switch item {
        case .snapshot(let snapshot):
            self.init(
                event: .snapshot(
                    BackendsAPI.BackendsSnapshot(
                        serverInstance: snapshot.instance, sequence: snapshot.sequence,
                        backends: snapshot.backends.map { BackendsAPI.Backend($0) })))
        case .change(let event):
            self.init(event: .change(BackendsAPI.BackendEvent(event, instance: instance)))
        case .gap(let from, let to):
            self.init(event: .gap(EventGap(from: from, to: to)))
        }
    }
}

extension BackendsAPI.BackendEvent {
    init(_ event: Backends.BackendEvent, instance: String) {
        self.init(
            sequence: event.sequence, serverInstance: instance, time: GoogleTimestamp(event.time),
            backend: event.backend, oldState: event.oldState.map { BackendsAPI.BackendState($0) } ?? .unspecified,
            newState: event.newState.map { BackendsAPI.BackendState($0) } ?? .unspecified,
            generation: event.generation, cause: event.cause.rawValue,
            failure: event.failure.map { BackendsAPI.BackendFailure($0) })
    }
}
