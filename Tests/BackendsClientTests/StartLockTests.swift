// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct StartLockTests {
    @Test func `the holder's calls go through and others are refused with its pid`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.withStartLock { holder in
                #expect(holder.lockToken != nil)
                let error = await #expect(throws: BackendClientError.self) { try await backend.start() }
                #expect(error?.reason == .startLockHeld)
                #expect(error?.metadata["pid"] == String(ProcessInformation.pid))
                #expect(try await backend.describe().startLockHolder?.pid == ProcessInformation.pid)
                try await holder.registerConfig(["a": 1], owner: "me")
                try await holder.start()
                try await holder.stop()
            }
            #expect(try await backend.describe().startLockHolder == nil)
        }
    }

    @Test func `the lock is free when the body has returned`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            for round in 0..<50 {
                #expect(try await backend.withStartLock { _ in round } == round)
                try await backend.start()
            }
        }
    }

    @Test func `the lock is free when the body has thrown, and its error is thrown`() async throws {
        struct Failure: Error {}
        try await withDaemonClient { client in
            let backend = client.backend("local")
            await #expect(throws: Failure.self) { try await backend.withStartLock { _ in throw Failure() } }
            try await backend.start()
        }
    }

    @Test func `the lock is free when the task was cancelled`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            let (isHeld, body) = (AsyncSignal<Void>(), AsyncSignal<Void>())
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await backend.withStartLock { _ in
                            isHeld.send()
                            try await Task.sleep(for: .seconds(600))
                        }
                    } catch {
                        body.send()
                    }
                }
                await isHeld.wait()
                group.cancelAll()
            }
            await body.wait()
            try await backend.start(lockWait: .seconds(60))
        }
    }

    @Test func `waiters get the lock one after the other`() async throws {
        try await withDaemonClient { client in
            let order = Recorder<Int>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        try await client.backend("local").withStartLock(wait: .seconds(60)) { _ in
                            order.append(index)
                            order.append(index)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let pairs = order.elements
            #expect(pairs.count == 16)
            #expect(stride(from: 0, to: pairs.count, by: 2).allSatisfy { pairs[$0] == pairs[$0 + 1] })
        }
    }

    @Test func `without a wait a held lock is refused, and the body does not run`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.withStartLock { _ in
                let refused = try await reason {
                    try await backend.withStartLock { _ in _ = Issue.record("the body runs without the lock") }
                }
                #expect(refused == "START_LOCK_HELD")
            }
        }
    }

    @Test func `a broken lock cancels the body and is thrown`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            let wasCancelled = AsyncSignal<Bool>()
            let broken = try await reason {
                try await backend.withStartLock { _ in
                    // The end of the lock may come before the answer.
                    _ = try? await backend.start(force: true)
                    let sleep: Void? = try? await Task.sleep(for: .seconds(600))
                    wasCancelled.send(sleep == nil)
                }
            }
            #expect(broken == "START_LOCK_BROKEN")
            #expect(await wasCancelled.wait())
        }
    }

    @Test func `a lock that the daemon loses without a reason is broken as well`() async throws {
        let lifecycle = ScriptedLifecycle { (requests, responses) async throws(RPCStatus) in
            _ = try await requests.next()
            try await responses.send(HoldStartLockResponse(event: .acquired(StartLockAcquired(token: 7))))
        }
        try await withScript([lifecycle.rpcService]) { client in
            let broken = try await reason {
                try await client.backend("x").withStartLock { holder in
                    #expect(holder.lockToken == StartLockToken(rawValue: 7))
                    try await Task.sleep(for: .seconds(600))
                }
            }
            #expect(broken == "START_LOCK_BROKEN")
        }
    }

    @Test func `a daemon that ends the call without granting the lock breaks the protocol`() async throws {
        let lifecycle = ScriptedLifecycle { (_, _) async throws(RPCStatus) in }
        try await withScript([lifecycle.rpcService]) { client in
            let fault = try await reason { try await client.backend("x").withStartLock { _ in } }
            #expect(fault == "PROTOCOL_ERROR")
            let answer = try await reason { try await client.backend("x").start() }
            #expect(answer == "PROTOCOL_ERROR")
        }
    }

    @Test func `a token from elsewhere is sent with every call`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.withStartLock { holder in
                let token = try #require(holder.lockToken)
                try await backend.holding(lockToken: token).start()
                let stale = try await reason {
                    try await backend.holding(lockToken: StartLockToken(rawValue: token.rawValue - 1)).stop()
                }
                #expect(stale == "LOCK_TOKEN_STALE")
            }
        }
    }
}
