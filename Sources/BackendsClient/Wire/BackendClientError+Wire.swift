// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import TextKeys

extension BackendClientError {
    init(_ status: RPCStatus) {
        let info = status.errorInfo
        self.init(
            Code(rawValue: status.code.rawValue), reason: info.map(\.reason), status.message,
            metadata: info?.metadata.reduce(into: [:]) { $0[$1.key] = $1.value } ?? [:],
            violations: status.badRequest?.fieldViolations
                .map { FieldViolation(field: $0.field, description: $0.description) } ?? [],
            retryAfter: status.retryDelay)
    }

    init(_ status: GoogleStatus) {
        self.init(RPCStatus(status))
    }
}

extension BackendClientError.Code {
    var wire: RPCStatus.Code { RPCStatus.Code(rawValue: rawValue) }
}

/// Makes a call and turns the status it ends with into the error of this library.
nonisolated(nonsending) func calling<Result>(
    _ call: nonisolated(nonsending) () async throws(RPCStatus) -> Result
) async throws(BackendClientError) -> Result {
    do throws(RPCStatus) {
        return try await call()
    } catch {
        throw BackendClientError(error)
    }
}
