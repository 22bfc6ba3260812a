// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
package import SystemIO
package import TextKeys

/// A program that was started as an instance, with all its descendants.
///
/// It leads a session of its own, and its environment carries a mark that its descendants inherit. The leader is not reaped before
/// the whole tree is gone, so that its number, which names the session and the group, belongs to nobody else meanwhile.
package final class ChildTree: Sendable {
    /// The variable that marks the descendants.
    package static let markName = "BACKENDD_INSTANCE"

    package let pid: Int32
    private let instance: String
    private let mark: String
    /// What marks descendants that have cleared their environment where no control group holds them.
    private let limitMark: LimitMark?
    private let child: ChildProcess
    private let cgroup: Cgroup?
    private let host: BackendHost
    private let exitStatus = Announcement<ChildProcess.Status>()
    private let isCleared = Guarded(false)
    /// What it used when it was last asked.
    private let known = Guarded<(time: Duration, usage: ProcessUsage)?>(nil)

    /// Starts a program whose standard output and error are `output` and `error`.
    ///
    /// A helper of an instance, such as a probe's command, has a control group of its own beside that of the instance.
    /// Throws what keeps the program from being started, or `SPAWN_FAILED`; nothing is left then.
    package static func spawn(
        _ plan: LaunchPlan, isHelper: Bool = false, output: ChildProcess.Stream, error: ChildProcess.Stream,
        host: BackendHost
    ) async throws(BackendError) -> ChildTree {
        var plan = plan
        plan.arguments[0] = try plan.programPath()
        let mark = String(UInt64.random(in: .min ... .max), radix: 16) + "-\(ProcessInformation.pid)"
        plan.environment[markName] = mark
        var tree: ChildTree?
        do throws(SystemError) {
            let made = try ChildTree(
                plan, isHelper: isHelper, mark: mark, output: output, error: error, host: host)
            tree = made
            try await made.watch()
            return made
        } catch {
            await tree?.clear()
            if error.isOutOfDescriptors { throw .cannotSupervise(plan.instance, error) }
            throw Self.failure(error, plan)
        }
    }

    /// Why the system did not start a program that was found, the tool that sets its limits, or did not let it join its group.
    private static func failure(_ error: SystemError, _ plan: LaunchPlan) -> BackendError {
        let program = error.subject ?? plan.arguments.first ?? ""
        let (kind, reason, words): (BackendError.Kind, BackendError.Reason, String)
        if error.call != "start" {
            (kind, reason, words) = (.internal, .spawnFailed, "\(error)")
        } else if error.isArgumentListTooLong {
            (kind, reason) = (.failedPrecondition, .commandTooLong)
            words =
                "its arguments or variables are longer than the system passes to a program (\(plan.length) bytes together);"
                + " shorten command and env"
        } else if error.isOutOfResources {
            (kind, reason) = (.resourceExhausted, .spawnFailed)
            words =
                "\(SystemError.words(for: error.code)); end other processes, or raise the limits of the daemon's user"
        } else if error.isNotFound || error.isPermissionDenied || error.isUnknownFormat || error.isBeingWritten
            || error.isLinkLoop || error.isBelowFile
        {
            (kind, reason) = (.failedPrecondition, .programUnusable)
            words =
                "the program \(BackendName.quoted(program)) cannot be run: \(SystemError.words(for: error.code));"
                + " check command"
        } else {
            (kind, reason, words) = (.internal, .spawnFailed, "\(error)")
        }
        return BackendError(
            kind, reason, "cannot start instance \(plan.instance): \(words)",
            metadata: ["instance": plan.instance, "program": program])
    }

    private init(
        _ plan: LaunchPlan, isHelper: Bool, mark: String, output: ChildProcess.Stream, error: ChildProcess.Stream,
        host: BackendHost
    ) throws(SystemError) {
        self.host = host
        self.mark = mark
        instance = plan.instance
        let name = "backendd-\(ProcessInformation.pid)-\(FileName.short(plan.instance))"
        let cgroup = Cgroup(name: name, memory: plan.limits.memory, below: host.groups)
        self.cgroup = cgroup
        limitMark = cgroup == nil ? LimitMark() : nil
        if plan.limits.memory != nil, cgroup?.isMemoryBounded != true {
            host.log.warning(
                "the memory of an instance is not limited: there is no control group with a memory controller",
                metadata: ["instance": "\(plan.instance)"])
        }
        child = try ChildProcess.spawn(
            plan.limits.prefix + plan.arguments, environment: plan.environment, directory: plan.directory,
            group: cgroup, lockLimit: limitMark?.value, newSession: true, input: .null, output: output, error: error)
        pid = child.pid
        host.treeBegan()
    }

    private func watch() async throws(SystemError) {
        let loop = try host.loop()
        try await loop.run { () throws(SystemError) in
            // The loop holds the watch until the process has ended.
            _ = try self.child.watch(on: loop) { self.ended() }
        }
    }

    private func ended() {
        let status = try? child.peek()
        exitStatus.set((status ?? nil) ?? .signalled(.kill))
    }
}

