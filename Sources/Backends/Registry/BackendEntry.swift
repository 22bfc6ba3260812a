// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// All the registry knows of one backend.
struct BackendEntry: Sendable {
    let name: String
    let type: BackendType
    let backend: any Backend
    let priority: Int32
    /// Grows with every backend created, so that a new one is never taken for an old one of the same name.
    let creation: UInt64
    let createTime: Timestamp
    /// The state as the events tell it: while the actions of a lifecycle are carried out, the lifecycle itself is ahead.
    var state = BackendState.stopped
    var failure: BackendFailure?
    var stateTime: Timestamp
    /// Why its only process does not serve now.
    var unready: BackendFailure?
    var layers: ConfigLayers
    var lifecycle: BackendLifecycle
    var lock: StartLock
    let models: BackendModels
    /// The start or stop under way.
    var task: Task<Void, Never>?

    /// Asks its models too, so not under the registry's lock.
    var isServing: Bool { state == .started && unready == nil && models.unready(layers) == nil }

    var snapshot: BackendSnapshot {
        BackendSnapshot(
            name: name, type: type.name, priority: priority, state: state, generation: layers.generation,
            failure: failure, configuration: layers.masked, isConfigurationStaged: layers.isStaged,
            createTime: createTime, stateTime: stateTime, lockHolder: lock.holder,
            unready: state == .started ? unready : nil)
    }

    /// With its models and processes; they are asked without the registry's lock.
    var fullSnapshot: BackendSnapshot {
        var snapshot = snapshot
        snapshot.models = models.served(layers).names
        if state == .started { snapshot.unready = unready ?? models.unready(layers) }
        var instances = backend.instances()
        if !instances.isEmpty {
            let uses = models.uses(of: instances.map(\.model))
            for (index, count) in zip(instances.indices, uses) { instances[index].uses = count }
        }
        snapshot.instances = instances
        return snapshot
    }

    func outcome(isChanged: Bool, isStaged: Bool = false) -> BackendOutcome {
        BackendOutcome(backend: snapshot, isChanged: isChanged, isStaged: isStaged, layers: layers)
    }

    var rank: ContextRoutes.Rank { ContextRoutes.Rank(priority: priority, creation: creation) }

    var target: ContextRoutes.Target {
        ContextRoutes.Target(name: name, rank: rank, backend: backend, models: models)
    }
}
