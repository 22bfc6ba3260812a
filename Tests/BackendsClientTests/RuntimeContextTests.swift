// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct RuntimeContextTests {
    private static var contexts: [RuntimeContext] {
        [
            .grpc(
                RuntimeContext.GRPC(
                    method: "/x.Y/Z", peer: "unix:",
                    metadata: [RuntimeContext.Metadata("a", "b"), RuntimeContext.Metadata("t-bin", binary: [0, 255])],
                    timeRemaining: .seconds(1))),
            .http(
                RuntimeContext.HTTP(
                    method: "GET", target: "/v1?x=1", headers: [RuntimeContext.Header("a", "b")],
                    clientAddress: "127.0.0.1", version: "2")),
        ]
    }

    @Test(arguments: contexts)
    func `every backend says what it did with a context`(_ context: RuntimeContext) async throws {
        try await withDaemonClient { client in
            try await client.createBackend("second", type: "LOCAL")
            let results = try await client.handleRuntimeContext(modelID: "m", context)
            #expect(results.map(\.backend) == ["local", "second"])
            #expect(results.map(\.outcome) == [.ignored, .ignored])
            let one = try await client.handleRuntimeContext(modelID: "m", context, backends: ["second"])
            #expect(one.map(\.backend) == ["second"])
        }
    }

    @Test func `a context for a backend that does not exist is refused`() async throws {
        try await withDaemonClient { client in
            let refused = try await reason {
                _ = try await client.handleRuntimeContext(modelID: "m", Self.contexts[0], backends: ["nope"])
            }
            #expect(refused == "BACKEND_NOT_FOUND")
        }
    }

    @Test func `many tasks share a session`() async throws {
        try await withDaemonClient { client in
            let counts = try await client.withRuntimeContexts { session in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            try await session.handleRuntimeContext(modelID: "m", Self.contexts[1]).count
                        }
                    }
                    return try await group.reduce(0, +)
                }
            }
            #expect(counts == 200)
        }
    }

    @Test func `a failed context leaves the session whole`() async throws {
        try await withDaemonClient { client in
            try await client.withRuntimeContexts { session in
                let refused = try await reason {
                    _ = try await session.handleRuntimeContext(modelID: "m", Self.contexts[0], backends: ["nope"])
                }
                #expect(refused == "BACKEND_NOT_FOUND")
                let results = try await session.handleRuntimeContext(modelID: "m", Self.contexts[0])
                #expect(results.map(\.backend) == ["local"])
            }
        }
    }

    @Test func `a session that has ended takes no contexts`() async throws {
        try await withDaemonClient { client in
            let session = try await client.withRuntimeContexts { session in session }
            let refused = try await reason {
                _ = try await session.handleRuntimeContext(modelID: "m", Self.contexts[0])
            }
            #expect(refused == "SESSION_ENDED")
        }
    }

    @Test func `a cancelled context ends alone`() async throws {
        try await withDaemonClient { client in
            try await client.withRuntimeContexts { session in
                let outcome = await withTaskGroup(of: BackendClientError.Code?.self) { group in
                    group.addTask {
                        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                        do {
                            _ = try await session.handleRuntimeContext(modelID: "m", Self.contexts[0])
                            return nil
                        } catch let error as BackendClientError {
                            return error.code
                        } catch {
                            return .unknown
                        }
                    }
                    return await group.next() ?? nil
                }
                #expect(outcome == .cancelled)
                _ = try await session.handleRuntimeContext(modelID: "m", Self.contexts[0])
            }
        }
    }
}
