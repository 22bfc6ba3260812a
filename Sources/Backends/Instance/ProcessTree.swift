// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The processes of one run of an instance: the leader, which runs the instance's program, and all descendants.
///
/// The leader's process ID stays taken until the whole tree has ended, so that it never names another process meanwhile.
package protocol ProcessTree: Sendable {
    /// The process ID of the leader.
    var pid: Int32 { get }

    /// Whether the leader has ended.
    var hasEnded: Bool { get }

    /// Waits for the end of the leader, whatever its descendants do; nil when the task was cancelled first.
    func exit() async -> ChildProcess.Status?

    /// Asks the tree to end, by a signal unless it is nil, waits, and kills what is left after the timeout. Returns when nothing is
    /// left.
    ///
    /// Cancelling kills the tree at once.
    func end(signal: Signal?, timeout: Duration) async

    /// Kills what is left of the tree. Returns when nothing is left; cancelling changes nothing.
    func clear() async

    /// Continues what follows the tree for the daemon, if a signal has stopped it. Must not wait.
    func wake()

    /// Replaces what the next daemon would be told about the run. Returns when it would be told so, or when that is not possible now.
    func note(_ note: InstanceNote) async

    /// The instance takes note of output that is dropped from now on.
    func onLogChange(_ body: @escaping @Sendable (LogLoss?) -> Void)

    /// Forgets the run, of which nothing is left. When it returns, the next daemon would not be told of it.
    func forget() async

    /// The processes of the tree that have not ended; nil when the daemon is out of descriptors.
    func members() -> [ProcessTable.Entry]?

    /// What the whole tree used when it was last measured; nothing after the end of the leader.
    var usage: TreeUsage { get }

    /// Whether the last measurement is out of date.
    var isMeasuringDue: Bool { get }

    /// Measures what the whole tree uses. Reads files: keep it off the loops.
    func measure()
}

extension ProcessTree {
    package func wake() {}
}

/// Starts the program of an instance; throws when it cannot be started.
package typealias ProcessSpawner = @Sendable (TreeLaunch) async throws(BackendError) -> any ProcessTree

/// What the processes of a tree use together.
package struct TreeUsage: Hashable, Sendable {
    package var residentBytes: UInt64
    package var processorTime: Duration

    package init(residentBytes: UInt64 = 0, processorTime: Duration = .zero) {
        self.residentBytes = residentBytes
        self.processorTime = processorTime
    }

    package init(of entries: [ProcessTable.Entry]) {
        self = entries.reduce(into: TreeUsage()) { sum, entry in
            sum.residentBytes &+= entry.residentBytes
            sum.processorTime += entry.processorTime
        }
    }
}
