// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension RuntimeContext {
    var wire: BackendsAPI.RuntimeContext {
        switch self {
        case .grpc(let context): BackendsAPI.RuntimeContext(source: .grpc(context.wire))
        case .http(let context): BackendsAPI.RuntimeContext(source: .http(context.wire))
        }
    }
}

extension RuntimeContext.GRPC {
    fileprivate var wire: GRPCContext {
        GRPCContext(
            method: method, peer: peer, metadata: metadata.map(\.wire),
            timeRemaining: timeRemaining.map { GoogleDuration($0) })
    }
}

extension RuntimeContext.Metadata {
    fileprivate var wire: MetadataEntry {
        switch value {
        case .text(let text): MetadataEntry(key: key, value: .text(text))
        case .binary(let bytes): MetadataEntry(key: key, value: .binary(bytes))
        }
    }
}

extension RuntimeContext.HTTP {
    fileprivate var wire: HTTPContext {
        HTTPContext(
            method: method, target: target, headers: headers.map { HTTPHeader(name: $0.name, value: $0.value) },
            clientAddress: clientAddress, version: version)
    }
}

extension ContextResult {
    init(_ result: BackendContextResult) {
        let outcome: Outcome =
            switch result.outcome {
            case .handled: .handled
            case .ignored: .ignored
            case .failed: .failed(BackendClientError(result.status ?? GoogleStatus(code: 2)))
            case .unspecified: .other(0)
            case .unrecognized(let number): .other(number)
            }
        self.init(backend: result.backend, outcome: outcome)
    }
}

extension HandleRuntimeContextRequest {
    init(_ context: RuntimeContext, modelID: String, backends: [String], strict: Bool) {
        self.init(modelID: modelID, context: context.wire, backends: backends, strict: strict)
    }
}
