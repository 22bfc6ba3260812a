// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing

/// An instance whose processes are scripted and whose clock the test moves.
@Suite("ProcessInstance", .tags(.blocking), .timeLimit(.minutes(2)))
struct ProcessInstanceTests {
    private static func withTrees(
        _ body: (ProcessFixture, ScriptedTrees, ManualClock) async throws -> Void
    ) async throws {
        let (clock, trees) = (ManualClock(), ScriptedTrees())
        try await withSupervision(clock: clock) { supervision, directory in
            let backend = ProcessBackend(
                name: "b", supervision: supervision,
                spawner: { (launch) throws(BackendError) in try await trees.spawn(launch) },
                reading: { (configuration) throws(BackendError) in
                    try ProcessSettings(configuration: configuration, of: "b")
                })
            try await body(
                ProcessFixture(.process(on: supervision), supervision, directory, backend), trees, clock)
        }
    }

    private static let configuration: ConfigValue = ["command": ["server"], "backoff": "10s"]

    /// Starts it, and returns its first tree.
    private static func ready(
        _ fixture: ProcessFixture, _ trees: ScriptedTrees, _ clock: ManualClock
    ) async throws -> ScriptedTree {
        trees.gate.open()
        async let start: Void = fixture.start(configuration)
        // For the load timeout, and for the time until it counts as started.
        await clock.sleepersAre(2)
        clock.advance(by: .seconds(1))
        try await start
        return await trees.tree()
    }

