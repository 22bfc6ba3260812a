// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Uses a model while `body` runs: it is not unloaded meanwhile, except with force.
    ///
    /// Where the daemon ends the use by itself the task of `body` is cancelled and the reason is thrown. Cancelling ends the use.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - context: The context of the request it is for; handed to the backends first. Nil: none.
    ///   - backends: Only these backends; empty: all.
    ///   - autoStart: Start a backend that is stopped, and load a model that is not loaded.
    ///   - allowInProcess: The caller can run the model in its own process: a backend that leaves it to the caller answers in its
    ///     turn. Otherwise it answers only where no other backend serves the model.
    ///   - wait: How long to wait for the model and for a free place; nil: not at all.
    ///   - body: What to do with the model.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; `QUEUE_FULL` and `MODEL_NOT_READY` where there is no place.
    public func useModel<Result: Sendable>(
        _ modelID: String, context: RuntimeContext? = nil, backends: [String] = [], autoStart: Bool = true,
        allowInProcess: Bool = false, wait: Duration? = nil,
        _ body: @escaping @Sendable (ModelEndpoint) async throws -> Result
    ) async throws -> Result {
        let request = UseModelRequest(
            modelID: modelID, context: context?.wire, backends: backends,
            autoStart: autoStart, wait: wait.map { GoogleDuration($0) }, allowInProcess: allowInProcess)
        do {
            return try await models.useModel { stream in
                try await stream.send(request)
                guard case .acquired(let acquired) = try await stream.next()?.event else {
                    throw BackendClientError(
                        .internal, reason: "PROTOCOL_ERROR", "the daemon's answer has no endpoint in it")
                }
                let endpoint = try ModelEndpoint(answered: acquired.endpoint)
                return try await withThrowingTaskGroup(of: Result?.self) { group in
                    group.addTask { try await body(endpoint) }
                    group.addTask {
                        // The daemon says nothing more but that the use is over.
                        while try await stream.next() != nil {}
                        return nil
                    }
                    defer { group.cancelAll() }
                    guard let result = try await group.next() ?? nil else {
                        throw BackendClientError(
                            .aborted, reason: "MODEL_UNLOADED", "the daemon ended the use of model \(modelID)")
                    }
                    return result
                }
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }
}
