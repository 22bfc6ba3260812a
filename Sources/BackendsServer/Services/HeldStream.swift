// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A stream that holds something for its client for as long as both are there.
enum HeldStream {
    /// Holds until the first of these happens: `hold` is through, the client's half close, the end of the call, the end of the
    /// client's process, or the drain of the daemon.
    ///
    /// `hold` sets its argument once the client has been told what it holds. A stream that ends before fails: an OK without a message
    /// would say nothing.
    static func run(
        _ context: CallContext, processes: PeerProcesses, whatIsHeld: String,
        hold: @escaping @Sendable (_ told: Announcement<Void>) async throws(RPCStatus) -> Void,
        halfClose: @escaping @Sendable () async throws(RPCStatus) -> Void
    ) async throws(RPCStatus) {
        try await processes.withExit(of: context) { (exit) async throws(RPCStatus) in
            try await run(
                until: exit, release: processes.release, whatIsHeld: whatIsHeld, hold: hold, halfClose: halfClose)
        }
    }

    private static func run(
        until exit: Announcement<Void>, release: Announcement<Void>, whatIsHeld: String,
        hold: @escaping @Sendable (_ told: Announcement<Void>) async throws(RPCStatus) -> Void,
        halfClose: @escaping @Sendable () async throws(RPCStatus) -> Void
    ) async throws(RPCStatus) {
        let told = Announcement<Void>()
        let result = await withTaskGroup(of: Result<Void, RPCStatus>.self) { group in
            group.addTask { await RPCStatus.result { () async throws(RPCStatus) in try await hold(told) } }
            group.addTask { await RPCStatus.result(halfClose) }
            group.addTask {
                // A child that was forked may keep the connection open; what is held is the process's all the same.
                _ = await exit.value()
                return .success(())
            }
            group.addTask {
                _ = await release.value()
                let message =
                    "the daemon is stopping and lets go of \(whatIsHeld); ask the next one again"
                return .failure(RPCStatus(.unavailable, reason: "SHUTTING_DOWN", message))
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        try result.get()
        guard told.current != nil else {
            throw RPCStatus(
                .cancelled, reason: "CALLER_CANCELLED",
                "the client closed its half of the stream before it had what it asked for; keep it open while you wait")
        }
    }
}
