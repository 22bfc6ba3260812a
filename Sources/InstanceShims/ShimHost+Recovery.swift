// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import Logging
internal import SocketRPC
internal import SystemIO

/// Finding what an earlier daemon has left.
extension ShimHost {
    /// How long a shim may take to say that it has started its program, or to end.
    private static let patience = Duration.seconds(10)
    private static let pause = Duration.milliseconds(5)

    package func recover(on supervision: Supervision) async throws(BackendError) -> [RecoveredRun] {
        let runs: [RecoveredRun]
        let (marks, abandoned): (Set<String>, [String])
        do throws(SystemError) {
            if try File.kind(of: place) == .absent {
                strays.withLock { $0.knownMarks = [] }
                return []
            }
            (runs, marks, abandoned) = try await recoverRuns(on: supervision)
        } catch {
            throw BackendError(
                error.isHeldByAnother ? .unavailable : .failedPrecondition, .fileUnusable,
                "the instances of an earlier daemon cannot be adopted: \(error); instance_directory sets the place")
        }
        strays.withLock { $0.knownMarks = marks }
        supervision.clear {
            await self.endStrays(on: supervision)
            for name in abandoned { await self.clear(name, on: supervision) }
            await Self.endHelpers(of: supervision)
        }
        return runs
    }

    /// What is done about processes of runs whose directories are gone or cannot be used.
    struct Strays: Sendable {
        /// The marks of the runs that this daemon knows from an earlier one; nil before it has looked for them.
        var knownMarks: Set<String>?
        /// Set when none is left; nil before they are looked for.
        var ended: Announcement<Void>?
    }

    /// Waits until no process is left of runs that are not known: a new run could be beside it. Looks for them the first time.
    func endStrays(on supervision: Supervision) async {
        let ended = Announcement<Void>()
        let (known, first) = strays.withLock { strays -> (Set<String>?, Announcement<Void>?) in
            defer { if strays.knownMarks != nil, strays.ended == nil { strays.ended = ended } }
            return (strays.knownMarks, strays.ended)
        }
        if let first {
            await first.valueDespiteCancellation()
        } else if let known {
            await Background.task { await self.killStrays(besides: known, on: supervision) }.value
            ended.set(())
        }
    }

    private func killStrays(besides known: Set<String>, on supervision: Supervision) async {
        var told: Set<String> = []
        await ProcessSweep(log: supervision.log).run("runs that are not known", looks: 1) {
            (entry) throws(SystemError) in
            guard let mark = try ProcessTable.variable(entry.pid, ProcessMark.variable), mark.hasPrefix(markPrefix),
                !mark.hasPrefix(ownMarkPrefix), !known.contains(mark), !isOfAnotherDaemon(entry, mark)
            else { return false }
            if told.insert(mark).inserted {
                supervision.log.warning(
                    "a run of an earlier daemon has no directory that can be used; its processes are killed",
                    metadata: ["directory": "\(place)", "pid": "\(entry.pid)"])
            }
            return true
        }
    }

    /// Whether a process belongs to a daemon in a container, which may have a directory with the same path: the shim above it lives, and has
    /// the directory of its run elsewhere.
    private func isOfAnotherDaemon(_ entry: ProcessTable.Entry, _ mark: String) -> Bool {
        guard ProcessTable.isOfSameContainer(entry.pid) else { return true }
        var parent = entry.parent
        while (try? ProcessTable.variable(parent, ProcessMark.variable)) == mark,
            let next = ProcessTable.entry(of: parent)?.parent
        {
            parent = next
        }
        let run = "/proc/\(parent)/fd/4"
        guard (try? File.kind(of: run + "/lock")) == .regular else { return false }
        let found = (try? FileIdentity.of(path: run + "/..", followingLinks: true)) ?? nil
        return found != claimedIdentity
    }

    /// Kills commands of an earlier daemon that helped its instances.
    private static func endHelpers(of supervision: Supervision) async {
        // One that was made for a run that did not come to be is not in the note of any run.
        Cgroup.removeAbandoned("backendd-", below: supervision.groups)
        await ProcessSweep(log: supervision.log).run("commands of an earlier daemon", looks: 1) {
            (entry) throws(SystemError) in
            guard let mark = try ProcessTable.variable(entry.pid, ProcessMark.variable) else { return false }
            return supervision.isLeftHelper(mark) && ProcessTable.isOfSameContainer(entry.pid)
        }
    }

    /// Returns the runs, the marks of all of them, and the directories of those that cannot be adopted.
    private func recoverRuns(
        on supervision: Supervision
    ) async throws(SystemError) -> ([RecoveredRun], Set<String>, [String]) {
        let directory = try await directory(on: supervision)
        var found: [String: [RecoveredRun]] = [:]
        var (marks, abandoned): (Set<String>, [String]) = ([], [])
        for name in try directory.names() {
            if name.hasPrefix(RunDirectory.unfinished) {
                try? RunDirectory.remove(name, from: directory)
                continue
            }
            do throws(SystemError) {
                guard let (run, mark) = try await recover(name, in: directory, on: supervision) else { continue }
                found[run.note.instance, default: []].append(run)
                marks.insert(mark)
            } catch {
                supervision.log.error(
                    "a run of an earlier daemon cannot be adopted; it is ended",
                    metadata: ["directory": "\(directory.path)/\(name)", "error": "\(error)"])
                abandoned.append(name)
            }
        }
        return (found.values.compactMap { Self.newest(of: $0, on: supervision) }, marks, abandoned)
    }

