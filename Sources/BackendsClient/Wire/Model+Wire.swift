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

    /// Makes the endpoint that an answer must contain.
    init(answered endpoint: BackendsAPI.ModelEndpoint?) throws(BackendClientError) {
        guard let endpoint else {
            throw .protocolError("the daemon's answer does not contain an endpoint")
        }
        self.init(endpoint)
        guard isInProcess || !address.isEmpty else {
            throw .protocolError("the daemon's answer does not say where the model is")
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
            uses: Int(model.uses), waiting: Int(model.waiting), isPinned: model.pinned,
            ttl: model.ttl.map { Duration($0) },
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
        self.init(backend: skipped.backend, reason: FailureReason(rawValue: skipped.reason), message: skipped.message)
    }
}

extension ModelVerdict {
    package init(_ verdict: BackendVerdict) {
        self.init(
            backend: verdict.backend, type: verdict.type, backendState: BackendState(verdict.backendState) ?? .other(0),
            modelState: ModelState(verdict.modelState), decision: Decision(verdict.verdict),
            reason: verdict.reason.nilIfEmpty.map { FailureReason(rawValue: $0) },
            message: verdict.message, evicted: verdict.evicted)
    }
}

extension ModelVerdict.Decision {
    fileprivate init(_ verdict: BackendsAPI.ModelVerdict) {
        switch verdict {
        case .unspecified: self = .other(0)
        case .ready: self = .ready
        case .wait: self = .wait
        case .load: self = .load
        case .start: self = .start
        case .skip: self = .skip
        case .unrecognized(let number): self = .other(number)
        }
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
            position: EventPosition(run: event.serverInstance, sequence: event.sequence),
            time: event.time.map { Timestamp($0) }, backend: event.backend, modelID: event.modelID,
            oldState: ModelState(event.oldState), newState: ModelState(event.newState),
            cause: DaemonEvent.Cause(rawValue: event.cause),
            failure: event.failure.map { BackendFailure($0) })
    }
}

extension String {
    /// Nil for an empty string, by which proto3 says that a field is not set.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
