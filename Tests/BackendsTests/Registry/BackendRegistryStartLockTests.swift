// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: the start lock")
struct BackendRegistryStartLockTests {
    static let one = StartLockTests.one
    static let two = StartLockTests.two
    static let firstToken: LockToken = 1_800_000_000_000_000

    static func hold(
        _ house: TestHouse, _ holder: CallerIdentity = one, wait: Duration? = nil
    ) -> Call<StartLockLease> {
        calling { () async throws(BackendError) in
            try await house.registry.holdStartLock(of: "a", holder: holder, wait: wait)
        }
    }

    /// A command of each kind, which changes something where it is let through.
    enum Command: CaseIterable, Sendable {
        case start, stop, registerConfig, delete

        func run(_ house: TestHouse, _ lock: StartLockOptions) async throws(BackendError) -> BackendOutcome {
            switch self {
            case .start: try await house.registry.start("a", lock: lock)
            case .stop: try await house.registry.stop("a", lock: lock)
            case .delete: try await house.registry.delete("a", lock: lock)
            case .registerConfig:
                try await house.registry.registerConfig(
                    ConfigRegistration(owner: "x", patch: ["port": 9]), on: "a", lock: lock)
            }
        }

        func calling(_ house: TestHouse, _ lock: StartLockOptions) -> Call<BackendOutcome> {
            BackendsTests.calling { () async throws(BackendError) in try await run(house, lock) }
        }
    }

    // MARK: Holding

