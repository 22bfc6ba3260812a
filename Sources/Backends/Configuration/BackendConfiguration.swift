// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// The configuration of one backend: the type's defaults, the base it was created with, and what owners registered since.
///
/// A change is checked as a whole before anything changes. `generation` counts the changes, from 1. A change that has to wait
/// for the next start is kept as a second stack beside the current one, so that what is checked is what will be applied.
package struct BackendConfiguration: Equatable, Sendable {
    /// What a registration did.
    package enum Change: Hashable, Sendable {
        case none
        case applied
        case staged
    }

    package private(set) var generation: UInt64 = 1
    /// What a start gets.
    package private(set) var effective: ConfigValue
    /// The effective configuration as it may be shown.
    package private(set) var masked: ConfigValue
    /// What the larger of the current and the staged configuration takes in a message.
    package private(set) var bytes: Int

    private let rules: Rules
    private let limits: BackendLimits
    private var current: ConfigStack
    private var staged: ConfigStack?

    /// What a type has to say about its configurations. Equal if their schemas are.
    private struct Rules: Equatable, Sendable {
        let schema: ConfigSchema
        let check: @Sendable (ConfigValue) -> [ConfigViolation]

        static func == (one: Rules, other: Rules) -> Bool { one.schema == other.schema }
    }

    package init(type: BackendType, base: ConfigValue, limits: BackendLimits = BackendLimits()) throws(BackendError) {
        try self.init(schema: type.schema, check: type.check, base: base, limits: limits)
    }

    package init(
        schema: ConfigSchema, check: @escaping @Sendable (ConfigValue) -> [ConfigViolation] = { _ in [] },
        base: ConfigValue, limits: BackendLimits = BackendLimits()
    ) throws(BackendError) {
        rules = Rules(schema: schema, check: check)
        self.limits = limits
        try Self.check(base, schema: schema, limits: limits)
        current = ConfigStack(base: ConfigLayer(patch: base))
        effective = try Self.checked(current, rules)
        masked = rules.schema.masked(effective)
        bytes = ConfigSize(of: effective, limit: .none).bytes
    }

    /// Whether a patch waits for the next start.
    package var isStaged: Bool { staged != nil }

    /// What is wrong with a registration in any state of the backend.
    package func check(_ registration: ConfigRegistration) throws(BackendError) {
        guard !registration.owner.isEmpty else {
            throw BackendError(
                .invalidArgument, .ownerEmpty,
                "a configuration needs an owner; give the name of the program that registers it",
                violations: [FieldViolation(path: "owner", description: "must not be empty")])
        }
        guard BackendName.isValidOwner(registration.owner) else {
            throw BackendError(
                .invalidArgument, .ownerInvalid,
                "\(BackendName.quoted(registration.owner)) cannot own a configuration; use at most 128 printable bytes",
                violations: [
                    FieldViolation(path: "owner", description: "must have at most 128 bytes and no control characters")
                ])
        }
        try Self.check(registration.patch, schema: rules.schema, limits: limits)
    }

    /// Merges a patch into the layer of its owner, now or for the next start; changes nothing if it throws.
    ///
    /// The same patch twice changes nothing the second time. A patch that applies now also goes on top of what is staged.
    package mutating func register(
        _ registration: ConfigRegistration, isAtRest: Bool
    ) throws(BackendError) -> Change {
        try check(registration)
        try checkGeneration(registration.expectedGeneration)
        var next = self
        if isAtRest {
            next.current = try merged(current, registration)
            next.refresh()
            next.staged = try staged.map { stack throws(BackendError) in try merged(stack, registration) }
        } else {
            next.staged = try merged(staged ?? current, registration)
        }
        if next.staged == next.current { next.staged = nil }
        next.bytes = next.largestBytes
        let change: Change =
            next.current != current ? .applied : next.staged != staged ? .staged : .none
        if change == .applied { next.generation += 1 }
        self = next
        return change
    }

    /// Applies what is staged; true if that changed the configuration.
    package mutating func startBegan() -> Bool {
        guard let staged else { return false }
        current = staged
        self.staged = nil
        refresh()
        bytes = Self.bytes(effective)
        generation += 1
        return true
    }

    /// What the next start gets, if a change waits for it.
    var stagedEffective: ConfigValue? { staged?.effective(over: rules.schema.defaults) }

    /// Puts another base below the layers of the owners, now or for the next start; changes nothing if it throws.
    ///
    /// Layers that do not fit the new base are left out.
    ///
    /// - Returns: What was left out.
    package mutating func rebase(_ base: ConfigValue, isApplied: Bool) throws(BackendError) -> [LayerNotRestored] {
        try Self.check(base, schema: rules.schema, limits: limits)
        _ = try Self.checked(ConfigStack(base: ConfigLayer(patch: base)), rules)
        var (next, missing): (BackendConfiguration, [LayerNotRestored]) = (self, [])
        func rebased(_ stack: ConfigStack) throws(BackendError) -> ConfigStack {
            let (result, left) = Self.fitting(stack.owners, on: ConfigLayer(patch: base), rules)
            guard !result.size(limit: limits.configuration).exceeds(limits.configuration) else {
                throw Self.tooLarge(limits.configuration)
            }
            missing += left.filter { one in !missing.contains { $0.owner == one.owner } }
            return result
        }
        if isApplied {
            next.current = try rebased(current)
            next.staged = try staged.map { stack throws(BackendError) in try rebased(stack) }
            next.refresh()
        } else {
            next.staged = try rebased(staged ?? current)
        }
        if next.staged == next.current { next.staged = nil }
        next.bytes = next.largestBytes
        if next.current != current { next.generation += 1 }
        self = next
        return missing
    }

    /// What is saved of it.
    package var saved: SavedConfiguration {
        SavedConfiguration(
            generation: generation, base: current.base, owners: current.owners, staged: staged?.owners)
    }

    /// The base that alone makes this effective configuration: that of the backend and the layers of all owners in one patch, if there is one
    /// that does, or else the effective configuration.
    package var combined: ConfigValue {
        let layer = current.owners.flatMap(\.layer.patches).reduce(current.base) { $0.merged(with: $1) }
        let patch = layer.patches.last ?? [:]
        return ConfigLayer(patch: patch).applied(to: rules.schema.defaults) == effective ? patch : effective
    }

    /// Puts the saved layers of owners on top of the base, and continues the generation.
    ///
    /// A layer that does not fit the base or the type any more is left out, and so is what was staged on top of it.
    ///
    /// - Returns: What was left out.
    package mutating func restore(_ saved: SavedConfiguration) -> [LayerNotRestored] {
        let (next, missing) = Self.fitting(saved.owners, on: current.base, rules)
        var left = missing
        if let owners = saved.staged {
            var stack = current
            stack.owners = owners
            do throws(BackendError) {
                _ = try Self.checked(stack, rules)
                staged = stack == next ? nil : stack
            } catch {
                left.append(LayerNotRestored(owner: nil, error: error))
            }
        }
        let isSame = current.base == saved.base && missing.isEmpty
        generation = isSame ? saved.generation : saved.generation + 1
        current = next
        refresh()
        bytes = largestBytes
        return left
    }

    /// The base with the layers that fit it.
    private static func fitting(
        _ owners: [ConfigStack.Owner], on base: ConfigLayer, _ rules: Rules
    ) -> (ConfigStack, missing: [LayerNotRestored]) {
        let all = ConfigStack(base: base, owners: owners)
        // Layers may fit together though one alone does not.
        if (try? checked(all, rules)) != nil { return (all, []) }
        var (next, missing): (ConfigStack, [LayerNotRestored]) = (ConfigStack(base: base), [])
        for owner in owners {
            var more = next
            more.owners.append(owner)
            do throws(BackendError) {
                _ = try checked(more, rules)
                next = more
            } catch {
                missing.append(LayerNotRestored(owner: owner.name, error: error))
            }
        }
        return (next, missing)
    }

    /// The layer of every leaf of the effective configuration, sorted by path.
    package func origins() -> [ConfigOrigin] {
        effective.leafPaths().filter { !$0.0.isEmpty }
            .map { ConfigOrigin(path: $0.0, layer: current.origin(of: $0.0)) }
    }
}

