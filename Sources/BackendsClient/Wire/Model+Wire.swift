// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsAPI
internal import SocketRPC

extension ModelEndpoint {
    init(_ endpoint: BackendsAPI.ModelEndpoint) {
        self.init(
            address: endpoint.address, tls: endpoint.tls.map { ModelTLS($0) }, backend: endpoint.backend,
            instance: endpoint.instance.nilIfEmpty, isInProcess: endpoint.kind == .inProcess)
    }

    /// The endpoint that an answer must carry.
    init(answered endpoint: BackendsAPI.ModelEndpoint?) throws(BackendClientError) {
        guard let endpoint else {
            throw BackendClientError(.internal, reason: "PROTOCOL_ERROR", "the daemon's answer has no endpoint in it")
        }
        self.init(endpoint)
        guard isInProcess || !address.isEmpty else {
            throw BackendClientError(
                .internal, reason: "PROTOCOL_ERROR", "the daemon's answer does not say where the model is")
        }
    }
}

extension ModelTLS {
    fileprivate init(_ tls: BackendsAPI.ModelTLS) {
        self.init(
            caCertFile: tls.caCertFile.nilIfEmpty, clientCertFile: tls.clientCertFile.nilIfEmpty,
            clientKeyFile: tls.clientKeyFile.nilIfEmpty, serverName: tls.serverName.nilIfEmpty)
    }
}

extension ModelDescription {
    package init(_ model: Model) {
        self.init(
            modelID: model.modelID, backend: model.backend, state: ModelState(model.state),
            failure: model.failure.map { BackendFailure($0) }, unready: model.unready.map { BackendFailure($0) },
            endpoint: model.endpoint.map { ModelEndpoint($0) },
            uses: model.uses, waiting: model.waiting, isPinned: model.pinned, ttl: model.ttl.map { Duration($0) },
            stateTime: model.stateTime.map { Timestamp($0) }, loadDuration: model.loadDuration.map { Duration($0) })
    }
}

extension ModelState {
    init(_ state: BackendsAPI.ModelState) {
        switch state {
        case .unspecified: self = .other(0)
        case .notLoaded: self = .notLoaded
        case .queued: self = .queued
        case .loading: self = .loading
        case .ready: self = .ready
        case .draining: self = .draining
        case .unloading: self = .unloading
        case .failed: self = .failed
        case .unready: self = .unready
        case .unrecognized(let number): self = .other(number)
        }
    }
}

extension SkippedBackend {
    init(_ skipped: BackendsAPI.SkippedBackend) {
        self.init(backend: skipped.backend, reason: skipped.reason, message: skipped.message)
    }
}

extension ModelVerdict {
    package init(_ verdict: BackendVerdict) {
        let word =
            switch verdict.verdict {
            case .unspecified: ""
            case .ready: "READY"
            case .wait: "WAIT"
            case .load: "LOAD"
            case .start: "START"
            case .skip: "SKIP"
            case .unrecognized(let number): "VERDICT_\(number)"
            }
        self.init(
            backend: verdict.backend, type: verdict.type, backendState: BackendState(verdict.backendState) ?? .other(0),
            modelState: ModelState(verdict.modelState), verdict: word, reason: verdict.reason,
            message: verdict.message, evicted: verdict.evicted)
    }
}

extension FailureVerdict {
    init(_ verdict: BackendsAPI.FailureVerdict) {
        switch verdict {
        case .unspecified: self = .other(0)
        case .ignored: self = .ignored
        case .healthy: self = .healthy
        case .notReady: self = .notReady
        case .restarted: self = .restarted
        case .unrecognized(let number): self = .other(number)
        }
    }
}

extension ModelChange {
    init(_ event: ModelEvent) {
        self.init(
            position: WatchPosition(instance: event.serverInstance, sequence: event.sequence),
            time: event.time.map { Timestamp($0) }, backend: event.backend, modelID: event.modelID,
            oldState: ModelState(event.oldState), newState: ModelState(event.newState), cause: event.cause,
            failure: event.failure.map { BackendFailure($0) })
    }
}

extension String {
    /// Proto3 has no absent strings: an empty one means that nothing was said.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
