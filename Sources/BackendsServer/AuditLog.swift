// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
internal import SocketRPC
internal import SystemIO
internal import TextKeys

/// One line of the log for each call that changes something: its caller, method, backend and result.
///
/// It stands around the handlers of a service, see `audited(by:)`. A handler says with ``note(backend:model:)`` that its call changes
/// something, and the line is written when the call has ended.
package struct AuditLog: Sendable {
    /// What the call that runs in this task has noted.
    private final class Entry: Sendable {
        @TaskLocal static var current: Entry?

        let names = Guarded<(backend: String, model: String?)?>(nil)
    }

    private let logger: Logger

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// Notes that the call which runs in this task changes something. A later note replaces the names of an earlier one: some calls
    /// find out on which backend they act.
    static func note(backend: String, model: String? = nil) {
        Entry.current?.names.withLock { $0 = (backend, model) }
    }

    /// Runs a call, and writes its line if it notes a change.
    nonisolated(nonsending) func record<Value: Sendable>(
        _ context: CallContext, _ call: nonisolated(nonsending) () async throws(RPCStatus) -> Value
    ) async throws(RPCStatus) -> Value {
        let entry = Entry()
        let result = await Entry.$current.withValue(entry) { () async -> Result<Value, RPCStatus> in
            do throws(RPCStatus) {
                return .success(try await call())
            } catch {
                return .failure(error)
            }
        }
        if let (backend, model) = entry.names.withLock({ $0 }) { write(context, backend, model, result.failure) }
        return try result.get()
    }

    /// Names that are longer than any valid one are cut. If the call did not name a backend, its failure may.
    private func write(_ context: CallContext, _ backend: String, _ model: String?, _ failure: RPCStatus?) {
        let name = backend.isEmpty ? failure?.errorInfo?.metadata["backend"] ?? "" : backend
        let result = failure.map { failure in failure.reason.map { "\(failure.code) \($0)" } ?? "\(failure.code)" }
        var metadata: Logger.Metadata = [
            "method": "\(context.service)/\(context.method)", "backend": "\(name.cut(toBytes: Self.nameLimit))",
            "result": "\(result ?? "OK")", "pid": "\(context.peer.pid)", "uid": "\(context.peer.uid)",
        ]
        if let model { metadata["model"] = "\(model.cut(toBytes: Self.nameLimit))" }
        logger.notice("call", metadata: metadata)
    }

    private static let nameLimit = 256
}

extension Result {
    fileprivate var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}

extension RPCService {
    /// The same service, with a line in the log for each call that notes a change. Inline methods record what they do later themselves.
    func audited(by log: AuditLog) -> RPCService {
        RPCService(name: name, methods: methods.map { $0.audited(by: log) })
    }
}

extension MethodHandler {
    fileprivate func audited(by log: AuditLog) -> MethodHandler {
        let audited: Body
        switch body {
        case .inline:
            audited = body
        case .unary(let decode):
            audited = .unary { (payload, arena) throws(RPCStatus) in
                let work = try decode(payload, arena)
                return { (context) async throws(RPCStatus) in
                    try await log.record(context) { () async throws(RPCStatus) in try await work(context) }
                }
            }
        case .streaming(let run):
            audited = .streaming { (stream, context) async throws(RPCStatus) in
                try await log.record(context) { () async throws(RPCStatus) in try await run(stream, context) }
            }
        }
        return MethodHandler(name: name, kind: kind, body: audited)
    }
}
