// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsAPI
internal import SocketRPC

extension BackendDescription {
    package init(_ backend: Backend, origins: [ConfigOrigin] = []) {
        self.init(
            name: backend.name, type: backend.type, priority: backend.priority,
            state: BackendState(backend.state) ?? .other(0), isStarted: backend.started,
            generation: Int(clamping: backend.generation), failure: backend.failure.map { BackendFailure($0) },
            unready: backend.unready.map { BackendFailure($0) }, config: ConfigurationValue(backend.config),
            isConfigStaged: backend.configStaged,
            createTime: backend.createTime.map { Timestamp($0) }, stateTime: backend.stateTime.map { Timestamp($0) },
            startLockHolder: backend.startLockHolder.map { StartLockHolder(pid: $0.pid, uid: $0.uid) },
            start: StartPolicy(backend.start), after: backend.after, isEnabled: backend.enabled,
            hold: backend.hold.map { BackendHold($0) }, instances: backend.instances.map { InstanceDescription($0) },
            models: backend.models,
            origins: origins.map {
                ConfigurationOrigin(path: $0.path, layer: ConfigurationOrigin.Layer(rawValue: $0.layer))
            })
    }

    /// Makes the description that an answer must contain.
    init(answered backend: Backend?, origins: [ConfigOrigin] = []) throws(BackendClientError) {
        guard let backend else {
            throw .protocolError("the daemon's answer does not contain a backend")
        }
        self.init(backend, origins: origins)
    }
}

extension BackendState {
    /// Nil for UNSPECIFIED, the state of a backend that does not exist.
    init?(_ state: BackendsAPI.BackendState) {
        switch state {
        case .unspecified: return nil
        case .stopped: self = .stopped
        case .starting: self = .starting
        case .started: self = .started
        case .stopping: self = .stopping
        case .failed: self = .failed
        case .unrecognized(let number): self = .other(number)
        }
    }
}

extension StartPolicy {
    init(_ policy: BackendsAPI.StartPolicy) {
        switch policy {
        case .boot: self = .boot
        case .unspecified, .onDemand: self = .onDemand
        case .manual: self = .manual
        case .unrecognized(let number): self = .other(number)
        }
    }

    var wire: BackendsAPI.StartPolicy {
        switch self {
        case .boot: .boot
        case .onDemand: .onDemand
        case .manual: .manual
        case .other(let number): .unrecognized(number)
        }
    }
}

extension BackendHold {
    init(_ hold: BackendsAPI.BackendHold) {
        self.init(pid: hold.pid, uid: hold.uid, time: hold.time.map { Timestamp($0) })
    }
}

extension BackendFailure {
    init(_ failure: BackendsAPI.BackendFailure) {
        self.init(reason: FailureReason(rawValue: failure.reason), message: failure.message)
    }
}

extension Timestamp {
    init(_ timestamp: GoogleTimestamp) {
        self.init(seconds: timestamp.seconds, nanoseconds: timestamp.nanos)
    }
}
