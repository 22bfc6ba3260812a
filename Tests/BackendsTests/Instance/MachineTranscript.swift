// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO

/// An instance's machine and what it decides, in words; each test moves the time.
struct MachineTranscript {
    var machine: InstanceMachine
    var time = Duration.zero

    init(_ change: (inout InstancePolicy) -> Void = { _ in }) {
        var policy = InstancePolicy()
        policy.hasStartupProbe = true
        change(&policy)
        machine = InstanceMachine(name: "a", policy: policy)
    }

    mutating func start() -> [String] { words(machine.start()) }
    mutating func stop(isImmediate: Bool = false) -> [String] { words(machine.stop(isImmediate: isImmediate)) }
    mutating func restart() -> [String] { words(machine.restartRequested()) }
    mutating func retry() -> [String] { words(machine.retryRequested()) }
    mutating func spawned(_ run: UInt64) -> [String] {
        words(machine.spawned(run: .init(run), pid: 100 + Int32(run)))
    }

    mutating func spawnFailed(_ run: UInt64) -> [String] {
        words(
            machine.spawnFailed(
                run: .init(run), error: BackendError(.internal, .spawnFailed, "no memory"), at: time))
    }

    mutating func exited(
        _ run: UInt64, _ status: ChildProcess.Status = .exited(1), lines: [String] = [], isPortTaken: Bool = false
    ) -> [String] {
        words(
            machine.exited(
                run: .init(run), end: InstanceEnd(status: status, lastLines: lines, isPortTaken: isPortTaken), at: time)
        )
    }

    mutating func treeEnded(_ run: UInt64) -> [String] { words(machine.treeEnded(run: .init(run), at: time)) }

    mutating func probed(_ run: UInt64, _ kind: InstanceMachine.ProbeKind, _ isSuccess: Bool) -> [String] {
        words(machine.probed(run: .init(run), kind, isSuccess: isSuccess, problem: "no answer", at: time))
    }

    mutating func fired(_ timer: InstanceMachine.Timer) -> [String] { words(machine.timerFired(timer, at: time)) }

    /// From the start to `ready` in run 1.
    mutating func makeReady() {
        _ = start()
        _ = spawned(1)
        _ = probed(1, .startup, true)
    }

    /// From `ready` in a run to `ready` in the next, by a crash.
    mutating func crashAndHeal(_ run: UInt64) -> [String] {
        var said = exited(run) + treeEnded(run)
        said += fired(.restart) + spawned(run + 1) + probed(run + 1, .startup, true)
        return said
    }

    func words(_ actions: [InstanceMachine.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .spawn(let run, let atAnotherPort): "spawn #\(run)" + (atAnotherPort ? " at another port" : "")
            case .end(let run): "end #\(run)"
            case .kill(let run): "kill #\(run)"
            case .clear(let run): "clear #\(run)"
            case .probe(let run, let kind): "probe #\(run) \(kind)"
            case .endProbes: "end probes"
            case .setTimer(let timer, let duration): "timer \(timer) \(duration)"
            case .cancelTimer(let timer): "no timer \(timer)"
            case .report(let old, let new, let failure):
                "\(old.map { "\($0)" } ?? "-") \(new.map { "\($0)" } ?? "-")" + (failure.map { " \($0.reason)" } ?? "")
            case .show(let failure): "show \(failure?.reason ?? "nothing")"
            case .succeed: "succeed"
            case .fail(let error): "fail \(error.reason.rawValue)"
            case .answerRestart(let error): "restarted" + (error.map { " \($0.reason.rawValue)" } ?? "")
            case .giveUp(let failure): "give up \(failure.reason)"
            case .finish: "finish"
            }
        }
    }
}
