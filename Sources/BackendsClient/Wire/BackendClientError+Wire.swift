// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import TextKeys

extension BackendClientError {
    init(_ status: RPCStatus) {
        let info = status.errorInfo
        self.init(
            Code(rawValue: status.code.rawValue), reason: info.map { FailureReason(rawValue: $0.reason) },
            status.message,
            metadata: info?.metadata.reduce(into: [:]) { $0[$1.key] = $1.value } ?? [:],
            violations: status.badRequest?.fieldViolations
                .map { FieldViolation(field: $0.field, description: $0.description) } ?? [],
            retryAfter: status.retryDelay)
    }

    init(_ status: GoogleStatus) {
        self.init(RPCStatus(status))
    }

    /// The daemon's answer is not what the contract says.
    static func protocolError(_ message: String) -> BackendClientError {
        BackendClientError(.internal, reason: .protocolError, message)
    }

    static let callCancelled = BackendClientError(
        .cancelled, reason: .callCancelled, "the caller's task was cancelled")
}

extension BackendClientError.Code {
    var wire: RPCStatus.Code { RPCStatus.Code(rawValue: rawValue) }
}

/// Makes a call and turns the status it ends with into the error of this library.
nonisolated(nonsending) func calling<Value>(
    _ call: nonisolated(nonsending) () async throws(RPCStatus) -> Value
) async throws(BackendClientError) -> Value {
    do throws(RPCStatus) {
        return try await call()
    } catch {
        throw BackendClientError(error)
    }
}
