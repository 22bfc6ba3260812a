// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The start lock of one backend: its holder, and the callers that wait for it, first come, first served.
///
/// A value: the driver asks ``next(at:tokens:)`` until it gives nil after everything that may have freed the lock. A command that
/// waits never takes the lock; it runs in its turn, at a moment when the lock is free.
package struct StartLock: Equatable, Sendable {
    struct Holding: Equatable, Sendable {
        var caller: CallerID
        var token: LockToken
        var holder: CallerIdentity
    }

    enum Waiter: Equatable, Sendable {
        case holder(CallerID, CallerIdentity)
        case command(CallerID)

        var caller: CallerID {
            switch self {
            case .holder(let caller, _), .command(let caller): caller
            }
        }
    }

    /// What the driver does next.
    package enum Turn: Equatable, Sendable {
        /// Tell the caller that it holds the lock.
        case grant(CallerID, token: LockToken)
        /// Tell the caller that no token can be given.
        case refuse(CallerID)
        /// Run the command of this caller.
        case run(CallerID)
    }

    /// Whether a command may run.
    package enum Admission: Equatable, Sendable {
        case open
        /// The lock is to be broken first.
        case breaking(token: LockToken)
        case held(by: CallerIdentity)
    }

    private var holding: Holding?
    private var queue: [Waiter] = []
    private let name: String
    private let waiterLimit: Int

    package init(name: String, waiterLimit: Int = BackendLimits().lockWaiters) {
        self.name = name
        self.waiterLimit = waiterLimit
    }

    package var holder: CallerIdentity? { holding?.holder }
    package var token: LockToken? { holding?.token }
    package var callers: [CallerID] { queue.map(\.caller) }

    /// The token of a caller that holds the lock.
    func token(of caller: CallerID) -> LockToken? { holding?.caller == caller ? holding?.token : nil }

    /// Whether a command with these options may run now.
    package func admission(_ options: StartLockOptions) throws(BackendError) -> Admission {
        if let holding, options.token == holding.token { return .open }
        if options.force { return holding.map { .breaking(token: $0.token) } ?? .open }
        if let token = options.token { throw stale(token) }
        return holding.map { .held(by: $0.holder) } ?? .open
    }

    /// Queues a caller that wants to hold the lock.
    package mutating func holderQueued(_ caller: CallerID, _ holder: CallerIdentity) throws(BackendError) {
        try queue(.holder(caller, holder))
    }

    /// Queues a command that waits for the lock to be free.
    package mutating func commandQueued(_ caller: CallerID) throws(BackendError) {
        try queue(.command(caller))
    }

    /// Takes out a waiter that gave up; false if it does not wait here.
    package mutating func callerLeft(_ caller: CallerID) -> Bool {
        guard let index = queue.firstIndex(where: { $0.caller == caller }) else { return false }
        queue.remove(at: index)
        return true
    }

    /// Frees the lock; false if the token is not the current one.
    package mutating func released(token: LockToken) -> Bool {
        guard holding?.token == token else { return false }
        holding = nil
        return true
    }

    /// Whose turn it is; nil while the lock is held or no caller waits.
    package mutating func next(at now: Timestamp, tokens: inout LockTokens) -> Turn? {
        guard holding == nil, !queue.isEmpty else { return nil }
        switch queue.removeFirst() {
        case .command(let caller):
            return .run(caller)
        case .holder(let caller, let holder):
            guard let token = tokens.next(at: now) else { return .refuse(caller) }
            holding = Holding(caller: caller, token: token, holder: holder)
            return .grant(caller, token: token)
        }
    }

    private mutating func queue(_ waiter: Waiter) throws(BackendError) {
        guard queue.count < waiterLimit else {
            throw BackendError(
                .resourceExhausted, .waitersFull,
                "\(queue.count) callers already wait for the start lock of backend \(name); try again later",
                metadata: ["backend": name], retryAfter: .seconds(1))
        }
        queue.append(waiter)
    }
}

// MARK: Errors

