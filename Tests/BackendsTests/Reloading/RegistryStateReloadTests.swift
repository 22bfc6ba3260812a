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
            try script.submit(.retire) == ["persist a", "update models a STOPPING", "record a RELOADED", "stop a #2"])
        try script.finished(2)
        #expect(script.registry.order.isEmpty)
    }
}
