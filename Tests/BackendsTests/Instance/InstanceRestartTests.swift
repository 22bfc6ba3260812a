// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("InstanceMachine, restarted by a person")
struct InstanceRestartTests {
    /// Crashed, and waiting for its third restart.
    private static func inBackoff(_ change: (inout InstancePolicy) -> Void = { _ in }) -> MachineTranscript {
        var script = MachineTranscript(change)
        script.makeReady()
        _ = script.crashAndHeal(1)
        _ = script.crashAndHeal(2)
        _ = script.exited(3)
        _ = script.treeEnded(3)
        return script
    }

    @Test func `a ready process is ended and started again, and the caller is answered when it is ready`() {
        var script = MachineTranscript()
        script.makeReady()
        #expect(
            script.restart() == [
                "end probes", "no timer load", "no timer healthy", "READY STOPPING", "end #1",
            ])
        #expect(script.treeEnded(1) == ["STOPPING STARTING", "timer load 30.0 seconds", "spawn #2"])
        _ = script.spawned(2)
        let ready = script.probed(2, .startup, true)
        #expect(ready.contains("STARTING READY") && ready.contains("restarted"))
        #expect(!ready.contains("succeed"))
        #expect(script.machine.restarts == 0 && script.machine.failure == nil)
    }

    @Test func `a process in backoff is started at once, with its counters at zero`() {
        var script = Self.inBackoff()
        #expect(script.machine.restarts == 2)
        #expect(
            script.restart() == [
                "no timer restart", "BACKOFF STARTING", "timer load 30.0 seconds", "spawn #4",
            ])
        #expect(script.machine.restarts == 0 && script.machine.retryTime == nil && script.machine.failure == nil)
        _ = script.spawned(4)
        #expect(script.probed(4, .startup, true).contains("restarted"))
        // The backoff begins at its first pause too.
        _ = script.exited(4)
        #expect(script.treeEnded(4).contains("timer restart 1.0 seconds"))
    }

    @Test func `restarts by a person do not count against the limit of restarts`() {
        var script = Self.inBackoff { $0.maxRestarts = 3 }
        _ = script.retry()
        _ = script.spawned(4)
        _ = script.probed(4, .startup, true)
        for run in UInt64(4)...6 { #expect(script.crashAndHeal(run).contains("BACKOFF STARTING")) }
        _ = script.exited(7)
        #expect(script.treeEnded(7).contains("give up CRASH_LOOP"))
    }

    @Test func `a restarted process that ends again is told of, and its policy goes on`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.restart()
        _ = script.treeEnded(1)
        _ = script.spawned(2)
        #expect(script.exited(2).contains("STARTING BACKOFF EXITED"))
        #expect(script.treeEnded(2) == ["timer restart 1.0 seconds", "restarted EXITED"])
    }

    @Test func `a restarted process that is never restarted by itself is given up`() {
        var script = MachineTranscript { $0.restart = .never }
        script.makeReady()
        _ = script.restart()
        _ = script.treeEnded(1)
        _ = script.spawned(2)
        _ = script.exited(2)
        #expect(script.treeEnded(2) == ["give up EXITED", "restarted EXITED"])
        #expect(script.restart() == ["restarted INSTANCE_ENDED"])
        #expect(script.retry() == ["restarted"])
    }

    @Test func `a restart of a process that boots ends it, and the caller of its start goes on waiting`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.restart().suffix(2) == ["STARTING STOPPING", "end #1"])
        #expect(script.treeEnded(1).contains("spawn #2"))
        _ = script.spawned(2)
        let ready = script.probed(2, .startup, true)
        #expect(ready.contains("succeed") && ready.contains("restarted"))
    }

    @Test func `a restart while the program is being started ends it when it is there`() {
        var script = MachineTranscript()
        _ = script.start()
        #expect(script.restart().last == "STARTING STOPPING")
        #expect(script.spawned(1) == ["end #1"])
        #expect(script.treeEnded(1).contains("spawn #2"))
    }

    @Test func `a restart that never becomes ready fails the start too`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        _ = script.restart()
        _ = script.treeEnded(1)
        _ = script.spawned(2)
        _ = script.exited(2)
        #expect(script.treeEnded(2) == ["STARTING FAILED EXITED", "fail EXITED", "restarted EXITED"])
    }

    @Test func `a restart of a process that is being cleared away starts it once that is done`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.exited(1)
        #expect(script.restart() == ["BACKOFF STOPPING"])
        #expect(script.machine.retryTime == nil)
        #expect(script.treeEnded(1) == ["STOPPING STARTING", "timer load 30.0 seconds", "spawn #2"])
    }

    @Test func `a stop wins over a restart, whose caller is told`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.restart()
        _ = script.stop()
        #expect(script.restart() == ["restarted INSTANCE_ENDED"])
        var other = MachineTranscript()
        other.makeReady()
        _ = other.restart()
        _ = other.stop()
        #expect(other.treeEnded(1) == ["STOPPING -", "restarted START_CANCELLED", "finish"])
    }

    @Test func `a retry leaves a ready process alone, and joins a start`() {
        var script = MachineTranscript()
        script.makeReady()
        #expect(script.retry() == ["restarted"])
        _ = script.crashAndHeal(1)
        #expect(script.machine.restarts == 1)
        _ = script.exited(2)
        _ = script.treeEnded(2)
        _ = script.fired(.restart)
        _ = script.spawned(3)
        #expect(script.retry() == [])
        #expect(script.probed(3, .startup, true).contains("restarted"))
        #expect(script.machine.restarts == 2)
    }
}
