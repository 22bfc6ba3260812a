// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension ProcessInstance {
    /// How many lines of its output the failure of a process quotes.
    private static let quotedLines = 20

    /// Starts the process of a run; posts that it runs, or why it does not, and later how it ended.
    func spawn(_ run: RunID, atAnotherPort: Bool) async {
        do throws(BackendError) {
            let port = try port(isAnother: atAnotherPort)
            let socket = try await preparedSocket()
            let launch = try LaunchedInstance(
                settings, backend: backend, instance: name, model: model, port: port?.port, socket: socket)
            try ListeningPlace.requireFree(
                settings.fixedPlaces(address: launch.endpoint.address, target: launch.target), for: name)
            let files = try await log.open(searches: settings.searches)
            let start = log.end
            port?.letGo()
            let tree = try await spawner(
                launch.program, .descriptor(files.output.rawValue), .descriptor(files.error.rawValue))
            log.began()
            shared.withLock { ($0.tree, $0.launch) = (tree, launch) }
            // Before the watch begins, so that the end of a process never comes before its start.
            post(.spawned(run: run, pid: tree.pid))
            tasks.spawn { await self.watch(run, tree, port?.port, start) }
        } catch {
            post(.spawnFailed(run: run, error))
        }
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

// MARK: The socket

extension ProcessInstance {
    /// A path short enough for the address of a socket, whatever the name of the instance.
    private var socket: String? {
        settings.usesSocket ? "\(supervision.socketDirectory)/\(FileName.short(name)).sock" : nil
    }

    private func preparedSocket() async throws(BackendError) -> String? {
        guard let socket else { return nil }
        let sockets: LoopBound<InstanceSockets>
        do throws(SystemError) {
            sockets = try await supervision.instanceSockets()
        } catch {
            throw .cannotSupervise(name, error)
        }
        do throws(SystemError) {
            let problem = "the directory of its socket, \(supervision.socketDirectory), was removed or replaced"
            try await sockets.loop.run { () throws(SystemError) in
                try sockets.withValue { (sockets) throws(SystemError) in
                    try sockets.hold(ObjectIdentifier(self)) { self.post(.foundUnhealthy(problem)) }
                }
            }
            try File.remove(socket)
        } catch {
            throw .directoryUnusable(name, "cannot have its socket", error, key: "instance_directory")
        }
        return socket
    }

    func releaseSocket() async {
        guard let socket else { return }
        if let sockets = try? await supervision.instanceSockets() {
            await sockets.loop.run { sockets.withValue { $0.release(ObjectIdentifier(self)) } }
        }
        try? File.remove(socket)
    }
}
