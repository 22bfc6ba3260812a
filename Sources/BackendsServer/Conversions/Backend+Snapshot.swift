// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import ConfigDocument
internal import SocketRPC

extension BackendsAPI.Backend {
    /// The message for a backend as it was at one moment.
    init(_ snapshot: BackendSnapshot) {
        self.init(
            name: snapshot.name, type: snapshot.type, priority: snapshot.priority,
            state: BackendsAPI.BackendState(snapshot.state), started: snapshot.isStarted,
            generation: snapshot.generation, failure: snapshot.failure.map { BackendsAPI.BackendFailure($0) },
            config: GoogleStruct(snapshot.configuration), configStaged: snapshot.isConfigurationStaged,
            createTime: GoogleTimestamp(snapshot.createTime), stateTime: GoogleTimestamp(snapshot.stateTime),
            startLockHolder: snapshot.lockHolder.map { StartLockHolder(pid: $0.pid, uid: $0.uid) },
            instances: snapshot.instances.map { Instance($0) },
            unready: snapshot.unready.map { BackendsAPI.BackendFailure($0) }, models: snapshot.models,
            start: BackendsAPI.StartPolicy(snapshot.start), after: snapshot.after, enabled: snapshot.isEnabled,
            hold: snapshot.hold.map { BackendsAPI.BackendHold($0) })
    }
}

extension BackendsAPI.BackendState {
    init(_ state: Backends.BackendState) {
        switch state {
        case .stopped: self = .stopped
        case .starting: self = .starting
        case .started: self = .started
        case .stopping: self = .stopping
        case .failed: self = .failed
        }
    }
}

extension BackendsAPI.StartPolicy {
    init(_ policy: Backends.StartPolicy) {
        switch policy {
        case .boot: self = .boot
        case .onDemand: self = .onDemand
        case .manual: self = .manual
        }
    }
}

extension BackendsAPI.BackendHold {
    init(_ hold: Backends.BackendHold) {
        self.init(pid: hold.caller.pid, uid: hold.caller.uid, time: GoogleTimestamp(hold.time))
    }
}

extension BackendsAPI.BackendFailure {
    init(_ failure: Backends.BackendFailure) {
        self.init(reason: failure.reason, message: failure.message)
    }
}

extension BackendsAPI.ConfigOrigin {
    init(_ origin: Backends.ConfigOrigin) {
        self.init(path: origin.path.description, layer: origin.layer.description)
    }
}

extension GoogleTimestamp {
    init(_ timestamp: Timestamp) {
        self.init(seconds: timestamp.seconds, nanos: timestamp.nanoseconds)
    }
}
