// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport

/// A tree of processes that ends when a test says so, and remembers what it was asked.
final class ScriptedTree: ProcessTree {
    let pid: Int32
    let requests = Recorder<String>()
    let notes = Recorder<InstanceNote>()
    /// Notes wait here, if there is one.
    let noteGate = Guarded<Gate?>(nil)
    private let status = Announcement<ChildProcess.Status>()
    private let isGone = Announcement<Void>()

    init(pid: Int32) {
        self.pid = pid
    }

    /// Ends the leader, and leaves the rest of the tree.
    func leaderEnds(_ status: ChildProcess.Status) { self.status.set(status) }

    /// Ends the tree that was asked to.
    func ends() { isGone.set(()) }

    var hasEnded: Bool { status.current != nil }

    func exit() async -> ChildProcess.Status? { await status.value() }

    func end(signal: Signal?, timeout: Duration) async {
        requests.append("end")
        if await isGone.value() == nil { requests.append("kill") }
        status.set(.signaled(.terminate))
    }

    func clear() async {
        requests.append("clear")
        status.set(.signaled(.kill))
    }

    func note(_ note: InstanceNote) async {
        notes.append(note)
        await noteGate.withLock { $0 }?.pass()
    }

    func onLogChange(_ body: @escaping @Sendable (LogLoss?) -> Void) {}
    func forget() async {}
    func members() -> [ProcessTable.Entry]? { [] }
    var usage: TreeUsage { TreeUsage() }
    var isMeasuringDue: Bool { false }
    func measure() {}
}

/// Starts scripted trees in place of processes.
final class ScriptedTrees: Sendable {
    let started = Recorder<ScriptedTree>()
    /// Spawns wait here.
    let gate = Gate()

    func spawn(_ launch: TreeLaunch) async throws(BackendError) -> any ProcessTree {
        await gate.pass()
        let tree = ScriptedTree(pid: 100 + Int32(started.elements.count))
        started.append(tree)
        return tree
    }

    /// Waits until `count` trees were started, and returns the last.
    func tree(_ count: Int = 1) async -> ScriptedTree { await started.wait(for: count)[count - 1] }
}
