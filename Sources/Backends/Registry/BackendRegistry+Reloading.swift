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
        let before = driven.withLock { $0.registry }
        let plan = try ReloadPlan(file: definitions, registry: before, types: types)
        if isDryRun { return plan }
        withdrawEarlier()
        for name in plan.steps.filter({ $0.kind == .removed }).map(\.name) { retire(name) }
        var added: Set<String> = []
        for (step, definition) in zip(plan.steps, definitions) {
            follow(step, definition, kept: before.entries[step.name].flatMap(\.returningRecord))
            if step.kind == .added { added.insert(step.name) }
        }
        boot { added.contains($0.name) }
        return plan
    }

    /// Carries a step out for the backend as it is now, because callers may have begun or ended its deletion since the plan was made.
    private func follow(_ step: ReloadPlan.Step, _ definition: BackendDefinition, kept: BackendRecord?) {
        guard let entry = entry(step.name) else { return create(definition, keeping: kept) }
        if entry.isReplaced(by: definition) { return }
        if entry.lifecycle.isDeleting || entry.type.name != definition.type {
            replace(definition)
        } else if step.changesSomething {
            redefine(definition)
        }
    }

    /// From now on, one backend may take this long over one runtime context.
    package func limitContexts(to time: Duration) { contextLimit.withLock { $0 = time } }

    /// Whether new commands are refused, because the daemon ends.
    package var isDraining: Bool { driven.withLock { $0.registry.isDraining } }

    /// The newest reload is right about what an earlier one has left in the queues of start locks.
    private func withdrawEarlier() {
        let waiting = reloads.withLock { reloads in
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

    /// Deletes a backend and creates one of the file in its place, with the layers of its owners that fit, and starts that if the old one
    /// was started. One that is being deleted already gets another successor.
    private func replace(_ definition: BackendDefinition) {
        let name = definition.name
        do throws(BackendError) {
            let type = try types.type(named: definition.type)
            let successor = try BackendSuccessor(definition, type: type, limits: limits)
            let machinery = Machinery(type, name, successor.configuration, registry: self)
            guard let ticket = begun(.replace(successor), on: name, machinery: machinery) else { return }
            runs.spawn { _ = await self.isDone(ticket, name) }
        } catch {
            noteNotReloaded(name, error)
        }
    }

    private func create(_ definition: BackendDefinition, keeping record: BackendRecord?) {
        do throws(BackendError) {
            _ = try create(definition, restoring: record)
        } catch {
            noteNotReloaded(definition.name, error)
        }
    }

    /// Nil if the command is refused. It waits in the queue of a start lock that is held.
    private func begun(_ command: BackendCommand, on name: String, machinery: Machinery? = nil) -> CommandTicket? {
        do throws(BackendError) {
            let ticket = try begin(
                command, on: name, StartLockOptions(wait: limits.lockWait), machinery: machinery)
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
