// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

extension ProcessInstance {
    /// How many lines of its output the failure of a process quotes.
    private static let quotedLines = 20

    /// Starts the process of a run; posts that it runs, or why it does not, and later how it ended.
    func spawn(_ run: RunID, atAnotherPort: Bool, restarts: Int, wasReady: Bool) async {
        await supervision.waitForEarlierEnd(of: backend)
        // They may change meanwhile.
        let settings = settings
        do throws(BackendError) {
            let port = try port(isAnother: atAnotherPort)
            let socket = try await preparedSocket()
            let launch = try LaunchedInstance(
                settings, backend: backend, instance: name, model: model, port: port?.port, socket: socket)
            try ListeningPlace.requireFree(
                settings.fixedPlaces(address: launch.endpoint.address, target: launch.target), for: name)
            let start = try await log.open(searches: settings.searches)
            var note = InstanceNote(
                backend: backend, instance: name, model: model, address: launch.endpoint.address, port: port?.port,
                socket: socket, configuration: settings.digest, startTime: supervision.clock.now(), restarts: restarts,
                stopTimeout: settings.stopTimeout)
            note.wasReady = wasReady
            (note.logDirectory, note.logStart) = (log.directory, log.start)
            note.follow(settings)
            port?.letGo()
            let tree = try await spawner(treeLaunch(launch.program, note, settings))
            log.began()
            let last = shared.withLock { shared in
                (shared.tree, shared.launch, shared.note) = (tree, launch, note)
                return shared.lastTree.take()
            }
            // Before the watch begins, so that the end of a process never comes before its start.
            post(.spawned(run: run, pid: tree.pid))
            await last?.forget()
            tasks.spawn { await self.watch(run, tree, port?.port, start) }
        } catch {
            post(.spawnFailed(run: run, error))
        }
    }

    private func treeLaunch(_ program: ProgramSpec, _ note: InstanceNote, _ settings: ProcessSettings) -> TreeLaunch {
        TreeLaunch(
            program: program, note: note, logDirectory: log.directory,
            output: LogRotation(
                name: log.fileName(of: .standardOutput), size: settings.logSize, files: settings.logFiles),
            error: LogRotation(
                name: log.fileName(of: .standardError), size: settings.logSize, files: settings.logFiles),
            logChanged: { [weak log] in log?.lossChanged($0) })
    }

    /// Waits for the end of the process and collects what explains it.
    private func watch(
        _ run: RunID, _ tree: any ProcessTree, _ port: UInt16?, _ start: UInt64
    ) async {
        guard let status = await tree.exit() else { return }
        await log.catchUp()
        let lines = log.lastLines(Self.quotedLines, of: .standardError, after: start)
        let output = lines.isEmpty ? log.lastLines(Self.quotedLines, of: .standardOutput, after: start) : []
        // A process of its own that is left may still hold the port.
        let isAlone = tree.members()?.isEmpty == true
        let isPortTaken = port.map { PortAllocator.isTaken($0, lines, isAlone) } ?? false
        let end = InstanceEnd(
            status: status, lastLines: lines, lastOutput: output, logFailure: log.failure, isPortTaken: isPortTaken)
        post(.exited(run: run, end))
    }

    private func port(isAnother: Bool) throws(BackendError) -> PortLease? {
        guard settings.usesPort else { return nil }
        if !isAnother, let lease = shared.withLock({ $0.lease }), lease.hold() { return lease }
        let lease = try supervision.ports.take(from: settings.portRange)
        shared.withLock { $0.lease = lease }
        return lease
    }
}

// MARK: Earlier daemons