extension StartLock {
    /// The error for a caller that does not wait, or has waited long enough.
    package var heldError: BackendError {
        guard let holder else {
            return BackendError(
                .aborted, .startLockHeld, "the start lock of backend \(name) was not free in time",
                metadata: ["backend": name])
        }
        return BackendError(
            .aborted, .startLockHeld,
            "the start lock of backend \(name) is held by pid \(holder.pid) of uid \(holder.uid)",
            metadata: ["backend": name, "pid": String(holder.pid), "uid": String(holder.uid)])
    }

    /// The error for a caller that could have the lock if a token were reserved.
    package var tokenError: BackendError {
        BackendError(
            .resourceExhausted, .stateNotSaved,
            "cannot give the start lock of backend \(name): its token cannot be saved; the daemon's log says why",
            metadata: ["backend": name], retryAfter: .seconds(1))
    }

    private func stale(_ token: LockToken) -> BackendError {
        BackendError(
            .aborted, .lockTokenStale,
            "token \(token) is not the current one of the start lock of backend \(name)",
            metadata: ["backend": name, "token": token.description])
    }

    /// The error for a holder whose lock was broken by a forced command.
    package var brokenError: BackendError {
        BackendError(
            .aborted, .startLockBroken, "the start lock of backend \(name) was broken by a forced command",
            metadata: ["backend": name])
    }

    /// Refuses a wait that is negative or longer than the limit.
    package static func checkWait(_ wait: Duration?, limit: Duration) throws(BackendError) {
        guard let wait, wait < .zero || wait > limit else { return }
        throw BackendError(
            .invalidArgument, .lockWaitInvalid,
            "cannot wait \(wait.exactText) for a start lock; the wait must be from 0s to \(limit.text)",
            violations: [FieldViolation(path: "wait", description: "must be from 0s to \(limit.text)")])
    }
}

/// Proves that its caller holds a start lock. Later tokens have larger numbers.
package struct LockToken: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package var description: String { String(number) }

    package static func < (one: LockToken, other: LockToken) -> Bool { one.number < other.number }
}

/// The source of start lock tokens. Their numbers grow over all locks and over restarts of the daemon.
///
/// They follow the wall clock. With a state, each is behind all that earlier runs may have given, and reserved on the disk before it is
/// given: if the clock is ahead of what is reserved, tokens go on without it.
package struct LockTokens: Equatable, Sendable {
    /// The number of the newest token.
    private(set) var last: UInt64
    /// The last number that is reserved on the disk; nil without a state.
    private var reserved: UInt64?
    /// The last number that is to be reserved.
    private var asked: UInt64

    /// Without a state that is saved.
    package init() {
        (last, asked) = (0, 0)
    }

    /// Continues behind the numbers of earlier runs, up to what is reserved.
    package init(after mark: UInt64, reserved: UInt64) {
        (last, self.reserved, asked) = (mark, reserved, reserved)
    }

    private static let block = StateMark.lockToken.block

    /// A number of the reserved ones; nil if all are used.
    package mutating func next(at now: Timestamp) -> LockToken? {
        let time = now.microseconds
        guard let reserved else {
            last = max(last + 1, time)
            return LockToken(last)
        }
        guard last < reserved else { return nil }
        // Half a block stays for what comes after a leap of the clock.
        last = time > last && time <= reserved - min(reserved, Self.block / 2) ? time : last + 1
        return LockToken(last)
    }

    /// Asks for the next block of numbers if less than half a block is left, and returns its last one.
    package mutating func renewal(at now: Timestamp) -> UInt64? {
        guard reserved != nil, max(last, now.microseconds) + Self.block / 2 > asked else { return nil }
        asked = max(last, now.microseconds) + Self.block
        return asked
    }

    /// The numbers up to this one are reserved on the disk.
    package mutating func reserved(upTo number: UInt64) {
        if let reserved { self.reserved = max(reserved, number) }
    }
}

/// How a command deals with a start lock that another caller holds.
package struct StartLockOptions: Hashable, Sendable {
    /// The token of the lock that the caller holds; nil if it does not hold it.
    package var token: LockToken?
    /// How long to wait for a lock that another caller holds; nil: not at all.
    package var wait: Duration?
    /// Goes past the holder and breaks the lock.
    package var force: Bool

    package init(token: LockToken? = nil, wait: Duration? = nil, force: Bool = false) {
        self.token = token
        self.wait = wait
        self.force = force
    }
}