// MARK: Checks

extension BackendConfiguration {
    private static func check(
        _ patch: ConfigValue, schema: ConfigSchema, limits: BackendLimits
    ) throws(BackendError) {
        guard case .map = patch else {
            throw invalid([FieldViolation(path: "config", description: "must be a map")])
        }
        guard !ConfigSize(of: patch, limit: limits.configuration).exceeds(limits.configuration) else {
            throw tooLarge(limits.configuration)
        }
        let masked = schema.maskedSecretsSentBack(in: patch)
        guard masked.isEmpty else {
            throw BackendError(
                .invalidArgument, .secretMasked,
                "a secret of the configuration contains \"***\" in its place; send the secret itself, or leave it out to keep it",
                violations: masked.map { FieldViolation(path: field($0), description: "is a masked secret") })
        }
    }

    private func checkGeneration(_ expected: UInt64) throws(BackendError) {
        guard expected == 0 || expected == generation else {
            throw BackendError(
                .aborted, .generationMoved,
                "the configuration is at generation \(generation), not \(expected)",
                metadata: ["generation": String(generation), "expected_generation": String(expected)])
        }
    }

    private func merged(_ stack: ConfigStack, _ registration: ConfigRegistration) throws(BackendError) -> ConfigStack {
        var next = stack
        next.merge(registration.patch, owner: registration.owner)
        guard next != stack else { return stack }
        guard next.owners.count <= limits.owners else {
            throw BackendError(
                .resourceExhausted, .ownersFull,
                "\(stack.owners.count) owners already have layers; register under one of their names",
                metadata: ["limit": String(limits.owners)])
        }
        guard !next.size(limit: limits.configuration).exceeds(limits.configuration) else {
            throw Self.tooLarge(limits.configuration)
        }
        if let conflict = next.conflict(of: registration.owner) {
            throw BackendError(
                .aborted, .configConflict,
                "owners \(BackendName.quoted(registration.owner)) and \(BackendName.quoted(conflict.with)) give"
                    + " \(Self.field(conflict.path)) different values; set the same value in both",
                metadata: [
                    "path": Self.field(conflict.path), "owner": registration.owner, "other_owner": conflict.with,
                ])
        }
        _ = try Self.checked(next, rules)
        return next
    }