    /// Ends the shim of a run that cannot be adopted, and removes the directory. Processes that are left are those of no known run.
    private func clear(_ name: String, on supervision: Supervision) async {
        var signals: [Signal] = [.kill, .terminate]
        let deadline = ContinuousClock.now + Self.patience
        while let parent = try? await directory(on: supervision), let run = try? RunDirectory.open(name, in: parent),
            case .process(let pid)? = try? run.holder(), let shim = try? ProcessHandle(pid: pid)
        {
            if signals.count == 2 || ContinuousClock.now > deadline, let signal = signals.popLast() {
                try? shim.signal(signal)
                try? shim.signal(.continue)
            }
            if signals.isEmpty, ContinuousClock.now > deadline + Self.patience { break }
            await Background.task { try? await Background.sleep(for: Self.pause) }.value
        }
        guard let parent = try? await directory(on: supervision) else { return }
        try? RunDirectory.remove(name, from: parent)
    }

    /// The last run of an instance; the ones before it have ended.
    private static func newest(of runs: [RecoveredRun], on supervision: Supervision) -> RecoveredRun? {
        let sorted = runs.sorted { $0.note.startTime < $1.note.startTime }
        for run in sorted.dropLast() {
            supervision.clear {
                await run.tree.clear()
                await run.tree.forget()
            }
        }
        return sorted.last
    }

    private func recover(
        _ name: String, in parent: borrowing Directory, on supervision: Supervision
    ) async throws(SystemError) -> (RecoveredRun, mark: String)? {
        let deadline = ContinuousClock.now + Self.patience
        while let directory = try RunDirectory.open(name, in: parent) {
            let (path, isLate) = (directory.path, ContinuousClock.now > deadline)
            switch try directory.holder() {
            case .free:
                return try await ended(directory, on: supervision)
            case .process(let pid):
                if let run = try await adopt(directory, pid, on: supervision) { return run }
                if isLate { throw SystemError.timedOut("adopt", path) }
            case .starting:
                if isLate { throw SystemError.timedOut("adopt", path) }
            }
            await Background.task { try? await Background.sleep(for: Self.pause) }.value
        }
        return nil
    }

    /// Takes over a run whose shim lives. Nil when it has to be looked at again.
    private func adopt(
        _ directory: consuming RunDirectory, _ pid: Int32, on supervision: Supervision
    ) async throws(SystemError) -> (RecoveredRun, mark: String)? {
        guard let shim = try ProcessHandle(pid: pid), try directory.holder() == .process(pid) else { return nil }
        // It may have been stopped.
        try shim.signal(.continue)
        guard let life = try directory.openLife() else { return nil }
        guard let intent = directory.intent() else { throw .notReadable("\(directory.path)/intent") }
        let tree = ShimTree(
            intent, in: directory, shim: RunningShim(shim), life: life, group: intent.controlGroup,
            supervision: supervision)
        try await tree.watch()
        switch await tree.start() {
        case .running:
            var note = InstanceNote(intent)
            // It ends with its daemon, also if its shim has not seen yet that this one is another.
            if note.onDaemonExit == .end { note.isStopping = true }
            return (RecoveredRun(note: note, tree: tree), intent.mark)
        case .failed, .failedUnnoted, .lost, nil:
            await tree.clear()
            return await Self.settled(intent, tree)
        }
    }

    /// What became of a run whose shim has ended.
    private func ended(
        _ directory: consuming RunDirectory, on supervision: Supervision
    ) async throws(SystemError) -> (RecoveredRun, mark: String)? {
        guard let intent = directory.intent(), directory.running()?.bootID ?? MonotonicClock.boot == MonotonicClock.boot
        else {
            try directory.remove()
            return nil
        }
        let tree = ShimTree(
            intent, in: directory, shim: RunningShim(), life: nil, group: intent.controlGroup, supervision: supervision)
        try await tree.watch()
        await tree.clear()
        if intent.onDaemonExit == .end {
            // It has ended because the daemon did.
            await tree.forget()
            return nil
        }
        return await Self.settled(intent, tree)
    }

    /// A run that has ended. One of an instance that was never ready is forgotten: its start was never answered, and its backend is started
    /// again if it was to be.
    private static func settled(_ intent: ShimIntent, _ tree: ShimTree) async -> (RecoveredRun, mark: String)? {
        guard intent.wasReady else {
            await tree.forget()
            return nil
        }
        return (RecoveredRun(note: InstanceNote(intent), tree: tree), intent.mark)
    }
}
