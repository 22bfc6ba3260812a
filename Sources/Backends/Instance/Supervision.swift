// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import HTTPTransfer
package import Logging
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
    /// The directory of the instances' output, created when the first instance writes.
    package let logDirectory: String
    let disk: DiskWatch
    /// How long an unfinished line must not grow before readers that follow get it.
    let quiet: Duration
    /// The control group below which each tree of processes gets its own; nil when there is none.
    var groups: String? { findGroups() }
    private let findGroups: @Sendable () -> String?
    package let ports = PortAllocator()
    let tables: HostTables
    private let reaper = OrphanReaper()
    private let eventLoop = Guarded<EventLoop?>(nil)
    private let watcher = Guarded<LoopBound<FileWatcher>?>(nil)
    private let sockets = Guarded<LoopBound<InstanceSockets>?>(nil)
    private let transfer = Guarded<HTTPTransfer?>(nil)
    private let names = Guarded<NameResolver?>(nil)

    package init(
        clock: any BackendClock, socketDirectory: String, logDirectory: String, log: Logger,
        disk: DiskWatch = DiskWatch(), quiet: Duration = .seconds(1),
        groups: @autoclosure @escaping @Sendable () -> String? = Cgroup.base
    ) {
        self.disk = disk
        self.quiet = quiet
        findGroups = groups
        self.clock = clock
        self.socketDirectory = socketDirectory
        self.logDirectory = logDirectory
        self.log = log
        tables = HostTables(clock: clock)
    }

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
    func fileWatcher() async throws(SystemError) -> LoopBound<FileWatcher> {
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

    /// Call when a tree of processes was started.
    func treeBegan() {
        reaper.treeBegan(on: try? loop()) {
            // Nothing reports the loss of a directory that could not be watched.
            self.sockets.withLock { $0 }?.withValue { $0.check() }
        }
    }

    /// Call when nothing is left of a tree.
    func treeEnded() { reaper.treeEnded() }
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
