// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import Testing

@Suite("InstanceMachine")
struct InstanceMachineTests {
    // MARK: The first boot

    @Test func `it is ready once its startup probe succeeds`() {
        var script = MachineTranscript()
        #expect(script.start() == ["- STARTING", "timer load 30.0 seconds", "spawn #1"])
        #expect(script.spawned(1) == ["STARTING STARTING", "probe #1 startup"])
        #expect(script.probed(1, .startup, false) == ["show PROBE_FAILED"])
        #expect(script.probed(1, .startup, false) == [])
        #expect(
            script.probed(1, .startup, true) == [
                "no timer load", "timer healthy 60.0 seconds", "STARTING READY", "succeed", "probe #1 readiness",
                "probe #1 liveness",
            ])
        #expect(script.machine.pid == 101)
    }

    @Test func `without a startup probe it is ready once it has lived for a while`() {
        var script = MachineTranscript { $0.hasStartupProbe = false }
        _ = script.start()
        #expect(script.spawned(1) == ["STARTING STARTING", "timer started(1) 1.0 seconds"])
        #expect(script.fired(.started(.init(1))).contains("STARTING READY"))
    }

    @Test func `one that ends before it has lived for a while was never started`() {
        var script = MachineTranscript {
            $0.hasStartupProbe = false
            $0.restart = .always
        }
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.exited(1, .exited(0)).contains("no timer started(1)"))
        #expect(script.treeEnded(1) == ["STARTING FAILED EXITED", "fail EXITED"])
        #expect(script.fired(.started(.init(1))) == [])
    }

    @Test func `the life of an earlier run does not count for the next`() {
        var script = MachineTranscript { $0.hasStartupProbe = false }
        _ = script.start()
        _ = script.spawned(1)
        _ = script.fired(.started(.init(1)))
        _ = script.exited(1)
        _ = script.treeEnded(1)
        _ = script.fired(.restart)
        _ = script.spawned(2)
        #expect(script.fired(.started(.init(1))) == [])
        #expect(script.machine.state == .starting)
    }

    @Test func `with a startup and a readiness probe it is ready when both hold`() {
        var script = MachineTranscript { $0.awaitsReadiness = true }
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.probed(1, .startup, false) == ["show PROBE_FAILED"])
        #expect(script.probed(1, .startup, true) == ["show nothing", "probe #1 readiness"])
        #expect(script.probed(1, .readiness, false) == ["show PROBE_FAILED"])
        let ready = script.probed(1, .readiness, true)
        #expect(ready.contains("STARTING READY"))
        #expect(!ready.contains("probe #1 readiness"))
    }

    @Test(arguments: [(ChildProcess.Status.exited(2), "EXITED"), (.signaled(.kill), "KILLED")])
    func `an exit before it was ever ready fails the start at once, with the last lines`(
        status: ChildProcess.Status, reason: String
    ) {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        #expect(
            script.exited(1, status, lines: ["no such model"]) == [
                "end probes", "no timer load", "no timer healthy", "clear #1",
            ])
        #expect(script.treeEnded(1) == ["STARTING FAILED \(reason)", "fail \(reason)"])
        #expect(script.machine.failure?.message.contains("no such model") == true)
    }

    @Test func `a process that cannot be started fails the start`() {
        var script = MachineTranscript()
        _ = script.start()
        #expect(script.spawnFailed(1) == ["no timer load", "STARTING FAILED SPAWN_FAILED", "fail SPAWN_FAILED"])
    }

    @Test func `one that is not ready in time is ended, and the start fails`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.fired(.load) == ["end probes", "end #1"])
        #expect(script.exited(1) == [])
        #expect(script.treeEnded(1) == ["STARTING FAILED LOAD_TIMEOUT", "fail LOAD_TIMEOUT"])
    }

    @Test func `one that is not ready in time says what its startup probe saw`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        _ = script.probed(1, .startup, false)
        _ = script.fired(.load)
        let message = "it was not ready within 30s of its start; the last result of its startup probe: no answer"
        #expect(script.machine.failure?.message == message)
    }

    @Test func `what a startup probe saw is forgotten with its run`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        _ = script.probed(1, .startup, false)
        _ = script.exited(1, isPortTaken: true)
        _ = script.treeEnded(1)
        _ = script.fired(.load)
        #expect(script.machine.failure?.message == "it was not ready within 30s of its start")
    }

    @Test func `one that cannot have its port gets another, once`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.exited(1, isPortTaken: true).last == "clear #1")
        #expect(script.treeEnded(1) == ["timer load 30.0 seconds", "spawn #2 at another port"])
        _ = script.spawned(2)
        _ = script.exited(2, isPortTaken: true)
        #expect(script.treeEnded(2) == ["STARTING FAILED PORT_IN_USE", "fail PORT_IN_USE"])
    }

    // MARK: Restarts

    @Test func `a crash is told at once, cleared away, and followed by a restart after a pause`() {
        var script = MachineTranscript()
        script.makeReady()
        #expect(
            script.exited(1, .signaled(.kill)) == [
                "end probes", "no timer load", "no timer healthy", "READY BACKOFF KILLED", "clear #1",
            ])
        #expect(script.machine.pid == nil)
        #expect(script.treeEnded(1) == ["timer restart 1.0 seconds"])
        #expect(script.fired(.restart) == ["BACKOFF STARTING", "timer load 30.0 seconds", "spawn #2"])
        #expect(script.machine.restarts == 1)
        #expect(script.spawned(2) == ["STARTING STARTING", "probe #2 startup"])
        // No caller waits for this one.
        #expect(!script.probed(2, .startup, true).contains("succeed"))
    }

    @Test func `pauses double up to their limit, and start over after a time without failures`() {
        var script = MachineTranscript {
            $0.maxRestarts = 100
            $0.backoffLimit = .seconds(5)
        }
        script.makeReady()
        var pauses: [String] = []
        for run in 1...4 { pauses += script.crashAndHeal(UInt64(run)).filter { $0.hasPrefix("timer restart") } }
        #expect(pauses == ["1.0", "2.0", "4.0", "5.0"].map { "timer restart \($0) seconds" })
        #expect(script.fired(.healthy) == [])
        #expect(script.crashAndHeal(5).contains("timer restart 1.0 seconds"))
    }

    @Test func `a pause deviates by at most a tenth`() {
        var machine = InstanceMachine(name: "a", policy: InstancePolicy(), jitter: 1)
        _ = machine.start()
        _ = machine.spawned(run: .init(1), pid: 5)
        _ = machine.timerFired(.started(.init(1)), at: .zero)
        _ = machine.exited(run: .init(1), end: InstanceEnd(status: .exited(1)), at: .zero)
        let actions = machine.treeEnded(run: .init(1), at: .zero)
        guard case .setTimer(.restart, let pause) = actions.last else {
            Issue.record("no pause: \(actions)")
            return
        }
        #expect(abs(pause / .seconds(1) - 1.1) < 0.000_001)
    }

    @Test func `too many restarts within the window are given up`() {
        var script = MachineTranscript { $0.maxRestarts = 2 }
        script.makeReady()
        _ = script.crashAndHeal(1)
        script.time += .seconds(601)
        _ = script.crashAndHeal(2)
        script.time += .seconds(1)
        _ = script.crashAndHeal(3)
        #expect(script.exited(4, .exited(3), lines: ["boom"]).contains("READY FAILED CRASH_LOOP"))
        #expect(script.treeEnded(4) == ["give up CRASH_LOOP"])
        let message = script.machine.failure?.message ?? ""
        #expect(message.contains("exit code 3") && message.contains("boom"))
        #expect(script.fired(.restart) == [])
    }

    @Test(arguments: [
        (InstancePolicy.Restart.onFailure, 0, "READY EXITED EXITED"), (.onFailure, 1, "READY BACKOFF EXITED"),
        (.always, 0, "READY BACKOFF EXITED"), (.always, 1, "READY BACKOFF EXITED"), (.never, 0, "READY EXITED EXITED"),
        (.never, 1, "READY EXITED EXITED"),
    ])
    func `the policy decides about an end by itself`(policy: InstancePolicy.Restart, code: Int32, told: String) {
        var script = MachineTranscript { $0.restart = policy }
        script.makeReady()
        #expect(script.exited(1, .exited(code)).contains(told))
        #expect(
            script.treeEnded(1).first == (told.contains("BACKOFF") ? "timer restart 1.0 seconds" : "give up EXITED"))
    }

    @Test func `a boot after a restart that fails counts as another crash`() {
        var script = MachineTranscript { $0.maxRestarts = 1 }
        script.makeReady()
        _ = script.exited(1)
        _ = script.treeEnded(1)
        _ = script.fired(.restart)
        #expect(script.spawnFailed(2).last == "give up CRASH_LOOP")
    }

    // MARK: Probes

    @Test func `readiness comes and goes without a restart`() {
        var script = MachineTranscript { $0.readinessFailures = 2 }
        script.makeReady()
        #expect(script.probed(1, .readiness, false) == [])
        #expect(script.probed(1, .readiness, false) == ["READY UNREADY READINESS_FAILED"])
        #expect(script.probed(1, .readiness, false) == [])
        #expect(script.probed(1, .readiness, true) == ["UNREADY READY"])
        #expect(script.probed(1, .readiness, false) == [])
        #expect(script.probed(1, .readiness, true) == [])
    }

    @Test func `one that does not live is ended and restarted`() {
        var script = MachineTranscript { $0.livenessFailures = 2 }
        script.makeReady()
        _ = script.probed(1, .liveness, false)
        _ = script.probed(1, .liveness, true)
        #expect(script.probed(1, .liveness, false) == [])
        #expect(
            script.probed(1, .liveness, false) == [
                "end probes", "no timer healthy", "READY STOPPING LIVENESS_FAILED", "end #1",
            ])
        #expect(script.exited(1, .signaled(.terminate)) == [])
        #expect(script.treeEnded(1) == ["STOPPING BACKOFF LIVENESS_FAILED", "timer restart 1.0 seconds"])
    }

    @Test func `results of another run change nothing`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.crashAndHeal(1)
        #expect(script.probed(1, .liveness, false) == [])
        #expect(script.exited(1) == [])
        #expect(script.treeEnded(1) == [])
        #expect(script.spawned(1) == [])
        #expect(script.fired(.load) == [])
        #expect(script.machine.state == .ready)
    }

    // MARK: Stops

    @Test func `a stop ends it and finishes`() {
        var script = MachineTranscript()
        script.makeReady()
        #expect(script.stop().suffix(2) == ["READY STOPPING", "end #1"])
        #expect(script.exited(1, .signaled(.terminate)) == [])
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
    }

    @Test func `a stop during the first boot fails the start`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.spawned(1)
        #expect(script.stop().suffix(3) == ["fail START_CANCELLED", "STARTING STOPPING", "end #1"])
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
    }

    @Test func `a stop before the process is there ends with it`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.stop()
        #expect(script.spawned(1) == ["end #1"])
        #expect(script.treeEnded(1).last == "finish")
        var failing = MachineTranscript()
        _ = failing.start()
        _ = failing.stop()
        #expect(failing.spawnFailed(1).last == "finish")
    }

    @Test func `an immediate stop kills what a stop has asked to end, once`() {
        var script = MachineTranscript()
        script.makeReady()
        #expect(script.stop().last == "end #1")
        #expect(script.stop(isImmediate: true).last == "kill #1")
        #expect(script.stop(isImmediate: true).contains("kill #1") == false)
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
        #expect(script.stop(isImmediate: true) == [])
    }

    @Test func `an immediate stop before the process is there kills it when it is`() {
        var script = MachineTranscript()
        _ = script.start()
        _ = script.stop()
        #expect(script.stop(isImmediate: true).contains("kill #1") == false)
        #expect(script.spawned(1) == ["clear #1"])
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
    }

    @Test func `one that takes too long to spawn is ended when it is there`() {
        var script = MachineTranscript()
        _ = script.start()
        #expect(script.fired(.load) == ["end probes"])
        #expect(script.spawned(1) == ["end #1"])
        #expect(script.treeEnded(1) == ["STARTING FAILED LOAD_TIMEOUT", "fail LOAD_TIMEOUT"])
    }

    @Test func `a stop before the start answers the caller and keeps it from starting`() {
        var script = MachineTranscript()
        #expect(script.stop() == ["fail START_CANCELLED", "finish"])
        #expect(script.start() == [])
    }

    @Test func `a stop in a pause finishes at once`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.exited(1)
        _ = script.treeEnded(1)
        #expect(script.stop().suffix(2) == ["BACKOFF -", "finish"])
        #expect(script.fired(.restart) == [])
    }

    @Test func `a stop while a crash is cleared away waits for that`() {
        var script = MachineTranscript()
        script.makeReady()
        _ = script.exited(1)
        #expect(script.stop().last == "BACKOFF STOPPING")
        #expect(script.treeEnded(1) == ["STOPPING -", "finish"])
    }
}
