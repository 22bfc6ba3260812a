// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// What the entry of the configuration file makes of a backend that exists and has its type.
struct BackendRedefinition: Sendable {
    /// What happens to the backend beside its new configuration.
    enum Effect: Hashable, Sendable {
        case none
        /// It runs on and takes its new configuration over.
        case reconfigured
        /// It is stopped and started.
        case restarted
        /// It takes its new configuration over, and its models are loaded again, one after the other.
        case rolled
    }

    /// The configuration with the base of the file and the layers of the owners.
    let configuration: BackendConfiguration
    let step: ReloadPlan.Step
    let effect: Effect

    /// - Throws: Why the configuration is not valid.
    init(_ definition: BackendDefinition, of entry: BackendEntry) throws(BackendError) {
        let old = entry.configuration
        var (applied, staged) = (old, old)
        let dropped = try applied.rebase(definition.configuration, isApplied: true)
        _ = try staged.rebase(definition.configuration, isApplied: false)
        let differences = definition.configuration.differences(from: old.saved.basePatch)
        let isLive = applied.effective.differences(from: old.effective).allSatisfy(entry.type.liveKeys.contain)
        var paths = Self.policyPaths(definition, of: entry)
        paths += differences.map { ConfigPath(["config"]).appending($0).description }
        var (kind, apply): (ReloadPlan.Kind, ReloadApply?) = (.changed, nil)
        if entry.isAtRest || isLive {
            configuration = applied
            effect = entry.isAtRest || applied.effective == old.effective ? .none : .reconfigured
            // What an earlier reload has staged is not wanted any more.
            if paths.isEmpty, applied != old { paths = ["config"] }
            if paths.isEmpty { kind = .unchanged }
        } else {
            kind = .needsRestart
            let chosen = Self.apply(definition.apply, to: entry, applied)
            apply = chosen
            switch chosen {
            case .nextStart: (configuration, effect) = (staged, .none)
            case .now: (configuration, effect) = (staged, .restarted)
            case .rolling: (configuration, effect) = (applied, .rolled)
            }
        }
        step = ReloadPlan.Step(
            name: entry.name, kind: kind, apply: apply, paths: paths.sorted(),
            lockHolder: kind == .unchanged ? nil : entry.lock.holder, droppedOwners: dropped.compactMap(\.owner))
    }

    /// How a change that needs a restart reaches a backend as it is now.
    private static func apply(
        _ wanted: ReloadApply, to entry: BackendEntry, _ applied: BackendConfiguration
    ) -> ReloadApply {
        switch (wanted, entry.lifecycle.state) {
        case (.nextStart, _), (_, .stopping): .nextStart
        case (.rolling, .started) where entry.type.canRoll(entry.configuration.effective, applied.effective): .rolling
        case (.now, _), (.rolling, _): .now
        }
    }

    private static func policyPaths(_ definition: BackendDefinition, of entry: BackendEntry) -> [String] {
        var paths: [String] = []
        if entry.origin != definition.origin { paths.append("origin") }
        if let priority = definition.priority, priority != entry.priority { paths.append("priority") }
        if definition.start != entry.start { paths.append("start") }
        if definition.after != entry.after { paths.append("after") }
        if definition.apply != entry.apply { paths.append("apply") }
        return paths
    }
}

extension BackendEntry {
    var isAtRest: Bool { lifecycle.acceptsConfiguration }

    /// Whether its processes run with another configuration than its next start uses.
    var isOutdated: Bool {
        guard !isAtRest, let next = configuration.stagedEffective else { return false }
        return !next.differences(from: configuration.effective).allSatisfy(type.liveKeys.contain)
    }

    /// What creates it again, without the layers of its owners.
    var definition: BackendDefinition {
        BackendDefinition(
            name: name, type: type.name, configuration: configuration.saved.basePatch, priority: priority,
            start: start, after: after, apply: apply, origin: origin)
    }
}
