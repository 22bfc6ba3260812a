// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import TestSupport
import Testing

/// A reading of logs whose daemon goes away and comes back.
@Suite(.tags(.blocking)) struct LogStreamTests {
    private static func message(_ texts: String..., caughtUp: Bool = false) -> ReadLogsResponse {
        ReadLogsResponse(
            lines: texts.map { BackendsAPI.LogLine(instance: "a", stream: .stdout, text: $0) }, caughtUp: caughtUp)
    }

    private static let lost = RPCStatus(.unavailable, reason: "SHUTTING_DOWN", "the daemon is stopping")

    /// Reads from an observer whose calls tell what `call` has for their number, until the line `end`.
    private static func read(
        follow: Bool = true, patience: Duration = .seconds(30),
        onInterruption: @escaping @Sendable (BackendClientError) -> Void = { _ in },
        _ call:
            @escaping @Sendable (Int, ReadLogsRequest, ResponseStream<ReadLogsResponse>) async throws(RPCStatus) -> Void
    ) async throws -> [String] {
        let calls = Counter()
        let observer = ScriptedObserver(logs: { (request, responses) async throws(RPCStatus) in
            calls.increment()
            try await call(calls.value, request, responses)
        })
        return try await withScript([observer.rpcService]) { client in
            try await client.withLogs(
                of: "a", lines: 7, follow: follow, patience: patience, onInterruption: onInterruption
            ) { lines in
                var told: [String] = []
                for try await line in lines {
                    told.append((line.isAfterGap ? "gap " : "") + line.text)
                    if line.text == "end" { break }
                }
                return told
            }
        }
    }

    @Test func `a stream that follows resumes after the last line`() async throws {
        let lost = Recorder<String>()
        let told = try await Self.read(onInterruption: { lost.append($0.reason?.rawValue ?? "") }) {
            (call, request, responses) async throws(RPCStatus) in
            switch call {
            case 1:
                #expect(request.lines == 7)
                try await responses.send(Self.message("1", caughtUp: true))
                try await responses.send(Self.message("2", "3"))
                throw Self.lost
            case 2:
                throw RPCStatus(.unavailable, reason: "SERVER_DRAINING", "later")
            case 3:
                #expect(request.lines > 1000)
                // What was written while there was no daemon comes with what was told.
                try await responses.send(Self.message("0", "1", "2"))
                try await responses.send(Self.message("3", "4", caughtUp: true))
                throw Self.lost
            default:
                try await responses.send(Self.message("9", caughtUp: true))
                try await responses.send(Self.message("end"))
            }
        }
        #expect(told == ["1", "2", "3", "4", "gap 9", "end"])
        // Once for each loss, however often the reading is tried again.
        #expect(lost.elements == ["SHUTTING_DOWN", "SHUTTING_DOWN"])
    }

    @Test func `a stream that does not follow, or has not begun, does not resume`() async throws {
        await #expect(throws: BackendClientError.self) {
            try await Self.read(follow: false) { (_, _, responses) async throws(RPCStatus) in
                try await responses.send(Self.message("1"))
                throw Self.lost
            }
        }
        await #expect(throws: BackendClientError.self) {
            try await Self.read { (_, _, _) async throws(RPCStatus) in throw Self.lost }
        }
    }

    @Test func `a stream does not resume after its patience`() async throws {
        let error = await #expect(throws: BackendClientError.self) {
            try await Self.read(patience: .zero) { (_, _, responses) async throws(RPCStatus) in
                try await responses.send(Self.message("1", caughtUp: true))
                throw Self.lost
            }
        }
        #expect(error?.reason == .shuttingDown)
    }
}
