// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import Testing

/// What the machine of an instance makes of a run that an earlier daemon has started.
@Suite struct InstanceAdoptionTests {
    private static func run(
        wasReady: Bool = true, hasBooted: Bool = true, isReady: Bool = true, restarts: Int = 0
    ) -> AdoptedRun {
        AdoptedRun(pid: 77, restarts: restarts, wasReady: wasReady, hasBooted: hasBooted, isReady: isReady)
    }

    @Test func `one that was ready is at once, with its process and its count, and is probed`() {
        var script = MachineTranscript()
        #expect(
            script.words(script.machine.adopt(Self.run(restarts: 3))) == [
                "- READY", "succeed", "timer healthy 60.0 seconds", "probe #1 readiness", "probe #1 liveness",
            ])
        #expect(script.machine.pid == 77 && script.machine.restarts == 3 && script.machine.hasBooted)
        #expect(script.words(script.machine.adopt(Self.run())) == [])
        #expect(script.start() == [])
    }

    @Test func `one that has ended meanwhile is never shown as ready`() {
        var script = MachineTranscript()
        var run = Self.run()
        run.pid = nil
        #expect(script.words(script.machine.adopt(run)).first == "- UNREADY")
        #expect(script.machine.pid == nil)
        #expect(script.exited(1, .exited(3)).contains("UNREADY BACKOFF EXITED"))
    }

    @Test func `one that was not ready then becomes it with its probe`() {
        var script = MachineTranscript()
        #expect(script.words(script.machine.adopt(Self.run(isReady: false))).first == "- UNREADY")
        #expect(script.probed(1, .readiness, true) == ["UNREADY READY"])
    }

    @Test func `a first start goes on with all of its time, because no daemon has looked at it`() {
        var script = MachineTranscript()
        let run = Self.run(wasReady: false, hasBooted: false, isReady: false)
        #expect(
            script.words(script.machine.adopt(run)) == ["- STARTING", "timer load 30.0 seconds", "probe #1 startup"])
        #expect(script.probed(1, .startup, true).contains("succeed"))
    }

    @Test func `a restart goes on, and whoever asks for the backend has it already`() {
        var script = MachineTranscript { $0.hasStartupProbe = false }
        let run = Self.run(hasBooted: false, isReady: false, restarts: 1)
        #expect(
            script.words(script.machine.adopt(run)) == [
                "- STARTING", "succeed", "timer load 30.0 seconds", "timer started(1) 1.0 seconds",
            ])
        #expect(script.fired(.started(.init(1))).contains("STARTING READY"))
    }

    @Test func `one that ended meanwhile is restarted like any other`() {
        var script = MachineTranscript()
        _ = script.machine.adopt(Self.run(restarts: 1))
        #expect(script.exited(1, .exited(3)).contains("READY BACKOFF EXITED"))
        #expect(script.treeEnded(1).last == "timer restart 1.0 seconds")
        #expect(script.fired(.restart).contains("spawn #2"))
        #expect(script.machine.restarts == 2)
    }

    @Test func `one that ended meanwhile by itself is not, if its policy says so`() {
        var script = MachineTranscript { $0.restart = .onFailure }
        _ = script.machine.adopt(Self.run())
        _ = script.exited(1, .exited(0))
        #expect(script.treeEnded(1).contains("give up EXITED"))
    }

    @Test func `a stop ends it`() {
        var script = MachineTranscript()
        _ = script.machine.adopt(Self.run())
        #expect(!script.machine.isStopping)
        #expect(script.stop().suffix(2) == ["READY STOPPING", "end #1"])
        #expect(script.machine.isStopping)
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
    }
}
