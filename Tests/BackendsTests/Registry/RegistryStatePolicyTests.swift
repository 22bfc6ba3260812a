// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("RegistryState: who may start a backend")
struct RegistryStatePolicyTests {
    private static let hold = BackendHold(caller: RegistryTranscript.person, time: RegistryTranscript.now)

    /// A registry with `a`, in a state and with what keeps it down.
    private static func script(
        _ state: BackendState = .stopped, start: StartPolicy = .onDemand, isHeld: Bool = false, isEnabled: Bool = true
    ) throws -> RegistryTranscript {
        var script = RegistryTranscript()
        try script.create("a", start: start)
        switch state {
        case .stopped: break
        case .starting: try script.submit(.start(by: .person))
        case .started, .stopping:
            try script.submit(.start(by: .person))
            try script.finished(1)
            if state == .stopping { try script.submit(.stop(by: nil)) }
        case .failed:
            try script.submit(.start(by: .person))
            try script.finished(1, error: BackendLifecycleTests.broken)
        }
        if isHeld { try script.submit(.stop(by: RegistryTranscript.person)) }
        if !isEnabled { try script.submit(.setEnabled(false)) }
        return script
    }

    // MARK: Holding

    @Test func `a stop by a person holds, which is kept before the stop begins and told with it`() throws {
        var script = try Self.script(.started)
        #expect(
            try script.submit(.stop(by: RegistryTranscript.person)) == [
                "persist a", "update models a STOPPING", "record a STOP_REQUESTED", "stop a #2",
            ])
        #expect(try script.registry.entry("a").hold == Self.hold)
    }

    @Test(arguments: [BackendState.stopped, .stopping])
    func `a stop that changes no state holds too, and is told as an event of its own`(state: BackendState) throws {
        var script = try Self.script(state)
        let actions = try script.submit(.stop(by: RegistryTranscript.person))
        #expect(actions.prefix(2) == ["record a HELD", "persist a"])
        #expect(try script.registry.entry("a").hold == Self.hold)
    }

    @Test func `of several stops the first holds`() throws {
        var script = try Self.script(isHeld: true)
        #expect(try script.submit(.stop(by: CallerIdentity(pid: 8, uid: 2))) == ["answer 2 STOPPED false"])
        #expect(try script.registry.entry("a").hold == Self.hold)
    }

    @Test func `a stop by the daemon does not hold`() throws {
        var script = try Self.script(.started)
        _ = try script.registry.stopForShutdown("a", by: 9, at: RegistryTranscript.now)
        #expect(try script.registry.entry("a").hold == nil)
    }

    @Test(arguments: [BackendCommand.start(by: .person), .restart])
    func `a start by a person ends the hold, which is kept before the start begins`(command: BackendCommand) throws {
        var script = try Self.script(isHeld: true)
        #expect(
            try script.submit(command) == [
                "persist a", "update models a STARTING", "record a START_REQUESTED", "start a #1",
            ])
        #expect(try script.registry.entry("a").hold == nil)
    }

    @Test func `a start that waits for the stop ends the hold at once`() throws {
        var script = try Self.script(.started, isHeld: true)
        #expect(try script.submit(.start(by: .person)) == ["record a RELEASED", "persist a"])
    }

    @Test func `a start that is refused leaves the hold`() throws {
        var limits = BackendLimits()
        limits.callers = 1
        var script = RegistryTranscript(limits: limits)
        try script.create("a")
        try script.submit(.start(by: .person))
        try script.finished(1)
        try script.submit(.stop(by: RegistryTranscript.person))
        let error = #expect(throws: BackendError.self) { try script.submit(.start(by: .person)) }
        #expect(error?.reason == .callersFull)
        #expect(try script.registry.entry("a").hold == Self.hold)
    }

    // MARK: The table

    /// Held, enabled, policy, who starts it, and what comes of it; nil: the start.
    private static let table: [(Bool, Bool, StartPolicy, Starter, BackendError.Reason?)] = StartPolicy.allCases.flatMap
    {
        policy in
        [
            (false, true, policy, .person, nil), (true, true, policy, .person, nil),
            (false, false, policy, .person, nil), (true, false, policy, .person, nil),
            (false, true, policy, .request, policy == .manual ? .backendManual : nil),
            (true, true, policy, .request, .backendHeld), (false, false, policy, .request, .backendDisabled),
            (true, false, policy, .request, .backendHeld), (false, true, policy, .boot, nil),
            (true, true, policy, .boot, .backendHeld), (false, false, policy, .boot, .backendDisabled),
        ]
    }

    @Test(arguments: 0..<table.count)
    func `a backend is started, or not, as the table says`(row: Int) throws {
        let (isHeld, isEnabled, policy, starter, reason) = Self.table[row]
        for state in [BackendState.stopped, .failed] {
            var script = try Self.script(
                isHeld ? .stopped : state, start: policy, isHeld: isHeld, isEnabled: isEnabled)
            do throws(BackendError) {
                try script.submit(.start(by: starter))
                #expect(reason == nil)
                #expect(try script.registry.entry("a").state == .starting)
            } catch {
                #expect(error.reason == reason)
                #expect(error.kind == .failedPrecondition)
            }
        }
    }

    @Test func `a request that is refused is told who has stopped the backend and when`() throws {
        var script = try Self.script(isHeld: true)
        let error = #expect(throws: BackendError.self) { try script.submit(.start(by: .request)) }
        #expect(
            error?.metadata == ["backend": "a", "pid": "7", "uid": "1", "time": RegistryTranscript.now.description])
        #expect(error?.message.contains("by pid 7 of uid 1 at \(RegistryTranscript.now)") == true)
    }

    @Test(arguments: [BackendState.starting, .started])
    func `what a person has started is joined by requests, whatever the policy`(state: BackendState) throws {
        var script = try Self.script(state, start: .manual, isEnabled: false)
        #expect(throws: Never.self) { try script.submit(.start(by: .request)) }
    }

    @Test func `a request joins a restart, and not a stop`() throws {
        var script = try Self.script(.started, start: .manual)
        try script.submit(.restart)
        #expect(try script.submit(.start(by: .request)) == [])
        var other = try Self.script(.stopping, start: .manual)
        #expect(throws: BackendError.self) { try other.submit(.start(by: .request)) }
    }

    // MARK: Enabling

    @Test func `disabling is kept before it is answered, and neither stops the backend nor needs the lock`() throws {
        var script = try Self.script(.started)
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: .init(seconds: 1))
        #expect(
            try script.submit(.setEnabled(false)) == ["record a DISABLED", "persist a", "answer 2 STARTED true"])
        #expect(try script.submit(.setEnabled(false)) == ["answer 3 STARTED false"])
        #expect(
            try script.submit(.setEnabled(true)) == ["record a ENABLED", "persist a", "answer 4 STARTED true"])
    }

    @Test func `a backend that is not there cannot be disabled`() throws {
        var script = try Self.script()
        let error = #expect(throws: BackendError.self) { try script.submit(.setEnabled(false), on: "b") }
        #expect(error?.reason == .backendNotFound)
    }

    // MARK: Restarting

    @Test func `a part of a backend is only restarted while that is started`() throws {
        for state in BackendState.allCases {
            var script = try Self.script(state)
            if state == .started {
                #expect(try script.submit(.restartPart) == ["answer 2 STARTED true"])
            } else {
                let error = #expect(throws: BackendError.self) { try script.submit(.restartPart) }
                #expect(error?.reason == .backendNotStarted)
            }
        }
    }

    @Test(arguments: [BackendCommand.restart, .restartPart])
    func `a restart is subject to the start lock`(command: BackendCommand) throws {
        var script = try Self.script(.started)
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: .init(seconds: 1))
        let error = #expect(throws: BackendError.self) { try script.submit(command) }
        #expect(error?.reason == .startLockHeld)
        let token = try #require(script.registry.entry("a").lock.token)
        #expect(throws: Never.self) { try script.submit(command, StartLockOptions(token: token)) }
    }

    // MARK: The order

    @Test func `a backend comes after those that exist, or are created with it`() throws {
        var script = RegistryTranscript()
        let unknown = #expect(throws: BackendError.self) { try script.create("a", after: ["b"]) }
        #expect(unknown?.reason == .orderInvalid)
        #expect(unknown?.violations.map(\.path) == ["after"])
        #expect(unknown?.message.contains("names \"b\", and no backend is called that") == true)
        try script.create("a", after: ["b"], alongside: ["a", "b"])
        try script.create("b")
        #expect(try script.registry.entry("a").after == ["b"])
    }

    @Test func `cycles are refused, however long, and also after a deletion`() throws {
        var script = RegistryTranscript()
        let own = #expect(throws: BackendError.self) { try script.create("a", after: ["a"]) }
        #expect(own?.message.contains("a after a") == true)
        try script.create("a", after: ["c"], alongside: ["a", "b", "c"])
        try script.create("b", after: ["a"], alongside: ["a", "b", "c"])
        let long = #expect(throws: BackendError.self) { try script.create("c", after: ["b"]) }
        #expect(long?.reason == .orderInvalid)
        #expect(long?.message.contains("c after b after a after c") == true)
        try script.create("c")
        try script.submit(.delete(force: false), on: "c")
        #expect(throws: BackendError.self) { try script.create("c", after: ["b"]) }
        #expect(script.registry.order == ["a", "b"])
    }

    @Test func `the list of those before a backend is bounded`() throws {
        var script = RegistryTranscript()
        try script.create("a")
        let error = #expect(throws: BackendError.self) {
            try script.create("b", after: Array(repeating: "a", count: RegistryState.afterLimit + 1))
        }
        #expect(error?.reason == .orderInvalid)
        try script.create("b", after: Array(repeating: "a", count: RegistryState.afterLimit))
    }
}
