// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
package import SystemIO
internal import TextKeys

/// A command that helps an instance, such as that of a probe: a child of the daemon, which ends with all its descendants.
///
/// It has a session of its own, and its environment carries a mark that its descendants inherit. It is not reaped before all have ended,
/// so that its process ID, which names the session and the group, is not reused meanwhile. A daemon that ends suddenly leaves it to the
/// next one, which kills what has the mark.
package final class ChildTree: Sendable {
    package let pid: Int32
    private let instance: String
    private let mark: ProcessMark
    private let child: ChildProcess
    private let cgroup: Cgroup?
    private let supervision: Supervision
    private let exitStatus = Announcement<ChildProcess.Status>()
    private let isCleared = Guarded(false)

    /// Starts a program without input and output. Throws why it cannot be started; nothing is left then.
    package static func spawn(
        _ program: ProgramSpec, on supervision: Supervision
    ) async throws(BackendError) -> ChildTree {
        var program = program
        program.arguments[0] = try program.programPath()
        let mark = ProcessMark(prefix: supervision.ownHelperPrefix)
        program.environment[ProcessMark.variable] = mark.text
        var tree: ChildTree?
        do throws(SystemError) {
            let made = try ChildTree(program, mark, supervision)
            tree = made
            try await made.watch()
            return made
        } catch {
            await tree?.clear()
            throw program.failure(error)
        }
    }

    private init(_ program: ProgramSpec, _ mark: ProcessMark, _ supervision: Supervision) throws(SystemError) {
        self.supervision = supervision
        self.mark = mark
        instance = program.instance
        cgroup = Cgroup(
            name: "backendd-\(ProcessInformation.pid)-\(FileName.short(program.instance))", below: supervision.groups)
        child = try ChildProcess.spawn(
            program.arguments, environment: program.environment, directory: program.directory, group: cgroup,
            lockLimit: mark.lockLimit, newSession: true, input: .null, output: .null, error: .null)
        pid = child.pid
    }

    private func watch() async throws(SystemError) {
        let loop = try supervision.loop()
        try await loop.run { () throws(SystemError) in
            // The loop holds the watch until the process has ended.
            _ = try self.child.watch(on: loop) { self.ended() }
        }
    }

    private func ended() {
        let status = try? child.peek()
        exitStatus.set((status ?? nil) ?? .signaled(.kill))
    }

    /// How the command ended; nil while it runs.
    package var status: ChildProcess.Status? { exitStatus.current }

    /// Waits for the end of the command; nil when the task was cancelled first.
    package func exit() async -> ChildProcess.Status? {
        await exitStatus.value()
    }

    /// Waits for the end of the command; nil when it is still alive after the timeout, or the task was cancelled.
    package func exit(within timeout: Duration) async -> ChildProcess.Status? {
        await firstOf(
            { await self.exit() },
            {
                try? await Background.sleep(for: timeout)
                return nil
            })
    }

    /// Kills what is left until nothing is, then reaps the command. Cancelling changes nothing.
    package func clear() async {
        // Works without a descriptor, of which none may be left.
        try? child.signalGroup(.kill)
        let reapers = ProcessTable.ancestors()
        await ProcessSweep(log: supervision.log).run(instance, in: cgroup, looks: 1) { (entry) throws(SystemError) in
            try self.owns(entry, reapers)
        }
        let isFirst = isCleared.withLock { isCleared in
            defer { isCleared = true }
            return !isCleared
        }
        // The loop may not have seen the end yet, and reaping discards the status.
        if isFirst, let status = (try? child.poll()) ?? nil { exitStatus.set(status) }
        OwnedChildren.reapOrphans()
        cgroup?.remove()
    }

    /// Whether a process belongs to the command. One that left the session is recognized once its parent has ended: then it is a child
    /// of one of `reapers`.
    private func owns(_ entry: ProcessTable.Entry, _ reapers: Set<Int32>) throws(SystemError) -> Bool {
        if entry.session == pid || entry.group == pid { return true }
        guard reapers.contains(entry.parent) else { return false }
        return try mark.isOn(entry.pid)
    }
}