    @Test func `what the next daemon would not know is not reported`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            trees.gate.open()
            async let start: Void = fixture.start(Self.configuration)
            await clock.sleepersAre(2)
            let tree = await trees.tree()
            func holdNotes() -> Gate {
                let gate = Gate()
                tree.noteGate.withLock { $0 = gate }
                return gate
            }
            var notes = holdNotes()
            clock.advance(by: .seconds(1))
            await notes.reached()
            #expect(tree.notes.elements.last?.wasReady == true)
            #expect(fixture.backend.instances().first?.state == .starting)
            notes.open()
            try await start
            #expect(fixture.backend.instances().first?.state == .ready)
            notes = holdNotes()
            async let stop: Void = fixture.backend.stop()
            await notes.reached()
            #expect(tree.notes.elements.last?.isStopping == true)
            #expect(tree.requests.elements.isEmpty)
            notes.open()
            await tree.requests.wait(until: "end")
            tree.ends()
            try await stop
        }
    }

    @Test func `a stop asks the processes to end and waits for that`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            #expect(fixture.backend.instances().map(\.pid) == [100])
            async let stop: Void = fixture.backend.stop()
            _ = await tree.requests.wait(for: 1)
            await fixture.told("b READY STOPPING")
            tree.ends()
            try await stop
            #expect(tree.requests.elements == ["end"])
            #expect(fixture.reports.elements.last == "b STOPPING -")
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test func `a stop that is cancelled kills what it has asked to end`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            let stop = Task { try await fixture.backend.stop() }
            await tree.requests.wait(until: "end")
            stop.cancel()
            try await stop.value
            #expect(tree.requests.elements == ["end", "kill"])
        }
    }

    @Test func `a stop while the program is being started ends it when it is there`() async throws {
        try await Self.withTrees { fixture, trees, _ in
            let start = Task { await failure { try await fixture.start(Self.configuration) } }
            await trees.gate.reached()
            let stop = Task { try await fixture.backend.stop() }
            await fixture.told("b STARTING STOPPING")
            trees.gate.open()
            let tree = await trees.tree()
            await tree.requests.wait(until: "end")
            tree.ends()
            try await stop.value
            #expect(tree.requests.elements == ["end"])
            #expect(await start.value?.reason == .startCancelled)
        }
    }

    @Test func `a stop that is cancelled while the program is being started kills it when it is there`() async throws {
        try await Self.withTrees { fixture, trees, _ in
            let start = Task { await failure { try await fixture.start(Self.configuration) } }
            await trees.gate.reached()
            let stop = Task { try await fixture.backend.stop() }
            stop.cancel()
            await fixture.told("b STARTING STOPPING")
            trees.gate.open()
            try await stop.value
            // The spawn may end between the two events of the stop.
            #expect([["clear"], ["end", "kill"]].contains(await trees.tree().requests.elements))
            #expect(await start.value?.reason == .startCancelled)
        }
    }

    @Test func `a crash is cleared away and followed by a restart after the pause`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            tree.leaderEnds(.exited(1))
            await fixture.told("b READY BACKOFF EXITED")
            let waiting = fixture.backend.instances().first
            #expect(waiting?.pid == nil && waiting?.address == nil && waiting?.startTime == nil)
            // The only timer is that of the restart, whose pause deviates by up to a tenth.
            await clock.sleepersAre(1)
            #expect(tree.requests.elements == ["clear"])
            clock.advance(by: .seconds(9))
            #expect(trees.started.elements.count == 1)
            clock.advance(by: .seconds(2))
            let second = await trees.tree(2)
            await fixture.told("b STARTING STARTING", times: 2)
            let instance = fixture.backend.instances().first
            #expect(instance?.pid == 101 && instance?.restarts == 1)
            #expect(instance?.startTime == clock.now())
            async let stop: Void = fixture.backend.stop()
            await second.requests.wait(until: "end")
            second.ends()
            try await stop
        }
    }

    // MARK: Restarts by a person

    @Test func `a restart ends a ready process, and waits until the next one is ready`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            async let restart: Void = fixture.backend.restart(instance: "b")
            await tree.requests.wait(until: "end")
            tree.ends()
            let second = try await Self.starts(2, fixture, trees, clock)
            try await restart
            let instance = fixture.backend.instances().first
            #expect(instance?.state == .ready && instance?.pid == 101 && instance?.restarts == 0)
            try await Self.stop(fixture, second)
        }
    }

    @Test func `a retry ends the pause before a restart`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            #expect(try await !fixture.backend.retry())
            tree.leaderEnds(.exited(1))
            await fixture.told("b READY BACKOFF EXITED")
            async let retry = fixture.backend.retry()
            let second = try await Self.starts(2, fixture, trees, clock)
            #expect(try await retry)
            let instance = fixture.backend.instances().first
            #expect(instance?.state == .ready && instance?.restarts == 0 && instance?.retryTime == nil)
            try await Self.stop(fixture, second)
        }
    }

    @Test func `a restart whose process ends again fails, and the pause begins`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            let restart = Task { await failure { try await fixture.backend.restart(instance: "b") } }
            await tree.requests.wait(until: "end")
            tree.ends()
            await trees.tree(2).leaderEnds(.exited(3))
            #expect(await restart.value?.reason == .exited)
            #expect(fixture.backend.instances().first?.state == .backoff)
            try await fixture.backend.stop()
        }
    }

    @Test func `a restart ends with the stop that comes in between`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            let restart = Task { await failure { try await fixture.backend.restart(instance: "b") } }
            await tree.requests.wait(until: "end")
            let stop = Task { try await fixture.backend.stop() }
            // Cancelled, it posts a second event, which kills: then both were taken in.
            stop.cancel()
            await tree.requests.wait(until: "kill")
            try await stop.value
            #expect(await restart.value?.reason == .startCancelled)
        }
    }

    @Test func `a process that is not there cannot be restarted, and the error names the others`() async throws {
        try await Self.withTrees { fixture, trees, clock in
            let tree = try await Self.ready(fixture, trees, clock)
            let error = await failure { try await fixture.backend.restart(instance: "b/x") }
            #expect(error?.reason == .instanceNotFound)
            #expect(error?.message == "backend b has no instance \"b/x\" now; it has b")
            try await Self.stop(fixture, tree)
        }
    }

    /// Lets the process of a restart be ready.
    private static func starts(
        _ count: Int, _ fixture: ProcessFixture, _ trees: ScriptedTrees, _ clock: ManualClock
    ) async throws -> ScriptedTree {
        let tree = await trees.tree(count)
        await fixture.told("b STARTING STARTING", times: count)
        // For the load timeout, and for the time until it counts as started.
        await clock.sleepersAre(2)
        clock.advance(by: .seconds(1))
        return tree
    }

    private static func stop(_ fixture: ProcessFixture, _ tree: ScriptedTree) async throws {
        async let stop: Void = fixture.backend.stop()
        await tree.requests.wait(until: "end")
        tree.ends()
        try await stop
    }
}
