// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

/// The time between getting a start lock and letting it go.
struct StartLockHold: Sendable {
    let stream: ClientStream<HoldStartLockRequest, HoldStartLockResponse>
    let backend: BackendHandle

    private enum Turn<Result: Sendable>: Sendable {
        case bodyEnded(Swift.Result<Result, any Error>)
        /// The call that holds the lock is over; nil: without a status.
        case lockEnded(RPCStatus?)
        case patienceEnded
    }

    /// How long the daemon may take to confirm that the lock is free.
    private static let patience = Duration.seconds(5)

    /// Runs `body` as a task that is cancelled when the lock is lost.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (BackendHandle) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Turn<Result>.self) { group in
            group.addTask { [backend] in
                do {
                    return .bodyEnded(.success(try await body(backend)))
                } catch {
                    return .bodyEnded(.failure(error))
                }
            }
            group.addTask { .lockEnded(await end()) }
            var outcome: Swift.Result<Result, any Error>?
            var loss: BackendClientError?
            var isHeld = true
            for try await turn in group {
                switch turn {
                case .bodyEnded(let result):
                    outcome = result
                    guard isHeld else { continue }
                    group.addTask {
                        await release()
                        return .patienceEnded
                    }
                case .lockEnded(let status):
                    isHeld = false
                    // A cancelled task ends the call itself.
                    if outcome == nil, !Task.isCancelled { loss = lost(status) }
                    group.cancelAll()
                case .patienceEnded:
                    group.cancelAll()
                }
            }
            if let loss { throw loss }
            guard let outcome else { preconditionFailure("the group ends after its tasks") }
            return try outcome.get()
        }
    }

    /// Waits for the end of the call.
    private func end() async -> RPCStatus? {
        do throws(RPCStatus) {
            while try await stream.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    /// Lets the lock go and gives the daemon time to confirm it: the caller's next command must not find it held.
    private func release() async {
        do {
            try await stream.finishSending()
            try await Task.sleep(for: Self.patience)
        } catch {
            // The call is over, or about to be cancelled, which frees the lock as well.
        }
    }

    private func lost(_ status: RPCStatus?) -> BackendClientError {
        let reason = "START_LOCK_BROKEN"
        if let status, status.reason == reason { return BackendClientError(status) }
        return BackendClientError(
            .aborted, reason: reason,
            "the start lock of \(backend.name) was lost: \(status?.message ?? "the daemon ended the call")",
            metadata: ["backend": backend.name])
    }
}
