// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

extension BackendRegistry {
    /// Makes the backends of the configuration file what the file says now, or only says what would be done. Call it for one file after the
    /// other.
    ///
    /// Returns once everything is decided; stops, starts and restarts go on. What waits for a start lock is decided in its turn.
    ///
    /// - Throws: What is wrong with the file; then nothing has changed.
    package func reload(_ definitions: [BackendDefinition], isDryRun: Bool) throws(ReloadFaults) -> ReloadPlan {
        let plan = try ReloadPlan(file: definitions, registry: driven.withLock { $0.registry }, types: types)
        if isDryRun { return plan }
        withdrawEarlier()
        for name in plan.steps.filter({ $0.kind == .removed }).map(\.name) { retire(name) }
        let names = Set(definitions.map(\.name))
        var added: Set<String> = []
        for (step, definition) in zip(plan.steps, definitions) {
            if step.kind == .added {
                if isCreated(definition, alongside: names) { added.insert(step.name) }
            } else if entry(step.name)?.type.name != definition.type {
                replace(definition, alongside: names)
            } else if step.changesSomething {
                redefine(definition)
            }
        }
        boot { added.contains($0.name) }
        return plan
    }

    /// From now on, one backend may take this long over one runtime context.
    package func limitContexts(to time: Duration) { contextLimit.withLock { $0 = time } }

    /// Whether new commands are refused, because the daemon ends.
    package var isDraining: Bool { driven.withLock { $0.registry.isDraining } }

    /// The newest reload is right about what an earlier one has left in the queues of start locks.
    private func withdrawEarlier() {
        let waiting = reloads.withLock { reloads in
            reloads.number += 1
            defer { reloads.queued = [] }
            return reloads.queued
        }
        for waiter in waiting { report { registry, _ in registry.withdraw(waiter.caller, from: waiter.name) } }
    }

    private func redefine(_ definition: BackendDefinition) {
        guard let ticket = begun(.redefine(definition), on: definition.name) else { return }
        runs.spawn {
            if await self.isDone(ticket, definition.name) { self.warn(about: definition.name) }
        }
    }

    private func retire(_ name: String) {
        guard let ticket = begun(.retire, on: name) else { return }
        runs.spawn { _ = await self.isDone(ticket, name) }
    }

    /// Deletes a backend and creates one of another type in its place, with the layers of its owners that fit, and starts that if the old one
    /// was started. Waits for the start lock first, so that what its holder has registered is among these layers.
    private func replace(_ definition: BackendDefinition, alongside names: Set<String>) {
        let (name, number) = (definition.name, reloads.withLock { $0.number })
        runs.spawn {
            do throws(BackendError) {
                let lease = try await self.holdStartLock(
                    of: name, holder: CallerIdentity(pid: ProcessInformation.pid, uid: ProcessInformation.uid),
                    wait: self.limits.lockWait)
                defer { lease.release() }
                // A later reload decides again.
                guard self.reloads.withLock({ $0.number }) == number, let entry = self.entry(name) else { return }
                let ticket = try self.begin(.retire, on: name, StartLockOptions(token: lease.token))
                guard await self.isDone(ticket, name),
                    self.isCreated(definition, alongside: names, restoring: entry.record),
                    entry.lifecycle.isStartedOrWillBe, let start = self.begun(.start(by: .reload), on: name)
                else { return }
                _ = await self.isDone(start, name)
            } catch {
                self.noteNotReloaded(name, error)
            }
        }
    }

    private func isCreated(
        _ definition: BackendDefinition, alongside names: Set<String>, restoring record: BackendRecord? = nil
    ) -> Bool {
        do throws(BackendError) {
            _ = try create(definition, alongside: names, restoring: record)
            return true
        } catch {
            noteNotReloaded(definition.name, error)
            return false
        }
    }

    /// Nil if the command is refused. It waits in the queue of a start lock that is held.
    private func begun(_ command: BackendCommand, on name: String) -> CommandTicket? {
        do throws(BackendError) {
            let ticket = try begin(command, on: name, StartLockOptions(wait: limits.lockWait))
            if ticket.isQueued { reloads.withLock { $0.queued.append((name, ticket.caller)) } }
            return ticket
        } catch {
            noteNotReloaded(name, error)
            return nil
        }
    }

    private func isDone(_ ticket: CommandTicket, _ name: String) async -> Bool {
        switch await outcome(of: ticket, on: name, lockWait: limits.lockWait) {
        case .success: return true
        case .failure(let error):
            noteNotReloaded(name, error)
            return false
        case nil: return false
        }
    }

    private func noteNotReloaded(_ name: String, _ error: BackendError) {
        // At the end of the daemon, and after a later reload, this says nothing about the backend.
        if error.reason == .shuttingDown || error.reason == .callerCancelled { return }
        log.error(
            "a backend does not follow the changed configuration file",
            metadata: ["backend": "\(name)", "reason": "\(error.reason.rawValue)", "error": "\(error.message)"])
    }
}

// MARK: Running backends

extension BackendRegistry {
    /// Lets a started backend take its newest configuration over.
    func reconfigure(_ member: PriorityList.Member) {
        guard let entry = entry(member.name), entry.creation == member.rank.creation else { return }
        member.backend.reconfigure(entry.configuration.effective)
        let capacity = member.backend.capacity
        report { registry, _ in registry.reconfigured(member.name, entry.creation, capacity: capacity) }
        member.models.report { pool, now in
            pool.reconfigured(capacity: capacity, at: now) { model in
                switch member.backend.offer(of: model) {
                case .loadable(let rules), .endpoint(_, let rules): rules
                case .notServed, .declined, .unavailable: nil
                }
            }
        }
    }

    /// Loads the models of a started backend again whose processes run with an older configuration, one after the other.
    ///
    /// A model whose uses do not end in time stays as it is. If one cannot be loaded again, the others stay as they are too: they serve.
    func roll(_ member: PriorityList.Member) {
        runs.spawn {
            var tried: Set<String> = []
            while !Task.isCancelled, let model = self.outdatedModel(of: member, besides: tried) {
                tried.insert(model)
                do throws(BackendError) {
                    try await self.restart(model, of: member, force: false)
                } catch {
                    self.noteNotRolled(model, member.name, error)
                    // The model is still loaded: only its uses have kept it.
                    guard [.ready, .unready].contains(member.models.modelState(model)) else { return }
                }
            }
        }
    }

    private func outdatedModel(of member: PriorityList.Member, besides tried: Set<String>) -> String? {
        let outdated = member.processes?.instances().lazy.filter(\.isOutdated).compactMap(\.model)
        // One that is being loaded has callers that wait for it.
        return outdated?.first { !tried.contains($0) && [.ready, .unready].contains(member.models.modelState($0)) }
    }

    private func noteNotRolled(_ model: String, _ name: String, _ error: BackendError) {
        if error.reason == .shuttingDown || error.reason == .callerCancelled { return }
        log.error(
            "a model was not loaded again with the changed configuration",
            metadata: [
                "backend": "\(name)", "model": "\(model)", "reason": "\(error.reason.rawValue)",
                "error": "\(error.message)",
            ])
    }
}
