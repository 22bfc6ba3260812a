// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import HTTPTransfer
package import Logging
internal import Synchronization
package import SystemIO

/// What all backends share that run processes on this host or connect to other hosts: one event loop and what runs on it, the ports,
/// and the directories of sockets and logs.
///
/// Each part is created when it is first needed, so that a daemon with LOCAL backends alone does not pay for it.
package final class Supervision: Sendable {
    package let clock: any BackendClock
    package let log: Logger
    /// The directory of the instances' sockets, created when the first instance needs it.
    package let socketDirectory: String
    /// Runs the programs of instances; nil when none can be run.
    package let host: (any InstanceHost)?
    /// How the marks of commands begin that help instances, see ``ProcessMark``: of any daemon with these directories, and of this one.
    package let helperPrefix: String
    package let ownHelperPrefix: String
    /// What an earlier daemon has left, by backend.
    private let recovered = Guarded<[String: [RecoveredRun]]>([:])
    /// By backend, set when nothing is left of the runs that an earlier daemon was stopping.
    private let earlierEnds = Guarded<[String: Announcement<Void>]>([:])
    /// What is under way to clear away what an earlier daemon has left.
    private let clearing = OwnedTasks()
    /// The directory of the instances' output, created when the first instance writes.
    package let logDirectory: String
    /// How long an unfinished line must not grow before readers that follow get it.
    let quiet: Duration
    private let lostOutput = Atomic<UInt64>(0)
    /// The control group below which each tree of processes gets its own; nil when there is none.
    package var groups: String? { findGroups() }
    private let findGroups: @Sendable () -> String?
    package let ports = PortAllocator()
    package let tables: HostTables
    private let eventLoop = Guarded<EventLoop?>(nil)
    private let watcher = Guarded<LoopBound<FileWatcher>?>(nil)
    private let sockets = Guarded<LoopBound<InstanceSockets>?>(nil)
    private let transfer = Guarded<HTTPTransfer?>(nil)
    private let names = Guarded<NameResolver?>(nil)

    package init(
        clock: any BackendClock, socketDirectory: String, logDirectory: String, log: Logger,
        host: (any InstanceHost)? = nil, quiet: Duration = .seconds(1),
        groups: @autoclosure @escaping @Sendable () -> String? = Cgroup.base
    ) {
        self.host = host
        helperPrefix = "helper-" + FileName.hash(socketDirectory) + "-"
        let own = ProcessTable.entry(of: ProcessInformation.pid)
        ownHelperPrefix = "\(helperPrefix)\(ProcessInformation.pid).\(own?.startTime ?? 0)-"
        self.quiet = quiet
        findGroups = groups
        self.clock = clock
        self.socketDirectory = socketDirectory
        self.logDirectory = logDirectory
        self.log = log
        tables = HostTables(clock: clock)
    }

    /// The bytes of output of all instances that were dropped.
    package var lostOutputBytes: UInt64 { lostOutput.load(ordering: .relaxed) }

    func outputWasLost(_ bytes: UInt64) { lostOutput.add(bytes, ordering: .relaxed) }

    /// Ends the loop. Call when all backends have stopped.
    package func close() {
        guard let loop = eventLoop.withLock({ $0 }) else { return }
        loop.stop()
        loop.join()
    }
}

// MARK: The loop

extension Supervision {
    /// The loop for processes, files and connections, apart from the loops that serve clients.
    package func loop() throws(SystemError) -> EventLoop {
        if let loop = eventLoop.withLock({ $0 }) { return loop }
        let made: EventLoop
        do throws(SystemError) {
            made = try EventLoop(name: "supervision")
            try made.start()
        } catch {
            // Another task may have been faster, and taken the last descriptor.
            if let loop = eventLoop.withLock({ $0 }) { return loop }
            throw error
        }
        let loop = eventLoop.withLock { known in
            let loop = known ?? made
            known = loop
            return loop
        }
        // Another task was faster.
        if loop !== made {
            made.stop()
            made.join()
        }
        return loop
    }

    /// Reports writes to files, on the supervising loop.
    package func fileWatcher() async throws(SystemError) -> LoopBound<FileWatcher> {
        let loop = try loop()
        return try await loop.run { () throws(SystemError) in
            // Created on the loop alone, so once.
            if let watcher = self.watcher.withLock({ $0 }) { return watcher }
            let made = LoopBound(try FileWatcher(loop: loop), on: loop)
            self.watcher.withLock { $0 = made }
            return made
        }
    }

    /// Keeps the directory of sockets, on the supervising loop.
    func instanceSockets() async throws(SystemError) -> LoopBound<InstanceSockets> {
        let watcher = try await fileWatcher()
        return await watcher.loop.run {
            if let sockets = self.sockets.withLock({ $0 }) { return sockets }
            let made = watcher.withValue { InstanceSockets(self.socketDirectory, watcher: $0, log: self.log) }
            let sockets = LoopBound(made, on: watcher.loop)
            self.sockets.withLock { $0 = sockets }
            return sockets
        }
    }

