// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import DaemonTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct HoldStartLockTests {
    @Test func `the lock is acquired, shown, and free after the half close`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                #expect(lock.token > 0)
                let holder = StartLockHolder(pid: ProcessInformation.pid, uid: ProcessInformation.uid)
                #expect(try await client.get("a").startLockHolder == holder)
                try await lock.release()
                #expect(try await client.get("a").startLockHolder == nil)
            }
            #expect(try await client.start("a").backend?.started == true)
        }
    }

    @Test func `a held lock refuses commands without its token, with its holder`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                let calls: [@Sendable () async throws -> Void] = [
                    { try await client.start("a") },
                    { try await client.stop("a") },
                    { try await client.register("a", owner: "o", ["x": 1]) },
                    { try await client.delete("a") },
                    { try await client.holdingLock(of: "a") { _ in } },
                    { try await client.holdingLock(of: "a", wait: .zero) { _ in } },
                    { try await client.start("a", wait: .milliseconds(20)) },
                    { try await client.holdingLock(of: "a", wait: .milliseconds(20)) { _ in } },
                ]
                for call in calls {
                    let status = try await refusal { try await call() }
                    #expect(status.word == "ABORTED START_LOCK_HELD")
                    #expect(
                        status.errorInfo?.metadata == [
                            "backend": "a", "pid": String(ProcessInformation.pid),
                            "uid": String(ProcessInformation.uid),
                        ])
                }
                #expect(try await client.start("a", token: lock.token).backend?.started == true)
                #expect(try await client.stop("a", token: lock.token).backend?.started == false)
            }
        }
    }

    @Test func `a token that is not the current one is stale, held or free`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            let old = try await client.holdingLock(of: "a") { lock in
                let status = try await refusal { try await client.start("a", token: lock.token + 1) }
                #expect(status.word == "ABORTED LOCK_TOKEN_STALE")
                try await lock.release()
                return lock.token
            }
            let status = try await refusal { try await client.start("a", token: old) }
            #expect(status.word == "ABORTED LOCK_TOKEN_STALE")
            #expect(status.errorInfo?.metadata["token"] == String(old))
        }
    }

    @Test func `tokens grow, from the wall clock in microseconds`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.create("b", "LOCAL")
            var tokens: [UInt64] = []
            for name in ["a", "b", "a", "a"] {
                try await client.holdingLock(of: name) { lock in
                    tokens.append(lock.token)
                    try await lock.release()
                }
            }
            #expect(Set(tokens).count == tokens.count)
            #expect(tokens == tokens.sorted())
            #expect(tokens[0] > 1_700_000_000_000_000)
        }
    }

    @Test func `the lock goes to waiters in their order`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            let turns = Recorder<Int>()
            try await client.holdingLock(of: "a") { lock in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for turn in 1...3 {
                        group.addImmediateTask {
                            try await client.holdingLock(of: "a", wait: ServerFixture.lockWait) { next in
                                turns.append(turn)
                                try await next.release()
                            }
                        }
                        // The next one comes only once this one waits.
                        await service.lockWaiters(turn)
                    }
                    try await lock.release()
                    try await group.waitForAll()
                }
            }
            #expect(turns.elements == [1, 2, 3])
        }
    }

    @Test func `a command that waits runs once the lock is free`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                let started = Task.immediate { try await client.start("a", wait: ServerFixture.lockWait) }
                await service.lockWaiters(1)
                #expect(try await client.get("a").state == .stopped)
                try await lock.release()
                #expect(try await started.value.backend?.started == true)
            }
        }
    }

    @Test func `the loss of the connection frees the lock`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            let other = ServiceClient(rpc: try RPCClient(path: service.path))
            let acquired = AsyncSignal<UInt64>()
            let holding = Task {
                try await other.holdingLock(of: "a") { lock in
                    acquired.send(lock.token)
                    while try await lock.stream.next() != nil {}
                }
            }
            let first = await acquired.wait()
            let second = Task.immediate {
                try await client.holdingLock(of: "a", wait: ServerFixture.lockWait) { $0.token }
            }
            await service.lockWaiters(1)
            await other.rpc.close()
            #expect(try await second.value > first)
            let status = try await refusal { try await holding.value }
            #expect(status.code == .unavailable || status.code == .cancelled)
        }
    }

    @Test func `a cancelled call frees the lock`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            let acquired = AsyncSignal<Void>()
            let holding = Task {
                try await client.holdingLock(of: "a") { lock in
                    acquired.send()
                    while try await lock.stream.next() != nil {}
                }
            }
            await acquired.wait()
            holding.cancel()
            _ = try await client.holdingLock(of: "a", wait: .seconds(600)) { $0.token }
            _ = await holding.result
        }
    }

    @Test func `force goes past the holder and breaks the lock`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                #expect(try await client.start("a", force: true).backend?.started == true)
                let status = try await refusal { try await lock.stream.next() }
                #expect(status.word == "ABORTED START_LOCK_BROKEN")
                let stale = try await refusal { try await client.stop("a", token: lock.token) }
                #expect(stale.word == "ABORTED LOCK_TOKEN_STALE")
            }
            #expect(try await client.stop("a").backend?.started == false)
        }
    }

    @Test func `a second message on the stream is refused and frees the lock`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                try await lock.stream.send(HoldStartLockRequest(name: "a"))
                let status = try await refusal { try await lock.stream.next() }
                #expect(status.code == .invalidArgument)
                #expect(status.fields == ["name"])
                #expect(try await client.get("a").startLockHolder == nil)
            }
        }
    }

    @Test func `a half close while it waits gives up the wait, which is an error`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { _ in
                let status = try await refusal {
                    try await client.lifecycle.holdStartLock { stream in
                        try await stream.send(HoldStartLockRequest(name: "a", wait: GoogleDuration(.seconds(600))))
                        try await stream.finishSending()
                        while try await stream.next() != nil {}
                    }
                }
                #expect(status.word == "CANCELLED CALLER_CANCELLED")
            }
        }
    }

    @Test func `a stream without a message is refused`() async throws {
        try await withService { service in
            let status = try await refusal {
                try await service.client.lifecycle.holdStartLock { stream in
                    try await stream.finishSending()
                    _ = try await stream.next()
                }
            }
            #expect(status.code == .invalidArgument)
            #expect(status.fields == ["name"])
        }
    }

    @Test(arguments: [
        GoogleDuration(seconds: -1), GoogleDuration(seconds: 3601), GoogleDuration(nanos: -1),
        GoogleDuration(nanos: 1_000_000_000), GoogleDuration(seconds: .max),
    ])
    func `a wait below zero or above an hour is refused`(wait: GoogleDuration) async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            let held = try await refusal {
                try await client.lifecycle.holdStartLock { stream in
                    try await stream.send(HoldStartLockRequest(name: "a", wait: wait))
                    _ = try await stream.next()
                }
            }
            #expect(held.code == .invalidArgument)
            #expect(held.fields == ["wait"])
        }
    }

    @Test func `waiters are bounded, and one too many is told to come again`() async throws {
        var limits = BackendLimits()
        limits.lockWaiters = 1
        try await withService(limits: limits) { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                let waiter = Task.immediate { try await client.start("a", wait: ServerFixture.lockWait) }
                await service.lockWaiters(1)
                let status = try await refusal { try await client.stop("a", wait: .seconds(600)) }
                #expect(status.word == "RESOURCE_EXHAUSTED WAITERS_FULL")
                #expect(status.retryDelay != nil)
                try await lock.release()
                _ = try await waiter.value
            }
        }
    }

    @Test func `a deleted backend's holder is told`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                let request = DeleteBackendRequest(name: "a", lockToken: lock.token)
                _ = try await client.config.deleteBackend(request)
                let status = try await refusal { try await lock.stream.next() }
                #expect(status.word == "NOT_FOUND BACKEND_NOT_FOUND")
            }
        }
    }

    @Test func `a drain lets a holder keep its lock, and refuses its waiters and new calls`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                let waiter = Task.immediate {
                    try await refusal { try await client.start("a", wait: ServerFixture.lockWait) }
                }
                await service.lockWaiters(1)
                async let left = service.server.shutDown(grace: .seconds(600))
                #expect(try await waiter.value.code == .unavailable)
                let late = try await refusal { try await service.withClient { try await $0.get("a") } }
                #expect(late.word == "UNAVAILABLE SERVER_DRAINING")
                try await lock.release()
                #expect(await left == [])
            }
            let status = try await refusal { try await client.get("a") }
            #expect(status.code == .unavailable)
        }
    }

    @Test func `a lock that is held at the end of the grace is lost, and its holder is told`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL")
            try await client.holdingLock(of: "a") { lock in
                await service.server.shutDown(grace: .milliseconds(20))
                let status = try await refusal { try await lock.stream.next() }
                #expect(status.word == "UNAVAILABLE SHUTTING_DOWN")
            }
        }
    }
}
