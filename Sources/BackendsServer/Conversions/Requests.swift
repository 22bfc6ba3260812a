// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

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

extension StartLockOptions {
    /// What a command says about the start lock.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a wait that is not a duration.
    init(token: UInt64, wait: GoogleDuration?, force: Bool) throws(RPCStatus) {
        self.init(
            token: token == 0 ? nil : LockToken(token), wait: try Duration.checked(wait, field: "lock_wait"),
            force: force)
    }
}

extension Duration {
    /// The duration of a request; protobuf bounds one at ten thousand years, with a sign that both parts share.
    static func checked(_ message: GoogleDuration?, field: String) throws(RPCStatus) -> Duration? {
        guard let message else { return nil }
        guard (0...315_576_000_000).contains(message.seconds), (0...999_999_999).contains(message.nanos) else {
            throw .invalid(field, "must be a duration from 0 to 10,000 years")
        }
        return Duration(message)
    }
}

extension CallerIdentity {
    init(_ peer: PeerCredentials) {
        self.init(pid: peer.pid, uid: peer.uid)
    }
}

extension String {
    /// The text of a message's string, which was found to be UTF-8 when the message was decoded.
    init(checked bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) {
            self.init(copying: text)
        } else {
            self.init()
        }
    }
}