    @Test func `a free lock is held at once and shown`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        #expect(lease.token == Self.firstToken)
        #expect(lease.backend == "a")
        #expect(try house.registry.get("a").lockHolder == Self.one)
        lease.release()
        lease.release()
        #expect(try house.registry.get("a").lockHolder == nil)
    }

    @Test(arguments: [nil, .zero] as [Duration?])
    func `without a wait a lock that is held is refused at once`(wait: Duration?) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let error = await Self.hold(house, Self.two, wait: wait).value.error
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .startLockHeld)
        #expect(error?.metadata == ["backend": "a", "pid": "11", "uid": "1000"])
        lease.release()
    }

    @Test(arguments: [.seconds(-1), .seconds(3600) + .nanoseconds(1)] as [Duration])
    func `a wait below zero or over an hour is refused, by commands too`(wait: Duration) async throws {
        let house = try TestHouse()
        try house.create("a")
        #expect(await Self.hold(house, wait: wait).value.reason == .lockWaitInvalid)
        for command in Command.allCases {
            #expect(await command.calling(house, StartLockOptions(wait: wait)).value.reason == .lockWaitInvalid)
        }
    }

    @Test func `waiters get the lock in turn, each with a greater token`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let first = try await Self.hold(house).value.get()
        let calls = (1...5).map { Self.hold(house, CallerIdentity(pid: $0, uid: 0), wait: .seconds(3600)) }
        var last = first
        for (index, call) in calls.enumerated() {
            last.release()
            // The next one has the lock before anybody runs.
            #expect(try house.registry.get("a").lockHolder?.pid == Int32(index + 1))
            let lease = try await call.value.get()
            #expect(lease.token > last.token)
            last = lease
        }
        last.release()
    }

    @Test func `locks of different backends are independent, their tokens grow all the same`() async throws {
        let house = try TestHouse()
        try house.create("a")
        try house.create("b")
        let one = try await house.registry.holdStartLock(of: "a", holder: Self.one)
        let two = try await house.registry.holdStartLock(of: "b", holder: Self.one)
        #expect(two.token.number == one.token.number + 1)
        one.release()
        house.clock.advance(by: .seconds(1))
        let three = try await house.registry.holdStartLock(of: "a", holder: Self.one)
        #expect(three.token == LockToken(Self.firstToken.number + 1_000_000))
        two.release()
        three.release()
    }

    @Test func `a lease that is forgotten frees the lock`() async throws {
        let house = try TestHouse()
        try house.create("a")
        do { _ = try await house.registry.holdStartLock(of: "a", holder: Self.one) }
        #expect(try house.registry.get("a").lockHolder == nil)
    }

    @Test func `a waiter that times out is told who holds the lock`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let call = Self.hold(house, Self.two, wait: .seconds(5))
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(5))
        let error = await call.value.error
        #expect(error?.reason == .startLockHeld)
        #expect(error?.metadata["pid"] == "11")
        lease.release()
        #expect(try house.registry.get("a").lockHolder == nil)
    }

    @Test func `a waiter that gives up leaves the queue`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let quitter = Self.hold(house, Self.two, wait: .seconds(5))
        let next = Self.hold(house, CallerIdentity(pid: 33, uid: 0), wait: .seconds(5))
        quitter.cancel()
        #expect(await quitter.value.reason == .callerCancelled)
        lease.release()
        #expect(try await next.value.get().token > lease.token)
    }

    @Test func `waiters are bounded`() async throws {
        var limits = BackendLimits()
        #expect(limits.lockWaiters == 1024)
        limits.lockWaiters = 1
        let house = try TestHouse(limits: limits)
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let waiter = Self.hold(house, wait: .seconds(5))
        #expect(await Self.hold(house, wait: .seconds(5)).value.reason == .waitersFull)
        #expect(
            await Command.start.calling(house, StartLockOptions(wait: .seconds(5))).value.reason == .waitersFull)
        lease.release()
        try await waiter.value.get().release()
    }

    @Test func `deleting a backend frees its lock and tells the callers that wait for it`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let waiter = Self.hold(house, Self.two, wait: .seconds(5))
        let command = Command.start.calling(house, StartLockOptions(wait: .seconds(5)))
        _ = try await house.registry.delete("a", lock: StartLockOptions(token: lease.token))
        #expect(await lease.waitUntilBroken()?.reason == .backendNotFound)
        #expect(await waiter.value.reason == .backendNotFound)
        #expect(await command.value.reason == .backendNotFound)
        try house.create("a")
        lease.release()
        #expect(try house.registry.get("a").lockHolder == nil)
    }

    // MARK: Commands

    @Test(arguments: Command.allCases)
    func `a command without the token is refused at once`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let before = house.registry.sequence
        let error = await command.calling(house, StartLockOptions()).value.error
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .startLockHeld)
        #expect(error?.metadata == ["backend": "a", "pid": "11", "uid": "1000"])
        #expect(house.registry.sequence == before)
        lease.release()
    }

    @Test(arguments: Command.allCases)
    func `a command with the token is let through`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        _ = try await command.run(house, StartLockOptions(token: lease.token))
        lease.release()
        await house.close()
    }

    @Test(arguments: Command.allCases)
    func `a stale token is refused`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let old = try await Self.hold(house).value.get()
        old.release()
        for isHeld in [false, true] {
            let lease = isHeld ? try await Self.hold(house).value.get() : nil
            let error = await command.calling(house, StartLockOptions(token: old.token, wait: .seconds(5))).value.error
            #expect(error?.kind == .aborted)
            #expect(error?.reason == .lockTokenStale)
            lease?.release()
        }
    }

    @Test(arguments: Command.allCases)
    func `a command that waits runs once the lock is free, without taking it`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let call = command.calling(house, StartLockOptions(wait: .seconds(5)))
        lease.release()
        let outcome = try await call.value.get()
        #expect(outcome.backend.lockHolder == nil)
        await house.close()
    }

    @Test(arguments: Command.allCases)
    func `a command gives up when its wait is over`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let before = house.registry.sequence
        let call = command.calling(house, StartLockOptions(wait: .milliseconds(50)))
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .milliseconds(50))
        #expect(await call.value.reason == .startLockHeld)
        lease.release()
        #expect(house.registry.sequence == before)
    }

    @Test(arguments: Command.allCases)
    func `a command whose caller gives up while it waits never runs`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let before = house.registry.sequence
        let call = command.calling(house, StartLockOptions(wait: .seconds(5)))
        call.cancel()
        #expect(await call.value.reason == .callerCancelled)
        lease.release()
        #expect(house.registry.sequence == before)
    }

    @Test func `commands and holders take turns in the order they came`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let wait = StartLockOptions(wait: .seconds(5))
        let early = calling { () async throws(BackendError) in
            try await house.registry.registerConfig(
                ConfigRegistration(owner: "x", patch: ["port": 1]), on: "a", lock: wait)
        }
        let holder = Self.hold(house, Self.two, wait: .seconds(5))
        let late = calling { () async throws(BackendError) in
            try await house.registry.registerConfig(
                ConfigRegistration(owner: "x", patch: ["port": 2]), on: "a", lock: wait)
        }
        lease.release()
        #expect(try house.registry.get("a").configuration == ["port": 1])
        _ = try await early.value.get()
        let next = try await holder.value.get()
        #expect(try house.registry.get("a").configuration == ["port": 1])
        next.release()
        #expect(try await late.value.get().backend.configuration == ["port": 2])
    }

    @Test func `a refusal in turn reaches the caller that waited`() async throws {
        let house = try TestHouse()
        try house.create("a")
        _ = try await house.registry.start("a")
        let lease = try await Self.hold(house).value.get()
        let call = Command.delete.calling(house, StartLockOptions(wait: .seconds(5)))
        lease.release()
        #expect(await call.value.reason == .backendStarted)
        await house.close()
    }

    @Test(arguments: Command.allCases)
    func `force overrides the holder, which loses the lock to the next waiter`(command: Command) async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let waiter = Self.hold(house, Self.two, wait: .seconds(5))
        let outcome = try await command.run(house, StartLockOptions(force: true))
        #expect(outcome.backend.lockHolder != Self.one)
        let error = await lease.waitUntilBroken()
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .startLockBroken)
        if command == .delete {
            #expect(await waiter.value.reason == .backendNotFound)
        } else {
            let next = try await waiter.value.get()
            lease.release()
            #expect(try house.registry.get("a").lockHolder == Self.two)
            next.release()
        }
        await house.close()
    }

    @Test func `a forced command that is refused does not break the lock`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let error = await #expect(throws: BackendError.self) {
            try await house.registry.registerConfig(
                ConfigRegistration(owner: "x", patch: ["port": "no"]), on: "a", lock: StartLockOptions(force: true))
        }
        #expect(error?.reason == .configInvalid)
        _ = try await house.registry.start("a", lock: StartLockOptions(token: lease.token))
        let late = await #expect(throws: BackendError.self) {
            try await house.registry.registerConfig(
                ConfigRegistration(owner: "x", patch: ["port": 9]), on: "a", lock: StartLockOptions(force: true))
        }
        #expect(late?.reason == .backendStarted)
        #expect(try house.registry.get("a").lockHolder == Self.one)
        lease.release()
        await house.close()
    }

    @Test func `waiting for a break ends with its task`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await Self.hold(house).value.get()
        let wait = Task.immediate { await lease.waitUntilBroken() }
        wait.cancel()
        #expect(await wait.value == nil)
        _ = try await house.registry.stop("a", lock: StartLockOptions(force: true))
        #expect(await lease.waitUntilBroken()?.reason == .startLockBroken)
    }
}
