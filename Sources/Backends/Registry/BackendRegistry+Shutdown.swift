// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

extension BackendRegistry {
    /// Refuses new commands from now on, also those that still wait for a start lock or for a load to begin. Locks that are held stay
    /// so, and what is under way goes on.
    package func drain() {
        withStep { state, outbox in
            state.isDraining = true
            for name in state.order {
                let waiting = state.entries[name]?.lock.callers ?? []
                for caller in waiting {
                    _ = state.entries[name]?.lock.callerLeft(caller)
                    state.refuse(caller, .shuttingDown, &outbox)
                }
                if let models = state.entries[name]?.models {
                    outbox.models.append(models.prepared { $0.loadsRefused(at: $1) })
                }
            }
        }
    }

    /// Drains, then stops every backend, the last in priority order first. Each is asked when the one before it has stopped, or has
    /// had its share of the time that is left. Not bound by start locks.
    ///
    /// After `grace`, or with `haste`, the starts and stops under way are cancelled and all other backends are stopped at once, without waiting
    /// for them.
    ///
    /// - Returns: The backends that are not stopped. What they are busy with is awaited by ``finish()``.
    package func shutDown(grace: Duration, haste: Announcement<Void> = Announcement()) async -> [String] {
        drain()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.stopInTurn(within: grace) }
            group.addTask { _ = try? await self.clock.sleep(for: grace) }
            group.addTask { _ = await haste.value() }
            await group.next()
            group.cancelAll()
        }
        let left = order.filter { !isStopped($0) }
        for name in left { _ = try? begunStop(of: name) }
        if !left.isEmpty { runs.cancelAll() }
        contexts.cancelAll()
        idleTimers.cancelAll()
        withStep { _, outbox in events.close(&outbox.events) }
        return left
    }

    /// Waits until nothing that the registry began is under way.
    package func finish() async {
        await runs.waitForAll()
        await contexts.waitForAll()
        await idleTimers.waitForAll()
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
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await stopped.value() }
            group.addTask { try? await self.clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private func begunStop(of name: String) throws(BackendError) -> CommandTicket {
        try step { (state, outbox) throws(BackendError) in
            let caller = state.nextID()
            let reply = RegistryOutbox.CommandReply()
            let actions = try state.update(name) { entry throws(BackendError) in
                try entry.lifecycle.stopRequested(by: caller, cause: .shutdown)
            }
            state.pending[caller] = RegistryState.Pending(command: .stop, reply: reply)
            self.carryOut(actions, on: name, &state, &outbox)
            return CommandTicket(caller: caller, reply: reply, isQueued: false)
        }
    }

    private var order: [String] { state.withLock { $0.order } }

    private func isStopped(_ name: String) -> Bool {
        state.withLock { $0.entries[name]?.lifecycle.state ?? .stopped } == .stopped
    }
}