// MARK: Waiting and ending

extension ChildTree {
    /// The longest time for which killing is tried again.
    private static let killLimit = Duration.seconds(60)

    /// How the leader has ended; nil while it lives.
    package var status: ChildProcess.Status? { exitStatus.current }

    /// Waits for the end of the leader, whatever its descendants do; nil where the task was cancelled before.
    package func exit() async -> ChildProcess.Status? {
        await exitStatus.value()
    }

    /// Waits for the end of the leader for a time; nil where it lives on, or the task was cancelled.
    package func exit(within timeout: Duration) async -> ChildProcess.Status? {
        await withTaskGroup(of: ChildProcess.Status?.self) { group in
            group.addTask { await self.exit() }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Ends the whole tree: asks the group to end with a signal or by a command, waits, and kills what is left until nothing is.
    ///
    /// Returns once the leader is reaped. Cancelling kills at once.
    package func end(signal: Signal, timeout: Duration, command: [String] = [], environment: TextMap<String> = [:])
        async
    {
        let deadline = ContinuousClock.now + timeout
        if timeout > .zero, !Task.isCancelled, status == nil {
            if command.isEmpty {
                try? child.signalGroup(signal)
                // A group that is stopped would not hear of it.
                try? child.signalGroup(.continue)
            } else {
                await run(command, environment, within: timeout)
            }
            await waitUntilGone(until: deadline)
        }
        await clear()
    }

    /// Kills what is left of the tree, until nothing is; reaps the leader.
    package func clear() async {
        let start = ContinuousClock.now
        var pause = Duration.milliseconds(1)
        while true {
            let members = members()
            if members?.isEmpty == true { break }
            cgroup?.kill()
            // Needs no descriptor, which there may be none of.
            try? child.signalGroup(.kill)
            for member in members ?? [] { try? ProcessTable.signal(member, .kill) }
            if ContinuousClock.now - start > Self.killLimit {
                host.log.error(
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
            // The loop may not have come to see its end; once it is reaped, nothing tells how it was.
            if let status = (try? child.poll()) ?? nil { exitStatus.set(status) }
            host.treeEnded()
        }
        OwnedChildren.reapOrphans()
        cgroup?.remove()
    }

    private func waitUntilGone(until deadline: ContinuousClock.Instant) async {
        var pause = Duration.milliseconds(1)
        while !Task.isCancelled, ContinuousClock.now < deadline, members()?.isEmpty != true {
            let current = pause
            await withTaskGroup(of: Void.self) { group in
                if status == nil { group.addTask { _ = await self.exit() } }
                group.addTask { try? await Task.sleep(for: current) }
                await group.next()
                group.cancelAll()
            }
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    /// Runs the command that stops an instance, for as long as a stop may take.
    private func run(_ command: [String], _ environment: TextMap<String>, within timeout: Duration) async {
        var environment = environment
        environment["BACKENDD_PID"] = "\(pid)"
        let plan = LaunchPlan(instance: instance, arguments: command, environment: environment)
        do throws(BackendError) {
            let tree = try await ChildTree.spawn(plan, isHelper: true, output: .null, error: .null, host: host)
            _ = await tree.exit(within: timeout)
            await tree.clear()
        } catch {
            host.log.warning(
                "the stop command cannot be run; SIGTERM is sent instead",
                metadata: ["instance": "\(instance)", "error": "\(error.message)"])
            try? child.signalGroup(.terminate)
        }
    }

    /// Sleeps whatever becomes of the task: killing goes on.
    private static func sleep(_ duration: Duration) async {
        await Task { try? await Task.sleep(for: duration) }.value
    }
}

// MARK: Looking

extension ChildTree {
    /// What the whole tree used when it was measured last.
    package var usage: ProcessUsage { status == nil ? known.withLock { $0 }?.usage ?? ProcessUsage() : ProcessUsage() }

    /// Whether the last measurement has become old.
    var isMeasuringDue: Bool {
        guard status == nil else { return false }
        return known.withLock { $0 }.map { host.clock.uptime() - $0.time >= .seconds(1) } ?? true
    }

    /// Finds out what the whole tree uses. Looks at all processes of the machine, as they were at most a second ago.
    package func measure() {
        guard isMeasuringDue else { return }
        let now = host.clock.uptime()
        let usage = (try? members(in: host.processes()))?.reduce(into: ProcessUsage()) { sum, member in
            sum.residentBytes &+= member.residentBytes
            sum.processorTime += member.processorTime
        }
        guard let usage else { return }
        known.withLock { $0 = (now, usage) }
    }

    /// The processes of the tree that have not ended; nil when the daemon is out of descriptors.
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