extension ProcessInstance {
    /// Takes over the run that an earlier daemon has left; false when that is not possible, so that nothing is left of it.
    func adopt(_ recovered: RecoveredRun) async -> Bool {
        let (note, tree, settings) = (recovered.note, recovered.tree, settings)
        do throws(BackendError) {
            let launch = try LaunchedInstance(
                settings, backend: backend, instance: name, model: model, port: note.port, socket: note.socket,
                address: note.address)
            let start = await resume(note, settings)
            tree.onLogChange { [weak log] in log?.lossChanged($0) }
            let lease = note.port.flatMap { supervision.ports.adopt($0) }
            let pid = tree.hasEnded ? nil : tree.pid
            shared.withLock { shared in
                (shared.tree, shared.launch, shared.note, shared.lease) = (tree, launch, note, lease)
                (shared.snapshot.pid, shared.snapshot.startTime) = (pid, pid.map { _ in note.startTime })
            }
            supervision.log.notice(
                "adopted an instance of an earlier daemon", metadata: ["instance": "\(name)", "pid": "\(tree.pid)"])
            // Before the watch begins, so that the end of a process never comes before its adoption.
            post(
                .adopt(
                    AdoptedRun(
                        pid: pid, restarts: note.restarts, wasReady: note.wasReady, hasBooted: note.hasBooted,
                        isReady: note.isReady, isRestarting: note.isRestarting)))
            // The first run of this instance here, as its machine counts them.
            tasks.spawn { await self.watch(RunID.none.next, tree, note.port, start) }
            return true
        } catch {
            supervision.log.warning(
                "an instance of an earlier daemon cannot be adopted; it is stopped",
                metadata: ["instance": "\(name)", "pid": "\(tree.pid)", "error": "\(error.message)"])
            await supervision.end([recovered])
            return false
        }
    }

    /// Follows the socket and the output of a run that goes on. Returns the position before its first line. It serves, whatever the daemon
    /// can see of it.
    private func resume(_ note: InstanceNote, _ settings: ProcessSettings) async -> UInt64 {
        func warn(_ error: BackendError) {
            supervision.log.warning(
                "an instance of an earlier daemon cannot be followed in all respects",
                metadata: ["instance": "\(name)", "error": "\(error.message)"])
        }
        if note.socket != nil {
            do throws(BackendError) { try await holdSocketDirectory() } catch { warn(error) }
        }
        defer { log.began() }
        do throws(BackendError) {
            return try await log.open(searches: settings.searches, continuing: note.logStart, in: note.logDirectory)
        } catch {
            warn(error)
            return log.end
        }
    }

    /// Tells the next daemon how the instance is.
    func takeNote(_ machine: InstanceMachine) async {
        let settings = settings
        let (note, tree) = shared.withLock { shared -> (InstanceNote?, (any ProcessTree)?) in
            shared.note?.wasReady = machine.wasReady
            shared.note?.hasBooted = machine.hasBooted
            shared.note?.isReady = machine.state == .ready
            shared.note?.isStopping = machine.isStopping
            shared.note?.isRestarting = machine.isRestarting
            shared.note?.follow(settings)
            return (shared.note, shared.tree ?? shared.lastTree)
        }
        if let note { await tree?.note(note) }
    }
}

extension InstanceNote {
    /// Takes over what the settings say about the end of the instance.
    fileprivate mutating func follow(_ settings: ProcessSettings) {
        onDaemonExit = settings.onDaemonExit
        stopSignal = settings.stopSignalNumber
        stopTimeout = settings.stopTimeout
    }
}

// MARK: The socket

extension ProcessInstance {
    /// A path short enough for the address of a socket, whatever the name of the instance.
    private var socket: String? {
        settings.usesSocket ? "\(supervision.socketDirectory)/\(FileName.short(name)).sock" : nil
    }

    private func preparedSocket() async throws(BackendError) -> String? {
        guard let socket else { return nil }
        try await holdSocketDirectory()
        do throws(SystemError) {
            try File.remove(socket)
        } catch {
            throw .directoryUnusable(name, "cannot have its socket", error, key: "instance_directory")
        }
        return socket
    }

    private func holdSocketDirectory() async throws(BackendError) {
        let sockets: LoopBound<InstanceSockets>
        do throws(SystemError) {
            sockets = try await supervision.instanceSockets()
        } catch {
            throw .cannotSupervise(name, error)
        }
        let problem = "the directory of its socket, \(supervision.socketDirectory), was removed or replaced"
        do throws(SystemError) {
            try await sockets.loop.run { () throws(SystemError) in
                try sockets.withValue { (sockets) throws(SystemError) in
                    try sockets.hold(ObjectIdentifier(self)) { self.post(.foundUnhealthy(problem)) }
                }
            }
        } catch {
            throw .directoryUnusable(name, "cannot have its socket", error, key: "instance_directory")
        }
    }

    func releaseSocket() async {
        guard let socket else { return }
        if let sockets = try? await supervision.instanceSockets() {
            await sockets.loop.run { sockets.withValue { $0.release(ObjectIdentifier(self)) } }
        }
        try? File.remove(socket)
    }
}
