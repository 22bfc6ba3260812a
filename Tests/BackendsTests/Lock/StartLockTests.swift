// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("StartLock")
struct StartLockTests {
    static let one = CallerIdentity(pid: 11, uid: 1000)
    static let two = CallerIdentity(pid: 22, uid: 2000)
    let now = Timestamp(seconds: 1)

    /// A lock with the token 1000000, held by `one`.
    func held(by holder: CallerIdentity = one) throws -> (StartLock, LockTokens) {
        var lock = StartLock(name: "a", waiterLimit: 3)
        var tokens = LockTokens()
        try lock.holderQueued(1, holder)
        #expect(lock.next(at: now, tokens: &tokens) == .grant(1, token: 1_000_000))
        return (lock, tokens)
    }

    @Test func `a free lock goes to the first caller that asks`() throws {
        let (lock, _) = try held()
        #expect(lock.holder == Self.one)
        #expect(lock.token == 1_000_000)
    }

    @Test func `waiters get the lock in the order they came`() throws {
        var (lock, tokens) = try held()
        try lock.holderQueued(2, Self.two)
        try lock.holderQueued(3, Self.one)
        #expect(lock.next(at: now, tokens: &tokens) == nil)
        #expect(lock.released(token: 1_000_000) == true)
        #expect(lock.next(at: now, tokens: &tokens) == .grant(2, token: 1_000_001))
        #expect(lock.holder == Self.two)
        #expect(lock.next(at: now, tokens: &tokens) == nil)
        #expect(lock.released(token: 1_000_001) == true)
        #expect(lock.next(at: now, tokens: &tokens) == .grant(3, token: 1_000_002))
    }

    @Test func `a command that waits runs in its turn and never holds the lock`() throws {
        var (lock, tokens) = try held()
        try lock.commandQueued(2)
        try lock.holderQueued(3, Self.two)
        try lock.commandQueued(4)
        _ = lock.released(token: 1_000_000)
        #expect(lock.next(at: now, tokens: &tokens) == .run(2))
        #expect(lock.holder == nil)
        #expect(lock.next(at: now, tokens: &tokens) == .grant(3, token: 1_000_001))
        #expect(lock.next(at: now, tokens: &tokens) == nil)
        _ = lock.released(token: 1_000_001)
        #expect(lock.next(at: now, tokens: &tokens) == .run(4))
        #expect(lock.next(at: now, tokens: &tokens) == nil)
    }

    @Test func `a waiter that gives up leaves the queue at once`() throws {
        var (lock, tokens) = try held()
        try lock.holderQueued(2, Self.two)
        try lock.holderQueued(3, Self.two)
        #expect(lock.callerLeft(2) == true)
        #expect(lock.callerLeft(2) == false)
        #expect(lock.callers == [3])
        _ = lock.released(token: 1_000_000)
        #expect(lock.next(at: now, tokens: &tokens) == .grant(3, token: 1_000_001))
    }

    @Test func `a release with an old token changes nothing`() throws {
        var (lock, _) = try held()
        #expect(lock.released(token: 999) == false)
        #expect(lock.holder == Self.one)
    }

    @Test func `waiters are bounded`() throws {
        var (lock, _) = try held()
        try lock.holderQueued(2, Self.two)
        try lock.commandQueued(3)
        try lock.holderQueued(4, Self.two)
        let error = #expect(throws: BackendError.self) { try lock.commandQueued(5) }
        #expect(error?.kind == .resourceExhausted)
        #expect(error?.reason == .waitersFull)
        #expect(error?.retryAfter != nil)
        #expect(lock.callers == [2, 3, 4])
    }

    // MARK: Commands

    @Test func `a command without a token may run while the lock is free`() throws {
        #expect(try StartLock(name: "a").admission(StartLockOptions()) == .open)
    }

    @Test func `a command without a token is held up by a lock`() throws {
        let (lock, _) = try held()
        #expect(try lock.admission(StartLockOptions()) == .held(by: Self.one))
        #expect(lock.heldError.kind == .aborted)
        #expect(lock.heldError.reason == .startLockHeld)
        #expect(lock.heldError.metadata == ["backend": "a", "pid": "11", "uid": "1000"])
        #expect(lock.heldError.message.contains("pid 11"))
        #expect(lock.heldError.message.contains("uid 1000"))
    }

    @Test func `a command with the current token may run`() throws {
        let (lock, _) = try held()
        #expect(try lock.admission(StartLockOptions(token: 1_000_000)) == .open)
        #expect(try lock.admission(StartLockOptions(token: 1_000_000, force: true)) == .open)
    }

    @Test(arguments: [true, false])
    func `a stale token is refused, whether the lock is held or free`(isHeld: Bool) throws {
        var (lock, _) = try held()
        if !isHeld { _ = lock.released(token: 1_000_000) }
        let error = #expect(throws: BackendError.self) { try lock.admission(StartLockOptions(token: 999_999)) }
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .lockTokenStale)
    }

    @Test func `force goes past the holder and breaks the lock`() throws {
        let (lock, _) = try held()
        #expect(try lock.admission(StartLockOptions(force: true)) == .breaking(token: 1_000_000))
        #expect(try lock.admission(StartLockOptions(token: 5, force: true)) == .breaking(token: 1_000_000))
        #expect(try StartLock(name: "a").admission(StartLockOptions(force: true)) == .open)
        #expect(lock.brokenError.kind == .aborted)
        #expect(lock.brokenError.reason == .startLockBroken)
    }

    // MARK: Waits

    @Test(arguments: [nil, .zero, .milliseconds(1), .seconds(3600)] as [Duration?])
    func `a wait of up to an hour is allowed`(wait: Duration?) throws {
        try StartLock.checkWait(wait, limit: .seconds(3600))
    }

    @Test(
        arguments: [.seconds(-1), .nanoseconds(-1), .seconds(3600) + .nanoseconds(1), .seconds(86_400)] as [Duration])
    func `any other wait is refused`(wait: Duration) {
        let error = #expect(throws: BackendError.self) { try StartLock.checkWait(wait, limit: .seconds(3600)) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .lockWaitInvalid)
        #expect(error?.violations.isEmpty == false)
    }

    @Test func `a refused wait is quoted exactly`() {
        let wait = Duration.seconds(3600) + .milliseconds(1)
        let error = #expect(throws: BackendError.self) { try StartLock.checkWait(wait, limit: .seconds(3600)) }
        #expect(error?.message == "cannot wait 1h1ms for a start lock; the wait must be from 0s to 1h")
    }
}
