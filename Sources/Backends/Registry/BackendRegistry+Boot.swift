// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

extension BackendRegistry {
    /// Begins to start the backends that are started when the daemon starts, see ``BootPlan``, or only those that are wanted. Returns at once.
    package func boot(where isWanted: (BackendEntry) -> Bool = { _ in true }) {
        let entries = driven.withLock { $0.registry.ordered() }.filter(isWanted).map(\.upcoming)
        for entry in entries where entry.start == .boot {
            if let refusal = entry.refusal(by: .boot) { noteNotStarted(entry.name, refusal, at: .info) }
        }
        let plan = BootPlan(entries)
        guard !plan.isFinished else { return }
        runs.spawn { await self.carryOut(plan) }
    }

    /// The names in the `after` of a backend that no backend has.
    package func orderWarnings(about name: String) -> [FieldViolation] {
        let unknown = driven.withLock { $0.registry.unknown(in: $0.registry.entries[name]?.after ?? []) }
        return unknown.map { FieldViolation(path: "after", description: Self.orderWarning(about: $0)) }
    }

    package static func orderWarning(about name: String) -> String {
        "names \(BackendName.quoted(name)), and no backend is called that; it is not waited for until a call creates it"
    }

    /// The backends that were started when an earlier daemon ended without stopping them, apart from those that end with it.
    package var leftStarted: [String] {
        driven.withLock { $0.registry.ordered() }.filter { $0.isUp && $0.state == .stopped }.map(\.name)
    }

    /// Starts a backend that was started when an earlier daemon ended, unless a person holds it, and waits until it has taken its
    /// processes over. Call before ``boot()``.
    package func adopt(_ name: String) async {
        guard let ticket = try? begin(.start(by: .adoption), on: name, StartLockOptions()) else { return }
        _ = await outcome(of: ticket, on: name, lockWait: nil)
    }

    private func carryOut(_ plan: BootPlan) async {
        var plan = plan
        await withTaskGroup(of: (name: String, isStarted: Bool).self) { group in
            var steps = plan.next()
            while true {
                for step in steps {
                    // Begun here, so that starts begin in the order of the plan.
                    let ticket = begunStart(step)
                    group.addTask { (step.name, await self.isStarted(ticket, step.name)) }
                }
                guard let ended = await group.next() else { return }
                steps = plan.ended(ended.name, isStarted: ended.isStarted)
            }
        }
    }

    /// Nil if the start is refused.
    private func begunStart(_ step: BootPlan.Step) -> CommandTicket? {
        let name = step.name
        if !step.missing.isEmpty {
            log.warning(
                "a backend is started although others were not that it comes after",
                metadata: ["backend": "\(name)", "after": "\(step.missing.joined(separator: " "))"])
        }
        do throws(BackendError) {
            return try begin(.start(by: .boot), on: name, StartLockOptions(wait: limits.lockWait))
        } catch {
            noteNotStarted(name, error)
            return nil
        }
    }

    private func isStarted(_ ticket: CommandTicket?, _ name: String) async -> Bool {
        guard let ticket else { return false }
        switch await outcome(of: ticket, on: name, lockWait: limits.lockWait) {
        case .success: return true
        case .failure(let error):
            noteNotStarted(name, error)
            return false
        case nil: return false
        }
    }

    private func noteNotStarted(_ name: String, _ error: BackendError, at level: Logger.Level = .warning) {
        // At the end of the daemon, this says nothing about the backend.
        if error.reason == .shuttingDown { return }
        log.log(
            level: level, "a backend was not started at boot",
            metadata: ["backend": "\(name)", "reason": "\(error.reason.rawValue)", "error": "\(error.message)"])
    }
}
