// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
internal import SocketRPC
internal import SystemIO
internal import TextKeys

/// One line of the log for every call that changes something: who, what, on which backend, with which result.
package struct AuditLog: Sendable {
    private let logger: Logger

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// Runs a mutating call and writes its line.
    ///
    /// - Parameters:
    ///   - context: Who calls what.
    ///   - backend: Read when the call has ended: some calls find out on which backend they act.
    ///   - model: The model's id, of a call about one.
    ///   - call: The call.
    /// - Returns: What the call returns.
    /// - Throws: What the call throws.
    nonisolated(nonsending) func record<Result>(
        _ context: CallContext, backend: @autoclosure () -> String, model: String? = nil,
        _ call: nonisolated(nonsending) () async throws(RPCStatus) -> Result
    ) async throws(RPCStatus) -> Result {
        do throws(RPCStatus) {
            let result = try await call()
            write(context, backend: backend(), model: model, result: "OK")
            return result
        } catch {
            write(context, backend: backend(), model: model, failure: error)
            throw error
        }
    }

    /// Writes the line of a call that failed. Where the call named no backend, the failure may.
    func write(_ context: CallContext, backend: String, model: String? = nil, failure: RPCStatus) {
        write(
            context, backend: backend.isEmpty ? failure.errorInfo?.metadata["backend"] ?? "" : backend, model: model,
            result: failure.reason.map { "\(failure.code) \($0)" } ?? "\(failure.code)")
    }

    /// Writes the line of a call. A name is cut where it is longer than any that is valid.
    func write(_ context: CallContext, backend: String, model: String? = nil, result: String) {
        var metadata: Logger.Metadata = [
            "method": "\(context.service)/\(context.method)", "backend": "\(backend.cut(toBytes: Self.nameLimit))",
            "result": "\(result)", "pid": "\(context.peer.pid)", "uid": "\(context.peer.uid)",
        ]
        if let model { metadata["model"] = "\(model.cut(toBytes: Self.nameLimit))" }
        logger.notice("call", metadata: metadata)
    }

    private static let nameLimit = 256
}
