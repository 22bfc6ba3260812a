// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

extension BackendRegistry {
    /// Refuses new commands from now on, also those that still wait for a start lock or for a load to begin. Locks that are held stay
    /// so, and what is under way goes on.
    package func drain() {
        report { registry, _ in registry.drain() }
    }

    /// Drains, then stops every backend, the last in priority order first. Each is asked when the one before it has stopped, or has
    /// had its share of the time that is left. Not bound by start locks.
    ///
    /// After `grace`, or once `immediateStop` is set, the starts and stops under way are cancelled and all other backends are stopped
    /// at once, without waiting for them.
    ///
    /// - Returns: The backends that are not stopped. What they are busy with is awaited by ``finish()``.
    package func shutDown(grace: Duration, immediateStop: Announcement<Void> = Announcement()) async -> [String] {
        drain()
        await firstOf(
            { await self.stopInTurn(within: grace) },
            { try? await self.clock.sleep(for: grace) },
            { _ = await immediateStop.value() })
        let left = order.filter { !isStopped($0) }
        for name in left { _ = try? begunStop(of: name) }
        if !left.isEmpty { runs.cancelAll() }
        contexts.cancelAll()
        idleTimers.cancelAll()
        events.close()
        return left
    }

    /// Ends without stopping backends: the processes of their instances run on, for the next daemon to adopt. What is under way for them
    /// goes on until this process ends.
    ///
    /// - Returns: No backend, because none had to be stopped.
    package func leave() -> [String] {
        drain()
        hasLeft.set(())
        contexts.cancelAll()
        idleTimers.cancelAll()
        events.close()
        return []
    }

    /// Waits until nothing that the registry began is under way, except starts and stops after ``leave()``.
    package func finish() async {
        await firstOf({ await self.runs.waitForAll() }, { _ = await self.hasLeft.value() })
        await contexts.waitForAll()
        await idleTimers.waitForAll()
        await events.waitUntilWritten()
        keepMarks()
    }

    private func stopInTurn(within grace: Duration) async {
        let end = clock.uptime() + grace
        let names = order.reversed()
        await withTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() where !Task.isCancelled {
                guard let ticket = try? begunStop(of: name) else { continue }
                let stopped = Announcement<Void>()
                group.addTask {
                    if await ticket.reply.value() == nil { self.leave(ticket.caller, name) }
                    stopped.set(())
                }
                await wait(for: stopped, atMost: (end - clock.uptime()) / (names.count - index))
            }
        }
    }

    private func wait(for stopped: Announcement<Void>, atMost limit: Duration) async {
        await firstOf({ _ = await stopped.value() }, { try? await self.clock.sleep(for: limit) })
    }

    private func begunStop(of name: String) throws(BackendError) -> CommandTicket {
        try decide { (driven, now) throws(BackendError) in
            let (caller, reply) = (driven.registry.newCaller(), CommandReply())
            let actions = try driven.registry.stopForShutdown(name, by: caller, at: now)
            driven.commands[caller] = PendingCommand(reply: reply, saving: .ignored)
            return (actions, CommandTicket(caller: caller, reply: reply, isQueued: false))
        }
    }

    private var order: [String] { driven.withLock { $0.registry.order } }

    private func isStopped(_ name: String) -> Bool { entry(name)?.lifecycle.state ?? .stopped == .stopped }
}
