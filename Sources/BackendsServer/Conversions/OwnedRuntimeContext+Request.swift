// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

extension OwnedRuntimeContext {
    /// The context of a request, for its model.
    init(_ context: BackendsAPI.RuntimeContext?, modelID: String) {
        switch context?.source {
        case .http(let context):
            self.init(
                kind: .http, modelID: modelID, method: context.method, target: context.target,
                peer: context.clientAddress, entries: context.headers.map { Entry($0.name, .text($0.value)) },
                version: context.version)
        case .grpc(let context):
            self.init(
                kind: .grpc, modelID: modelID, method: context.method, peer: context.peer,
                entries: context.metadata.map { Entry($0) },
                timeRemaining: context.timeRemaining.map { Duration($0) })
        case nil:
            self.init(kind: .grpc, modelID: modelID)
        }
    }
}

extension OwnedRuntimeContext.Entry {
    fileprivate init(_ entry: MetadataEntry) {
        switch entry.value {
        case .text(let text): self.init(entry.key, .text(text))
        case .binary(let bytes): self.init(entry.key, .binary(bytes))
        case nil: self.init(entry.key, .text(""))
        }
    }
}
