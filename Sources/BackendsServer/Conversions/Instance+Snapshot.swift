// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import ConfigDocument
internal import SocketRPC

extension Instance {
    /// The message for a process as it was at one moment.
    init(_ snapshot: InstanceSnapshot) {
        self.init(
            name: snapshot.name, modelID: snapshot.model ?? "", state: BackendsAPI.InstanceState(snapshot.state),
            pid: snapshot.pid ?? 0, address: SecretWords.shown(snapshot.address ?? ""),
            restarts: UInt32(clamping: snapshot.restarts),
            startTime: snapshot.startTime.map { GoogleTimestamp($0) },
            failure: snapshot.failure.map { BackendsAPI.BackendFailure($0) }, rssBytes: snapshot.residentBytes,
            cpuTime: GoogleDuration(snapshot.processorTime), uses: UInt32(clamping: snapshot.uses),
            retryTime: snapshot.retryTime.map { GoogleTimestamp($0) },
            logFailure: snapshot.logFailure.map { BackendsAPI.BackendFailure($0) },
            lostOutputBytes: snapshot.lostOutputBytes, outdated: snapshot.isOutdated)
    }
}

extension BackendsAPI.InstanceState {
    init(_ state: Backends.InstanceState) {
        switch state {
        case .starting: self = .starting
        case .ready: self = .ready
        case .unready: self = .unready
        case .backoff: self = .backoff
        case .stopping: self = .stopping
        case .exited: self = .exited
        case .failed: self = .failed
        }
    }
}
