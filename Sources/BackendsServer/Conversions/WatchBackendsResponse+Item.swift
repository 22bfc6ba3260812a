// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import BackendsAPI
internal import SocketRPC

extension WatchBackendsResponse {
    /// The message for what a watcher is told in one run of the daemon.
    package init(_ item: BackendWatchItem, instance: String) {
        switch item {
        case .snapshot(let snapshot):
            self.init(
                event: .snapshot(
                    BackendsAPI.BackendsSnapshot(
                        serverInstance: snapshot.serverInstance, sequence: snapshot.sequence,
                        backends: snapshot.backends.map { BackendsAPI.Backend($0) },
                        models: snapshot.models.map { Model($0) }, more: snapshot.hasMore)))
        case .change(let event):
            self.init(event: .change(BackendsAPI.BackendEvent(event, instance: instance)))
        case .instance(let event):
            self.init(event: .instance(BackendsAPI.InstanceEvent(event, instance: instance)))
        case .model(let event):
            self.init(event: .model(BackendsAPI.ModelEvent(event, instance: instance)))
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
            failure: event.failure.map { BackendsAPI.BackendFailure($0) },
            hold: event.hold.map { BackendsAPI.BackendHold($0) })
    }
}

extension BackendsAPI.InstanceEvent {
    init(_ event: Backends.InstanceEvent, instance: String) {
        let change = event.change
        let (cause, logFailure): (String, Backends.BackendFailure?) =
            switch change.log {
            case .lost(let failure): ("LOG_LOST", failure)
            case .kept: ("LOG_KEPT", nil)
            case nil: ("", nil)
            }
        self.init(
            sequence: event.sequence, serverInstance: instance, time: GoogleTimestamp(event.time),
            backend: event.backend, instance: change.instance, modelID: change.model ?? "",
            oldState: change.oldState.map { BackendsAPI.InstanceState($0) } ?? .unspecified,
            newState: change.newState.map { BackendsAPI.InstanceState($0) } ?? .unspecified,
            pid: change.pid ?? 0, restarts: UInt32(clamping: change.restarts),
            failure: change.failure.map { BackendsAPI.BackendFailure($0) },
            retryTime: change.retryTime.map { GoogleTimestamp($0) },
            logFailure: logFailure.map { BackendsAPI.BackendFailure($0) }, cause: cause)
    }
}

extension BackendsAPI.ModelEvent {
    init(_ event: Backends.ModelEvent, instance: String) {
        self.init(
            sequence: event.sequence, serverInstance: instance, time: GoogleTimestamp(event.time),
            backend: event.backend, modelID: event.model, oldState: BackendsAPI.ModelState(event.oldState),
            newState: BackendsAPI.ModelState(event.newState), cause: event.cause.rawValue,
            failure: event.failure.map { BackendsAPI.BackendFailure($0) })
    }
}