    private mutating func refresh() {
        effective = current.effective(over: rules.schema.defaults)
        masked = rules.schema.masked(effective)
    }

    /// The effective configuration of a stack, unless the type does not allow it.
    private static func checked(_ stack: ConfigStack, _ rules: Rules) throws(BackendError) -> ConfigValue {
        let effective = stack.effective(over: rules.schema.defaults)
        var violations = rules.schema.violations(in: effective)
        if violations.isEmpty { violations = rules.check(effective) }
        guard violations.isEmpty else {
            throw invalid(violations.map { FieldViolation(path: field($0.path), description: $0.message) })
        }
        return effective
    }

    private var largestBytes: Int {
        max(Self.bytes(effective), staged.map { Self.bytes($0.effective(over: rules.schema.defaults)) } ?? 0)
    }

    private static func bytes(_ value: ConfigValue) -> Int {
        ConfigSize(of: value, limit: .none).bytes
    }

    private static func field(_ path: ConfigPath) -> String {
        ConfigPath(["config"]).appending(path).description
    }

    private static func invalid(_ violations: [FieldViolation]) -> BackendError {
        let first = violations.first.map { "\($0.path) \($0.description)" } ?? "it breaks a rule of its type"
        let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
        return BackendError(
            .invalidArgument, .configInvalid, "the configuration is not valid: \(first)\(more)",
            violations: violations)
    }

    private static func tooLarge(_ limit: ConfigSize.Limit) -> BackendError {
        BackendError(
            .resourceExhausted, .configTooLarge,
            "the configuration is too large; all layers together may have \(limit.nodes) values, \(limit.depth) levels"
                + " and \(limit.bytes) bytes",
            metadata: [
                "limit_nodes": String(limit.nodes), "limit_depth": String(limit.depth),
                "limit_bytes": String(limit.bytes),
            ])
    }
}

/// A layer that was saved and does not fit any more.
package struct LayerNotRestored: Equatable, Sendable {
    /// Whose it was; nil: what was staged for the next start.
    package let owner: String?
    package let error: BackendError
}

extension ConfigSize.Limit {
    /// For values that were checked before.
    static let none = ConfigSize.Limit(nodes: .max, depth: .max, bytes: .max)
}
