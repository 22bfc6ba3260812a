// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
package import SystemIO
package import TextKeys

/// A tree of processes whose leader is a child of the daemon.
///
/// The leader has a session of its own, and its environment carries a mark that its descendants inherit. It is not reaped before the
/// whole tree has ended, so that its process ID, which names the session and the group, is not reused meanwhile.
package final class ChildTree: ProcessTree {
    /// The environment variable that marks the descendants.
    package static let markName = "BACKENDD_INSTANCE"

    package let pid: Int32
    private let instance: String
    private let mark: String
    /// Marks descendants that have cleared their environment, when no control group holds them.
    private let limitMark: LimitMark?
    private let child: ChildProcess
    private let cgroup: Cgroup?
    private let supervision: Supervision
    private let exitStatus = Announcement<ChildProcess.Status>()
    private let isCleared = Guarded(false)
    /// What the tree used when it was last measured.
    private let known = Guarded<(time: Duration, usage: TreeUsage)?>(nil)

    /// Starts a program whose standard output and error are `output` and `error`.
    ///
    /// A helper of an instance, such as the command of a probe, has a control group beside that of the instance. Throws why the program
    /// cannot be started; nothing is left then.
    package static func spawn(
        _ program: ProgramSpec, isHelper: Bool = false, output: ChildProcess.Stream, error: ChildProcess.Stream,
        supervision: Supervision
    ) async throws(BackendError) -> ChildTree {
        var program = program
        program.arguments[0] = try program.programPath()
        let mark = String(UInt64.random(in: .min ... .max), radix: 16) + "-\(ProcessInformation.pid)"
        program.environment[markName] = mark
        var tree: ChildTree?
        do throws(SystemError) {
            let made = try ChildTree(
                program, isHelper: isHelper, mark: mark, output: output, error: error, supervision: supervision)
            tree = made
            try await made.watch()
            return made
        } catch {
            await tree?.clear()
            if error.isOutOfDescriptors { throw .cannotSupervise(program.instance, error) }
            throw Self.failure(error, program)
        }
    }

    /// Spawns the processes of instances.
    static func spawner(on supervision: Supervision) -> ProcessSpawner {
        { (program, output, error) throws(BackendError) in
            try await spawn(program, output: output, error: error, supervision: supervision)
        }
    }

    /// Why the system did not start a program that was found, or the tool that sets its limits, or did not let it join its group.
    private static func failure(_ error: SystemError, _ spec: ProgramSpec) -> BackendError {
        let program = error.subject ?? spec.arguments.first ?? ""
        let (kind, reason, explanation): (BackendError.Kind, BackendError.Reason, String)
        if error.call != "start" {
            (kind, reason, explanation) = (.internal, .spawnFailed, "\(error)")
        } else if error.isArgumentListTooLong {
            (kind, reason) = (.failedPrecondition, .commandTooLong)
            explanation =
                "its arguments or variables are longer than the system passes to a program (\(spec.length) bytes together);"
                + " shorten command and env"
        } else if error.isOutOfResources {
            (kind, reason) = (.resourceExhausted, .spawnFailed)
            explanation =
                "\(SystemError.text(for: error.code)); end other processes, or raise the limits of the daemon's user"
        } else if error.isNotFound || error.isPermissionDenied || error.isUnknownFormat || error.isBeingWritten
            || error.isLinkLoop || error.isBelowFile
        {
            (kind, reason) = (.failedPrecondition, .programUnusable)
            explanation =
                "the program \(BackendName.quoted(program)) cannot be run: \(SystemError.text(for: error.code));"
                + " check command"
        } else {
            (kind, reason, explanation) = (.internal, .spawnFailed, "\(error)")
        }
        return BackendError(
            kind, reason, "cannot start instance \(spec.instance): \(explanation)",
            metadata: ["instance": spec.instance, "program": program])
    }

    private init(
        _ program: ProgramSpec, isHelper: Bool, mark: String, output: ChildProcess.Stream, error: ChildProcess.Stream,
        supervision: Supervision
    ) throws(SystemError) {
        self.supervision = supervision
        self.mark = mark
        instance = program.instance
        let name = "backendd-\(ProcessInformation.pid)-\(FileName.short(program.instance))"
        let cgroup = Cgroup(name: name, memory: program.limits.memory, below: supervision.groups)
        self.cgroup = cgroup
        limitMark = cgroup == nil ? LimitMark() : nil
        if program.limits.memory != nil, cgroup?.isMemoryBounded != true {
            supervision.log.warning(
                "the memory of an instance is not limited: there is no control group with a memory controller",
                metadata: ["instance": "\(program.instance)"])
        }
        child = try ChildProcess.spawn(
            program.limits.prefix + program.arguments, environment: program.environment, directory: program.directory,
            group: cgroup, lockLimit: limitMark?.value, newSession: true, input: .null, output: output, error: error)
        pid = child.pid
        supervision.treeBegan()
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
}

// MARK: Waiting and ending

extension ChildTree {
    /// How long killing is retried.
    private static let killLimit = Duration.seconds(60)

    /// How the leader ended; nil while it lives.
    package var status: ChildProcess.Status? { exitStatus.current }

    package func exit() async -> ChildProcess.Status? {
        await exitStatus.value()
    }

    /// Waits for the end of the leader; nil when it is still alive after the timeout, or the task was cancelled.
    package func exit(within timeout: Duration) async -> ChildProcess.Status? {
        await firstOf(
            { await self.exit() },
            {
                try? await Background.sleep(for: timeout)
                return nil
            })
    }

    package func end(signal: Signal, timeout: Duration, command: [String] = [], environment: TextMap<String> = [:])
        async
    {
        let deadline = ContinuousClock.now + timeout
        if timeout > .zero, !Task.isCancelled, status == nil {
            if command.isEmpty {
                ask(by: signal)
            } else {
                await run(command, environment, within: timeout)
            }
            await waitUntilGone(until: deadline)
        }
        await clear()
    }

    /// Kills what is left of the tree until nothing is, then reaps the leader.
    package func clear() async {
        let start = ContinuousClock.now
        var pause = Duration.milliseconds(1)
        while true {
            let members = members()
            if members?.isEmpty == true { break }
            cgroup?.kill()
            // Works without a descriptor, of which none may be left.
            try? child.signalGroup(.kill)
            for member in members ?? [] { try? ProcessTable.signal(member, .kill) }
            if ContinuousClock.now - start > Self.killLimit {
                supervision.log.error(
                    "processes of an instance cannot be killed",
                    metadata: ["instance": "\(instance)", "pids": "\(members?.map(\.pid) ?? [pid])"])
                break
            }
            await Self.sleep(pause)
            pause = min(pause * 2, .milliseconds(50))
        }
        reap()
    }

    private func reap() {
        let isFirst = isCleared.withLock { isCleared in
            defer { isCleared = true }
            return !isCleared
        }
        if isFirst {
            // The loop may not have seen the end yet, and reaping discards the status.
            if let status = (try? child.poll()) ?? nil { exitStatus.set(status) }
            supervision.treeEnded()
        }
        OwnedChildren.reapOrphans()
        cgroup?.remove()
    }

    private func waitUntilGone(until deadline: ContinuousClock.Instant) async {
        var pause = Duration.milliseconds(1)
        while !Task.isCancelled, ContinuousClock.now < deadline, members()?.isEmpty != true {
            let current = pause
            if status == nil {
                await firstOf({ _ = await self.exit() }, { try? await Background.sleep(for: current) })
            } else {
                try? await Background.sleep(for: current)
            }
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    /// Asks the leader's group to end.
    private func ask(by signal: Signal) {
        try? child.signalGroup(signal)
        // A stopped group does not handle signals.
        try? child.signalGroup(.continue)
    }

    /// Runs the stop command, and sends SIGTERM if it fails; kills it after the stop timeout.
    private func run(_ command: [String], _ environment: TextMap<String>, within timeout: Duration) async {
        var environment = environment
        environment["BACKENDD_PID"] = "\(pid)"
        let program = ProgramSpec(instance: instance, arguments: command, environment: environment)
        do throws(BackendError) {
            let tree = try await ChildTree.spawn(
                program, isHelper: true, output: .null, error: .null, supervision: supervision)
            let status = await tree.exit(within: timeout)
            await tree.clear()
            guard let status, status != .exited(0) else { return }
            supervision.log.warning(
                "the stop command failed; SIGTERM is sent instead",
                metadata: ["instance": "\(instance)", "status": "\(status)"])
            ask(by: .terminate)
        } catch {
            supervision.log.warning(
                "the stop command cannot be run; SIGTERM is sent instead",
                metadata: ["instance": "\(instance)", "error": "\(error.message)"])
            ask(by: .terminate)
        }
    }

    /// Sleeps even when the task is cancelled: killing goes on.
    private static func sleep(_ duration: Duration) async {
        await Background.task { try? await Background.sleep(for: duration) }.value
    }
}

// MARK: Looking

extension ChildTree {
    package var usage: TreeUsage { status == nil ? known.withLock { $0 }?.usage ?? TreeUsage() : TreeUsage() }

    package var isMeasuringDue: Bool {
        guard status == nil else { return false }
        return known.withLock { $0 }.map { supervision.clock.uptime() - $0.time >= .seconds(1) } ?? true
    }

    package func measure() {
        guard isMeasuringDue else { return }
        let now = supervision.clock.uptime()
        let usage = (try? members(in: supervision.tables.processes()))?.reduce(into: TreeUsage()) { sum, member in
            sum.residentBytes &+= member.residentBytes
            sum.processorTime += member.processorTime
        }
        guard let usage else { return }
        known.withLock { $0 = (now, usage) }
    }

    package func members() -> [ProcessTable.Entry]? { try? members(in: ProcessTable.read()) }

    private func members(in table: [ProcessTable.Entry]) throws(SystemError) -> [ProcessTable.Entry] {
        if isCleared.withLock({ $0 }) { return [] }
        let own = ProcessInformation.pid
        var tree = Set(cgroup?.members ?? [])
        tree.insert(pid)
        for entry in table where entry.session == pid || entry.group == pid { tree.insert(entry.pid) }
        for entry in table where !tree.contains(entry.pid) && (entry.parent == own || entry.parent == 1) {
            // An orphan that left the session.
            if let limitMark, try limitMark.isOn(entry.pid) { tree.insert(entry.pid) }
            if try ProcessTable.hasVariable(entry.pid, Self.markName, mark) { tree.insert(entry.pid) }
        }
        var count = 0
        while count != tree.count {
            count = tree.count
            for entry in table where tree.contains(entry.parent) { tree.insert(entry.pid) }
        }
        return table.filter { tree.contains($0.pid) && !$0.isZombie && $0.pid != own }
    }
}
