// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("BootPlan")
struct BootPlanTests {
    private static func words(_ steps: [BootPlan.Step]) -> [String] {
        steps.map { $0.name + ($0.missing.isEmpty ? "" : " without \($0.missing.joined(separator: " "))") }
    }

    private static func plan(
        _ change: (inout RegistryTranscript) throws -> Void
    ) throws -> BootPlan {
        var script = RegistryTranscript()
        try change(&script)
        return BootPlan(script.entries)
    }

    @Test func `those that are told to start at boot do, in priority order`() throws {
        var plan = try Self.plan { script in
            try script.create("late", start: .boot, priority: 9)
            try script.create("demanded", priority: 1)
            try script.create("manual", start: .manual, priority: 2)
            try script.create("early", start: .boot, priority: -1)
        }
        #expect(Self.words(plan.next()) == ["early", "late"])
        #expect(plan.ended("late", isStarted: true) == [] && !plan.isFinished)
        #expect(plan.ended("early", isStarted: false) == [] && plan.isFinished)
    }

    @Test func `a backend starts once all that it comes after have been started or have failed`() throws {
        var plan = try Self.plan { script in
            try script.create("a", start: .boot, after: ["b", "c"], alongside: ["b", "c"])
            try script.create("b", start: .boot)
            try script.create("c", start: .boot, after: ["b"])
            try script.create("d", start: .boot)
        }
        #expect(Self.words(plan.next()) == ["b", "d"])
        #expect(Self.words(plan.ended("b", isStarted: false)) == ["c without b"])
        // The end of another start changes nothing while c is being started.
        #expect(plan.ended("d", isStarted: true) == [])
        #expect(Self.words(plan.ended("c", isStarted: true)) == ["a without b"])
        #expect(plan.ended("a", isStarted: true) == [] && plan.isFinished)
    }

    @Test func `one that is not started at boot is not waited for`() throws {
        var plan = try Self.plan { script in
            try script.create("held", start: .boot)
            try script.submit(.stop(by: RegistryTranscript.person), on: "held")
            try script.create("disabled", start: .boot)
            try script.submit(.setEnabled(false), on: "disabled")
            try script.create("demanded")
            try script.create("a", start: .boot, after: ["held", "disabled", "demanded"])
        }
        #expect(Self.words(plan.next()) == ["a"])
    }

    @Test func `an order whose backend was deleted holds up nothing`() throws {
        var plan = try Self.plan { script in
            try script.create("gone", start: .boot)
            try script.create("a", start: .boot, after: ["gone"])
            try script.submit(.delete(force: false), on: "gone")
        }
        #expect(Self.words(plan.next()) == ["a"])
    }

    @Test func `an end that is told twice changes nothing`() throws {
        var plan = try Self.plan { script in
            try script.create("a", start: .boot)
            try script.create("b", start: .boot, after: ["a"])
        }
        _ = plan.next()
        #expect(Self.words(plan.ended("a", isStarted: true)) == ["b"])
        #expect(plan.ended("a", isStarted: true) == [])
        #expect(plan.ended("x", isStarted: true) == [])
    }

    @Test func `without backends there is nothing to do`() throws {
        #expect(try Self.plan { _ in }.isFinished)
    }
}
