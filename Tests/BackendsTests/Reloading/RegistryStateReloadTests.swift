// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("RegistryState: a reload")
struct RegistryStateReloadTests {
    private static func file(
        config: ConfigValue = [:], priority: Int32 = 0, apply: ReloadApply = .nextStart
    ) -> BackendDefinition {
        BackendDefinition(
            name: "a", type: "FAKE", configuration: config, priority: priority, apply: apply, origin: .file)
    }

    /// A registry with the started backend `a` of the file, or one that is starting.
    private static func script(isStarting: Bool = false) throws -> RegistryTranscript {
        var script = RegistryTranscript()
        try script.create("a", priority: 0)
        try script.submit(.redefine(file()))
        try script.submit(.start(by: .person))
        if !isStarting { try script.finished(1) }
        return script
    }

    @Test func `the same entry does nothing`() throws {
        var script = try Self.script()
        #expect(try script.submit(.redefine(Self.file())) == ["answer 3 STARTED false"])
    }

    @Test func `a change for the next start is kept, told and taken by that start`() throws {
        var script = try Self.script()
        #expect(
            try script.submit(.redefine(Self.file(config: ["port": 1]))) == [
                "record a RELOAD_STAGED", "persist a", "answer 3 STARTED true",
            ])
        #expect(try script.registry.entry("a").record.configuration.basePatch == [:])
        #expect(
            try script.submit(.restart) == ["update models a STOPPING", "record a RESTART_REQUESTED", "stop a #2"])
        try script.finished(2)
        #expect(try script.registry.entry("a").record.configuration.basePatch == ["port": 1])
    }

    @Test func `a file that goes back to what runs takes what was staged back`() throws {
        var script = try Self.script()
        try script.submit(.redefine(Self.file(config: ["port": 1])))
        #expect(
            try script.submit(.redefine(Self.file())) == [
                "record a RELOADED", "persist a", "answer 4 STARTED true",
            ])
        try script.submit(.restart)
        try script.finished(2)
        #expect(try script.registry.entry("a").record.configuration.basePatch == [:])
    }

    @Test func `a change that is applied now stops and starts the backend, with a cause of its own`() throws {
        var script = try Self.script()
        #expect(
            try script.submit(.redefine(Self.file(config: ["port": 1], apply: .now))) == [
                "record a RELOADED", "persist a", "update models a STOPPING", "record a RELOADED", "stop a #2",
            ])
        try script.finished(2)
        #expect(try script.registry.entry("a").state == .starting)
        #expect(try script.registry.entry("a").record.configuration.basePatch == ["port": 1])
    }

    @Test func `a rolling change is taken over before the models are loaded again`() throws {
        var script = try Self.script()
        #expect(
            try script.submit(.redefine(Self.file(config: ["port": 1], apply: .rolling))) == [
                "record a RELOADED", "persist a", "index models a", "reconfigure a", "roll a",
                "answer 3 STARTED true",
            ])
    }

    @Test func `a live change during a start is taken over when the start has ended`() throws {
        var script = try Self.script(isStarting: true)
        try script.submit(.redefine(Self.file(config: ["tags": ["x"]])))
        let creation = try script.registry.entry("a").creation
        let actions = script.registry.startFinished(
            RunID(1), of: "a", creation, error: nil, at: RegistryTranscript.now)
        #expect(actions.words.contains("reconfigure a"))
    }

    @Test func `another priority moves the backend`() throws {
        var script = try Self.script()
        try script.create("b", priority: 5)
        #expect(
            try script.submit(.redefine(Self.file(priority: 9))) == [
                "record a RELOADED", "persist a", "rerank a", "answer 3 STARTED true",
            ])
        #expect(script.registry.order == ["b", "a"])
    }

    @Test func `a start lock keeps changes and removals waiting, and a later reload takes them back`() throws {
        var script = try Self.script()
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: RegistryTranscript.now)
        let wait = StartLockOptions(wait: .seconds(60))
        #expect(try script.submit(.redefine(Self.file(config: ["port": 1], apply: .now)), wait) == [])
        #expect(try script.submit(.retire, wait) == [])
        #expect(script.registry.withdraw(4, from: "a").words == ["refuse 4 CALLER_CANCELLED"])
        let token = try #require(try script.registry.entry("a").lock.token)
        let actions = script.registry.release(token, of: "a", at: RegistryTranscript.now).words
        #expect(actions.contains("record a RELOADED") && actions.contains("stop a #2"))
        // What has begun goes on.
        #expect(script.registry.withdraw(3, from: "a").isEmpty)
    }

    @Test func `a backend that the file does not have is stopped and deleted`() throws {
        var script = try Self.script()
        #expect(
            try script.submit(.retire) == [
                "persist a", "update models a STOPPING", "record a RELOADED", "stop a #2", "answer 3 STOPPING true",
            ])
        try script.finished(2)
        #expect(script.registry.order.isEmpty)
    }

    // MARK: A backend in the place of another one

    private static let limits = BackendLimits()

    private static func successor(
        _ type: BackendType = RegistryTranscript.type, config: ConfigValue = [:], priority: Int32 = 0,
        after: [String] = []
    ) throws -> BackendSuccessor {
        try BackendSuccessor(
            BackendDefinition(
                name: "a", type: type.name, configuration: config, priority: priority, after: after, origin: .file),
            type: type, limits: limits)
    }

    private static func other() throws -> BackendType { try BackendTypes.inProcess.type(named: "LOCAL") }

    /// The end of the stop of `a`, in words.
    private static func stopped(_ script: inout RegistryTranscript, _ run: UInt64 = 2) throws -> [String] {
        let creation = try script.registry.entry("a").creation
        return script.registry.stopFinished(RunID(run), of: "a", creation, error: nil, at: RegistryTranscript.now).words
    }

    @Test func `another type takes the place of a started backend in one change of the state, and is started`() throws {
        var script = try Self.script()
        #expect(
            try script.submit(.replace(Self.successor(Self.other()))) == [
                "update models a STOPPING", "record a RELOADED", "stop a #2", "answer 3 STOPPING true",
            ])
        // A daemon that is killed now starts it again.
        #expect(try script.registry.entry("a").record.startedBoot != nil)
        #expect(
            try Self.stopped(&script) == [
                "update models a STOPPED", "record a STOPPED", "unlist a", "record a DELETED", "list a",
                "record a CREATED", "persist a", "update models a STARTING", "record a RELOADED", "start a #1",
            ])
        #expect(try script.registry.entry("a").record.type == "LOCAL")
        #expect(try script.registry.entry("a").record.startedBoot != nil)
    }

    @Test func `one that is at rest is replaced at once, with its layers, its hold and whether it is disabled`() throws
    {
        var script = RegistryTranscript()
        try script.create("a", priority: 0)
        let layer = ConfigRegistration(owner: "me", patch: ["tags": ["x"]])
        try script.submit(.registerConfig(layer))
        try script.submit(.setEnabled(false))
        try script.submit(.stop(by: RegistryTranscript.person))
        #expect(
            try script.submit(.replace(Self.successor(Self.other()))) == [
                "unlist a", "record a DELETED", "list a", "record a CREATED", "persist a", "answer 4 STOPPED true",
            ])
        let record = try script.registry.entry("a").record
        #expect(record.configuration.ownerNames == ["me"])
        #expect(!record.isEnabled && record.hold?.caller == RegistryTranscript.person && record.startedBoot == nil)
    }

    @Test func `the last reload wins: back to the old type, away, and back again`() throws {
        var script = try Self.script()
        try script.submit(.replace(Self.successor(Self.other())))
        try script.submit(.replace(Self.successor(config: ["port": 1])))
        try script.submit(.retire)
        #expect(try script.registry.entry("a").record.startedBoot == nil)
        #expect(try script.submit(.replace(Self.successor(config: ["port": 2]))).first == "persist a")
        #expect(try Self.stopped(&script).last == "start a #1")
        let entry = try script.registry.entry("a")
        #expect(entry.record.type == "FAKE" && entry.record.configuration.basePatch == ["port": 2])
    }

    @Test func `what a caller has deleted comes back without anything of it`() throws {
        var script = try Self.script()
        let layer = ConfigRegistration(owner: "me", patch: ["tags": ["x"]], apply: .nextStart)
        try script.submit(.registerConfig(layer))
        try script.submit(.delete(force: true))
        try script.submit(.replace(Self.successor()))
        #expect(try Self.stopped(&script).suffix(2) == ["persist a", "answer 4 STOPPED true"])
        let entry = try script.registry.entry("a")
        #expect(entry.state == .stopped && entry.record.configuration.generation == 1)
        #expect(entry.record.configuration.ownerNames.isEmpty)
    }

    @Test func `a deletion by a caller is later than the reload and wins`() throws {
        var script = try Self.script()
        try script.submit(.replace(Self.successor(Self.other())))
        try script.submit(.delete(force: true))
        #expect(try Self.stopped(&script).suffix(3) == ["record a DELETED", "persist a", "answer 4 STOPPED true"])
        #expect(script.registry.order.isEmpty)
    }

    @Test(arguments: [true, false])
    func `a deletion withdraws what an earlier reload has left in the queue of the start lock`(isStarted: Bool) throws {
        var script = try Self.script()
        if !isStarted {
            try script.submit(.stop(by: nil))
            try script.finished(2)
        }
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: RegistryTranscript.now)
        let wait = StartLockOptions(wait: .seconds(60))
        let commands: [BackendCommand] = [
            .replace(try Self.successor(Self.other())), .redefine(Self.file(config: ["port": 1], apply: .now)), .retire,
        ]
        let reloads = try commands.map { command in
            #expect(try script.submit(command, wait) == [])
            return try #require(script.registry.callers.max())
        }
        let words = try script.submit(.delete(force: true), StartLockOptions(force: true))
        #expect(words.starts(with: reloads.map { "refuse \($0) CALLER_CANCELLED" }), "\(words)")
        if isStarted { #expect(try Self.stopped(&script).suffix(2).first == "persist a") }
        #expect(script.registry.order.isEmpty && script.registry.callers.isEmpty)
    }

    @Test func `a deletion that waits for the start lock keeps a later reload in the queue`() throws {
        var script = try Self.script()
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: RegistryTranscript.now)
        let wait = StartLockOptions(wait: .seconds(60))
        #expect(try script.submit(.delete(force: true), wait) == [])
        #expect(try script.submit(.replace(Self.successor(Self.other())), wait) == [])
        let token = try #require(try script.registry.entry("a").lock.token)
        _ = script.registry.release(token, of: "a", at: RegistryTranscript.now)
        #expect(try Self.stopped(&script).contains("record a CREATED"))
        #expect(try script.registry.entry("a").record.type == "LOCAL")
    }

    @Test func `a deletion that is refused leaves a reload in the queue`() throws {
        var script = try Self.script()
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: RegistryTranscript.now)
        #expect(try script.submit(.retire, StartLockOptions(wait: .seconds(60))) == [])
        let token = try #require(try script.registry.entry("a").lock.token)
        #expect(throws: BackendError.self) {
            try script.submit(.delete(force: false), StartLockOptions(token: token))
        }
        #expect(script.registry.callers.count == 1)
    }

    @Test func `a start waits for the backend that takes the place, and a stop keeps that from its start`() throws {
        var script = RegistryTranscript()
        try script.create("a", priority: 0)
        try script.submit(.start(by: .person))
        try script.finished(1)
        try script.submit(.stop(by: nil))
        try script.submit(.replace(Self.successor()))
        #expect(try script.submit(.start(by: .person)) == ["persist a"])
        var other = script
        #expect(try Self.stopped(&script).last == "start a #1")
        try script.finished(1)
        #expect(try script.registry.entry("a").state == .started && script.registry.callers.isEmpty)

        try other.submit(.stop(by: nil))
        _ = try Self.stopped(&other)
        #expect(try other.registry.entry("a").state == .stopped && other.registry.callers.isEmpty)
    }

    @Test func `a lock that is taken during the stop does not hold a reload up, and stays`() throws {
        var script = try Self.script()
        try script.submit(.retire)
        _ = try script.registry.requestLock(
            of: "a", by: 90, RegistryTranscript.person, wait: nil, at: RegistryTranscript.now)
        let token = try script.registry.entry("a").lock.token
        let wait = StartLockOptions(wait: .seconds(60))
        #expect(try script.submit(.replace(Self.successor()), wait) == ["persist a", "answer 4 STOPPING true"])
        _ = try Self.stopped(&script)
        #expect(try script.registry.entry("a").lock.token == token)
    }

    @Test func `the order of what takes a place counts for cycles`() throws {
        var script = try Self.script()
        try script.submit(.replace(Self.successor(after: ["b"])))
        #expect(throws: BackendError.self) { try script.create("b", after: ["a"]) }
    }
}
