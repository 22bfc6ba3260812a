// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import HTTPTransfer
package import Logging
package import SystemIO

/// What the types share that run something on this machine or reach for another one: one supervising event loop, and the places
/// where sockets and logs of instances go.
///
/// Nothing is made before it is first needed, so a daemon with LOCAL backends alone does not pay for it.
package final class BackendHost: Sendable {
    package let clock: any BackendClock
    package let log: Logger
    /// Where instances get their sockets; made when the first one needs it.
    package let socketDirectory: String
    /// Where the output of instances is kept; made when the first one writes.
    package let logDirectory: String
    let disk: DiskWatch
    /// After how long without a further part a line that has no end is told to those that follow.
    let quiet: Duration
    /// The control group below which trees get theirs; nil: they have none.
    let groups: String?
    package let ports = PortAllocator()
    private let supervision = Guarded<EventLoop?>(nil)
    /// Programs that run, and whether orphans are looked for.
    private let trees = Guarded((count: 0, isReaping: false))
    /// The processes of the machine as they were a moment ago.
    private let table = Guarded<(time: Duration, entries: [ProcessTable.Entry])?>(nil)
    /// The sockets of the machine that listen, as they were a moment ago.
    private let listening = Guarded<[ListeningTable.Family: (time: Duration, table: ListeningTable)]>([:])
    private let watcher = Guarded<LoopBound<FileWatcher>?>(nil)
    private let sockets = Guarded<LoopBound<InstanceSockets>?>(nil)
    private let transfer = Guarded<HTTPTransfer?>(nil)
    private let names = Guarded<NameResolver?>(nil)

    package init(
        clock: any BackendClock, socketDirectory: String, logDirectory: String, log: Logger,
        disk: DiskWatch = DiskWatch(), quiet: Duration = .seconds(1), groups: String? = Cgroup.base
    ) {
        self.disk = disk
        self.quiet = quiet
        self.groups = groups
        self.clock = clock
        self.socketDirectory = socketDirectory
        self.logDirectory = logDirectory
        self.log = log
    }

    /// The loop that watches processes, files and connections; apart from those that serve clients.
    package func loop() throws(SystemError) -> EventLoop {
        try supervision.withLock { loop throws(SystemError) in
            if let loop { return loop }
            let made = try EventLoop(name: "supervision")
            try made.start()
            loop = made
            return made
        }
    }

    /// What tells when files are written to, on the supervising loop.
    func fileWatcher() async throws(SystemError) -> LoopBound<FileWatcher> {
        let loop = try loop()
        return try await loop.run { () throws(SystemError) in
            // Only ever made on the loop, so once.
            if let watcher = self.watcher.withLock({ $0 }) { return watcher }
            let made = LoopBound(try FileWatcher(loop: loop), on: loop)
            self.watcher.withLock { $0 = made }
            return made
        }
    }

    /// What keeps the directory of sockets, on the supervising loop.
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

    /// Why the directories of instances cannot be used, or made, as far as that shows without trying; by the key that says where
    /// they are.
    package func directoryProblems() -> [(key: String, error: SystemError)] {
        let places = [("instance_directory", socketDirectory), ("log_directory", logDirectory)]
        let problems = places.compactMap { key, path in Directory.problem(creating: path).map { (key: key, error: $0) }
        }
        return problems.first?.error == problems.last?.error ? Array(problems.prefix(1)) : problems
    }

    /// What sends HTTP requests, on the same loop. The library for it is opened by the first request.
    package func http() throws(SystemError) -> HTTPTransfer {
        let loop = try loop()
        return transfer.withLock { transfer in
            if let transfer { return transfer }
            let made = HTTPTransfer(loop: loop)
            transfer = made
            return made
        }
    }

    /// What looks up names, with deadlines on the same loop.
    func resolver() throws(SystemError) -> NameResolver {
        let loop = try loop()
        return names.withLock { names in
            if let names { return names }
            let made = NameResolver(loop: loop)
            names = made
            return made
        }
    }

    /// How often orphans are reaped that ended while their instance lives on.
    private static let reapPeriod = Duration.seconds(10)

    /// A program runs from now on.
    func treeBegan() {
        let isFirst = trees.withLock { trees in
            trees.count += 1
            defer { trees.isReaping = true }
            return !trees.isReaping
        }
        guard isFirst, let loop = try? loop() else { return }
        loop.execute { self.reapLater(loop) }
    }

    func treeEnded() {
        trees.withLock { $0.count -= 1 }
    }

    /// As long as a program runs, and no longer.
    private func reapLater(_ loop: EventLoop) {
        loop.schedule(after: Self.reapPeriod) {
            OwnedChildren.reapOrphans()
            self.sockets.withLock { $0 }?.withValue { $0.check() }
            let goesOn = self.trees.withLock { trees in
                trees.isReaping = trees.count > 0
                return trees.isReaping
            }
            if goesOn { self.reapLater(loop) }
        }
    }

    /// The processes of the machine, at most a second old: for what many ask for at once.
    func processes() throws(SystemError) -> [ProcessTable.Entry] {
        let now = clock.uptime()
        if let known = table.withLock({ $0 }), now - known.time < .seconds(1) { return known.entries }
        let entries = try ProcessTable.read()
        table.withLock { $0 = (now, entries) }
        return entries
    }

    /// The sockets that listen, at most a second old; nil where the system does not show them.
    func listeningSockets(_ family: ListeningTable.Family) -> ListeningTable? {
        let now = clock.uptime()
        if let known = listening.withLock({ $0[family] }), now - known.time < .seconds(1) { return known.table }
        guard let table = ListeningTable(family) else { return nil }
        listening.withLock { $0[family] = (now, table) }
        return table
    }

    /// Ends the loop. To be called once nothing of the types is under way.
    package func close() {
        guard let loop = supervision.withLock({ $0 }) else { return }
        loop.stop()
        loop.join()
    }
}
