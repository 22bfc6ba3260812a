// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A stream that holds something for its client until either side ends.
enum HeldStream {
    /// Holds until the first of these happens: `hold` returns, the client's half close, the end of the call, the end of the
    /// client's process, or the drain of the daemon.
    ///
    /// `hold` sets `confirmed` once the client has been told what it holds. A stream that ends before that fails: an OK without a
    /// message would say nothing.
    static func run(
        _ context: CallContext, processes: PeerProcesses, whatIsHeld: String,
        hold: @escaping @Sendable (_ confirmed: Announcement<Void>) async throws(RPCStatus) -> Void,
        halfClose: @escaping @Sendable () async throws(RPCStatus) -> Void
    ) async throws(RPCStatus) {
        try await processes.withExit(of: context) { (exit) async throws(RPCStatus) in
            try await run(
                until: exit, release: processes.release, whatIsHeld: whatIsHeld, hold: hold, halfClose: halfClose)
        }
    }

    private static func run(
        until exit: Announcement<Void>, release: Announcement<Void>, whatIsHeld: String,
        hold: @escaping @Sendable (_ confirmed: Announcement<Void>) async throws(RPCStatus) -> Void,
        halfClose: @escaping @Sendable () async throws(RPCStatus) -> Void
    ) async throws(RPCStatus) {
        let confirmed = Announcement<Void>()
        let result: Result<Void, RPCStatus> = await firstOf(
            { await RPCStatus.result { () async throws(RPCStatus) in try await hold(confirmed) } },
            { await RPCStatus.result(halfClose) },
            {
                // A child that was forked may keep the connection open; the hold still belongs to the process.
                _ = await exit.value()
                return .success(())
            },
            {
                _ = await release.value()
                let message = "the daemon is stopping and releases \(whatIsHeld); ask again once it is back"
                return .failure(RPCStatus(.unavailable, reason: "SHUTTING_DOWN", message))
            })
        try result.get()
        guard confirmed.current != nil else {
            throw RPCStatus(
                .cancelled, reason: "CALLER_CANCELLED",
                "the client closed its half of the stream while it waited; keep the stream open until the lock or the model is acquired"
            )
        }
    }
}