    /// Sends HTTP requests, on the supervising loop. The first request opens the library for it.
    package func http() throws(SystemError) -> HTTPTransfer {
        let loop = try loop()
        return transfer.withLock { transfer in
            if let transfer { return transfer }
            let made = HTTPTransfer(loop: loop)
            transfer = made
            return made
        }
    }

    /// Looks up host names, with timeouts on the supervising loop.
    func resolver() throws(SystemError) -> NameResolver {
        let loop = try loop()
        return names.withLock { names in
            if let names { return names }
            let made = NameResolver(loop: loop)
            names = made
            return made
        }
    }
}

// MARK: Earlier daemons

extension Supervision {
    /// Finds what an earlier daemon has left, and ends what it was stopping. Call once, before any backend is started. Returns the
    /// backends that have runs.
    package func recover() async throws(BackendError) -> Set<String> {
        guard let runs = try await host?.recover(on: self) else { return [] }
        for (backend, stopping) in Dictionary(grouping: runs.filter(\.note.isStopping), by: \.note.backend) {
            let ended = Announcement<Void>()
            earlierEnds.withLock { $0[backend] = ended }
            clear {
                await self.end(stopping)
                ended.set(())
            }
        }
        let byBackend = Dictionary(grouping: runs.filter { !$0.note.isStopping }) { $0.note.backend }
        recovered.withLock { $0 = byBackend }
        return Set(byBackend.keys)
    }

    /// Begins to clear away something that an earlier daemon has left.
    package func clear(_ work: @escaping @Sendable () async -> Void) { clearing.spawn(work) }

    /// Waits until everything that an earlier daemon has left is cleared away, for `limit` at most or until `isUrgent` is set.
    package func waitUntilCleared(atMost limit: Duration, isUrgent: Announcement<Void>) async {
        let cleared = Announcement<Void>()
        Background.task {
            await self.clearing.waitForAll()
            cleared.set(())
        }
        await firstOf(
            { _ = await cleared.value() }, { try? await self.clock.sleep(for: limit) },
            { _ = await isUrgent.value() })
    }

    /// Whether the mark of a process is that of a helper whose daemon has ended.
    package func isLeftHelper(_ mark: String) -> Bool {
        guard mark.hasPrefix(helperPrefix) else { return false }
        let daemon = mark.dropFirst(helperPrefix.count).prefix { $0 != "-" }.split(separator: ".")
        guard daemon.count == 2, let pid = Int32(daemon[0]), let startTime = UInt64(daemon[1]) else { return false }
        return ProcessTable.entry(of: pid)?.startTime != startTime
    }

    /// Waits until nothing is left of the runs of a backend that an earlier daemon was stopping: a program that is started before would run
    /// beside them.
    func waitForEarlierEnd(of backend: String) async {
        await earlierEnds.withLock { $0[backend] }?.valueDespiteCancellation()
    }

    /// Starts the programs of instances.
    var spawner: ProcessSpawner {
        { (launch) throws(BackendError) in
            guard let host = self.host else {
                throw BackendError(
                    .failedPrecondition, .spawnFailed,
                    "cannot start instance \(launch.program.instance): this server runs no programs",
                    metadata: ["instance": launch.program.instance])
            }
            return try await host.spawn(launch, on: self)
        }
    }

    /// Hands over the runs of a backend that an earlier daemon has left.
    func takeRecovered(of backend: String) -> [RecoveredRun] {
        recovered.withLock { $0.removeValue(forKey: backend) } ?? []
    }

    /// Ends the runs of a backend that are not wanted; returns when nothing is left of them.
    package func endRecovered(of backend: String) async { await end(takeRecovered(of: backend)) }

    /// Ends runs that an earlier daemon has left; returns when nothing is left of them.
    func end(_ runs: [RecoveredRun]) async {
        await withTaskGroup(of: Void.self) { group in
            for run in runs {
                group.addTask {
                    await run.tree.end(signal: run.note.stopSignal, timeout: run.note.stopTimeout)
                    await run.tree.forget()
                }
            }
        }
    }
}

// MARK: Directories

extension Supervision {
    /// The directories of instances that cannot be used or created, as far as that shows without trying, with their configuration keys.
    package func directoryProblems() -> [(key: String, error: SystemError)] {
        let places = [("instance_directory", socketDirectory), ("log_directory", logDirectory)]
        let problems = places.compactMap { key, path in Directory.problem(creating: path).map { (key: key, error: $0) }
        }
        return problems.first?.error == problems.last?.error ? Array(problems.prefix(1)) : problems
    }

    /// False only if no instance has ever written a log.
    package var hasLogDirectory: Bool {
        do throws(SystemError) {
            return try File.kind(of: logDirectory) != .absent
        } catch {
            return true
        }
    }
}
