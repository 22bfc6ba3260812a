// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

/// A start lock from its grant to its release.
struct StartLockHold: Sendable {
    let stream: ClientStream<HoldStartLockRequest, HoldStartLockResponse>
    let backend: BackendHandle

    private enum Turn<Value: Sendable>: Sendable {
        case bodyEnded(Result<Value, any Error>)
        /// The call that holds the lock has ended; nil: without a status.
        case lockEnded(RPCStatus?)
        case patienceEnded
    }

    /// How long the daemon may take to confirm the release.
    private static let patience = Duration.seconds(5)

    /// Runs `body` as a task that is cancelled when the lock is lost.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (BackendHandle) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Turn<Value>.self) { group in
            group.addTask { [backend] in
                do {
                    return .bodyEnded(.success(try await body(backend)))
                } catch {
                    return .bodyEnded(.failure(error))
                }
            }
            group.addTask { .lockEnded(await end()) }
            var outcome: Result<Value, any Error>?
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

    /// Releases the lock and waits for the daemon to confirm it, so that the caller's next command does not find it
    /// held.
    private func release() async {
        do {
            try await stream.finishSending()
            try await Task.sleep(for: Self.patience)
        } catch {
            // The call has ended, or is about to be cancelled, which releases the lock as well.
        }
    }

    private func lost(_ status: RPCStatus?) -> BackendClientError {
        let reason = FailureReason.startLockBroken
        if let status, status.reason == reason.rawValue { return BackendClientError(status) }
        return BackendClientError(
            .aborted, reason: reason,
            "the start lock of \(backend.name) was lost: \(status?.message ?? "the daemon ended the call")",
            metadata: ["backend": backend.name])
    }
}
