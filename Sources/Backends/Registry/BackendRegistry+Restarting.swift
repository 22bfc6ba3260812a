// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What of a backend is restarted.
package enum RestartPart: Hashable, Sendable {
    /// All of it, also if it is stopped or has failed.
    case backend
    /// One model, which is unloaded and loaded again.
    case model(String)
    /// One process, by name; uses of its models stay.
    case instance(String)
}

extension BackendRegistry {
    /// How long the unload of a model waits for its uses unless the caller says otherwise.
    static let modelDrain = Duration.seconds(30)

    /// Restarts a backend, or a model or a process of a started one, and waits until it serves again.
    ///
    /// It counts as a start by a person: the hold of a stopped backend ends. With `lock.force`, uses of a model that is restarted end
    /// at once.
    package func restart(
        _ name: String, _ part: RestartPart = .backend, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        var outcome: BackendOutcome
        switch part {
        case .backend:
            outcome = try await perform(.restart, on: name, lock)
        case .model(let model):
            try ModelID.check(model)
            outcome = try await perform(.restartPart, on: name, lock)
            try await restart(model, of: try backend(name).member, force: lock.force)
            outcome.backend = try get(name)
        case .instance(let instance):
            outcome = try await perform(.restartPart, on: name, lock)
            guard let processes = try backend(name).member.processes else {
                throw .instanceNotFound(instance, name, of: [])
            }
            try await processes.restart(instance: instance)
            outcome.backend = try get(name)
        }
        return await withProcesses(outcome)
    }

    func restart(
        _ model: String, of member: PriorityList.Member, force: Bool
    ) async throws(BackendError) {
        switch member.models.offer(of: model) {
        case .loadable: break
        case .endpoint: throw .notUnloadable(model, member.name)
        case .notServed: throw .modelNotServed(model, member.name)
        case .declined(let error), .unavailable(let error): throw error
        }
        if member.models.modelState(model) != .notLoaded {
            _ = try await unload(model, from: member, force, Self.modelDrain)
        }
        _ = try await loadModel(model, on: member.name)
    }
}
