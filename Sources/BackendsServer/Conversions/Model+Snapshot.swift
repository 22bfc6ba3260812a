// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

extension Model {
    /// The message for a model as it was at one moment.
    init(_ snapshot: ModelSnapshot) {
        self.init(
            modelID: snapshot.model, backend: snapshot.backend, state: BackendsAPI.ModelState(snapshot.state),
            failure: snapshot.failure.map { BackendsAPI.BackendFailure($0) },
            endpoint: snapshot.endpoint.map { BackendsAPI.ModelEndpoint($0, backend: snapshot.backend) },
            uses: UInt32(clamping: snapshot.uses), waiting: UInt32(clamping: snapshot.waiting),
            pinned: snapshot.rules.isPinned, ttl: snapshot.rules.ttl.map { GoogleDuration($0) },
            stateTime: GoogleTimestamp(snapshot.stateTime),
            loadDuration: snapshot.loadDuration.map { GoogleDuration($0) },
            unready: snapshot.unready.map { BackendsAPI.BackendFailure($0) })
    }
}

extension BackendsAPI.ModelEndpoint {
    init(_ endpoint: Backends.ModelEndpoint, backend: String) {
        self.init(
            address: endpoint.address, tls: endpoint.tls.map { BackendsAPI.ModelTLS($0) }, backend: backend,
            instance: endpoint.instance ?? "", kind: endpoint.isInProcess ? .inProcess : .address)
    }
}

extension BackendsAPI.ModelTLS {
    fileprivate init(_ tls: Backends.ModelTLS) {
        self.init(
            caCertFile: tls.caCertFile ?? "", clientCertFile: tls.clientCertFile ?? "",
            clientKeyFile: tls.clientKeyFile ?? "", serverName: tls.serverName ?? "")
    }
}

extension BackendsAPI.ModelState {
    init(_ state: Backends.ModelState) {
        switch state {
        case .notLoaded: self = .notLoaded
        case .queued: self = .queued
        case .loading: self = .loading
        case .ready: self = .ready
        case .unready: self = .unready
        case .draining: self = .draining
        case .unloading: self = .unloading
        case .failed: self = .failed
        }
    }
}

extension BackendsAPI.SkippedBackend {
    init(_ skipped: Backends.SkippedBackend) {
        self.init(backend: skipped.backend, reason: skipped.error.reason.rawValue, message: skipped.error.message)
    }
}

extension BackendsAPI.BackendVerdict {
    init(_ verdict: Backends.BackendVerdict) {
        let (word, reason): (ModelVerdict, String) =
            switch verdict.verdict {
            case .ready: (.ready, "")
            case .wait: (.wait, "")
            case .load: (.load, "")
            case .start: (.start, "")
            case .skip(let error): (.skip, error.reason.rawValue)
            }
        self.init(
            backend: verdict.backend, type: verdict.type, backendState: BackendsAPI.BackendState(verdict.backendState),
            modelState: BackendsAPI.ModelState(verdict.modelState), verdict: word, reason: reason,
            message: verdict.message, evicted: verdict.evicted)
    }
}
