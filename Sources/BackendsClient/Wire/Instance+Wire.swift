// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension InstanceDescription {
    init(_ instance: Instance) {
        self.init(
            name: instance.name, modelID: instance.modelID.nilIfEmpty,
            state: InstanceState(instance.state) ?? .other(0), pid: instance.pid == 0 ? nil : instance.pid,
            address: instance.address.nilIfEmpty, restarts: Int(instance.restarts),
            startTime: instance.startTime.map { Timestamp($0) }, failure: instance.failure.map { BackendFailure($0) },
            residentBytes: Int(clamping: instance.rssBytes),
            processorTime: instance.cpuTime.map { Duration($0) } ?? .zero,
            uses: Int(instance.uses), retryTime: instance.retryTime.map { Timestamp($0) },
            logFailure: instance.logFailure.map { BackendFailure($0) },
            lostOutputBytes: Int(clamping: instance.lostOutputBytes), isOutdated: instance.outdated)
    }
}

extension InstanceState {
    /// Nil for UNSPECIFIED, the state of an instance that does not exist.
    init?(_ state: BackendsAPI.InstanceState) {
        switch state {
        case .unspecified: return nil
        case .starting: self = .starting
        case .ready: self = .ready
        case .unready: self = .unready
        case .backoff: self = .backoff
        case .stopping: self = .stopping
        case .exited: self = .exited
        case .failed: self = .failed
        case .unrecognized(let number): self = .other(number)
        }
    }
}

extension InstanceChange {
    init(_ event: InstanceEvent) {
        self.init(
            position: EventPosition(run: event.serverInstance, sequence: event.sequence),
            time: event.time.map { Timestamp($0) }, backend: event.backend, instance: event.instance,
            modelID: event.modelID.nilIfEmpty, oldState: InstanceState(event.oldState),
            newState: InstanceState(event.newState), pid: event.pid == 0 ? nil : event.pid,
            restarts: Int(event.restarts),
            failure: event.failure.map { BackendFailure($0) }, retryTime: event.retryTime.map { Timestamp($0) },
            logFailure: event.logFailure.map { BackendFailure($0) },
            cause: event.cause.nilIfEmpty.map { DaemonEvent.Cause(rawValue: $0) })
    }
}

extension LogLine {
    init(_ line: BackendsAPI.LogLine) {
        self.init(
            instance: line.instance, stream: line.stream == .stderr ? .error : .output,
            time: line.time.map { Timestamp($0) }, text: line.text, isAfterGap: line.afterGap)
    }
}
