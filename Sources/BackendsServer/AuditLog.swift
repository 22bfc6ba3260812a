// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
internal import SocketRPC
internal import SystemIO

/// One line of the log for every call that changes something: who, what, on which backend, with which result.
package struct AuditLog: Sendable {
    private let logger: Logger

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// Runs a mutating call and writes its line.
    nonisolated(nonsending) func record<Result>(
        _ context: CallContext, backend: String,
        _ call: nonisolated(nonsending) () async throws(RPCStatus) -> Result
    ) async throws(RPCStatus) -> Result {
        do throws(RPCStatus) {
            let result = try await call()
            write(context, backend: backend, result: "OK")
            return result
        } catch {
            write(context, backend: backend, failure: error)
            throw error
        }
    }

    /// Writes the line of a call that failed.
    func write(_ context: CallContext, backend: String, failure: RPCStatus) {
        write(
            context, backend: backend,
            result: failure.reason.map { "\(failure.code) \($0)" } ?? "\(failure.code)")
    }

    /// Writes the line of a call.
    func write(_ context: CallContext, backend: String, result: String) {
        logger.notice(
            "call",
            metadata: [
                "method": "\(context.service)/\(context.method)", "backend": "\(backend)", "result": "\(result)",
                "pid": "\(context.peer.pid)", "uid": "\(context.peer.uid)",
            ])
    }
}
