// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// What one owner has set in a configuration so far: all merge patches of that owner, combined into one value.
///
/// A merge patch cannot say "replace this map", but `{"a": null}` followed by `{"a": {"b": 1}}` means exactly that. A
/// layer therefore records for each place whether it deletes, replaces or merges, so that applying the layer has the
/// same result as applying the patches one after the other. Merging a patch twice in a row has no further effect.
package struct ConfigLayer: Hashable, Sendable {
    enum Node: Hashable, Sendable {
        case delete
        /// The value, whatever was there before.
        case replace(ConfigValue)
        /// A map, merged into the map that was there before.
        case merge(TextMap<Node>)
    }

    /// Nil until the first patch.
    private(set) var root: Node?

    package init() {}

    package init(patch: ConfigValue) {
        root = Node(patch: patch)
    }

    /// Whether this layer changes nothing in the layers below, provided that the configuration is a map.
    package var isEmpty: Bool { root == nil || root == .merge([:]) }

    /// The number of places the layer sets; callers bound it.
    package var nodeCount: Int { root?.nodeCount ?? 0 }

    package mutating func merge(patch: ConfigValue) {
        root = root?.merged(with: patch) ?? Node(patch: patch)
    }

    package func merged(with patch: ConfigValue) -> ConfigLayer {
        var layer = self
        layer.merge(patch: patch)
        return layer
    }

    package func applied(to value: ConfigValue) -> ConfigValue {
        guard let root else { return value }
        return root.applied(to: value) ?? .null
    }

    /// Every place the layer sets, sorted by path, with its value; null if the layer deletes it.
    package func leafAssignments() -> [(ConfigPath, ConfigValue)] {
        var leaves: [(ConfigPath, ConfigValue)] = []
        root?.collectLeaves(at: [], into: &leaves)
        return leaves
    }

    /// Whether the layer affects the value at the path: it sets or deletes it, a place above it, or a place inside it.
    ///
    /// A leaf of the effective configuration comes from the last layer that assigns it.
    package func assigns(_ path: ConfigPath) -> Bool {
        guard var node = root else { return false }
        for component in path.components {
            guard case .merge(let children) = node else { return true }
            guard case .key(let key) = component, let child = children[key] else { return false }
            node = child
        }
        return true
    }
}

extension ConfigLayer.Node {
    init(patch: ConfigValue) {
        switch patch {
        case .null: self = .delete
        case .map(let changes): self = .merge(changes.mapValues(Self.init(patch:)))
        case .bool, .integer, .number, .string, .list: self = .replace(patch)
        }
    }

    func merged(with patch: ConfigValue) -> Self {
        guard case .map(let changes) = patch else { return Self(patch: patch) }
        switch self {
        case .delete:
            return .replace(ConfigValue.null.merged(with: patch))
        case .replace(let value):
            return .replace(value.merged(with: patch))
        case .merge(var children):
            for (key, change) in changes {
                children[key] = children[key]?.merged(with: change) ?? Self(patch: change)
            }
            return .merge(children)
        }
    }

    /// Nil if the value is deleted.
    func applied(to value: ConfigValue?) -> ConfigValue? {
        switch self {
        case .delete:
            return nil
        case .replace(let replacement):
            return replacement
        case .merge(let children):
            var members = value?.mapValue ?? [:]
            for (key, child) in children {
                members[key] = child.applied(to: members[key])
            }
            return .map(members)
        }
    }

    var nodeCount: Int {
        switch self {
        case .delete: 1
        case .replace(let value): value.nodeCount
        case .merge(let children): children.values.reduce(1) { $0 + $1.nodeCount }
        }
    }

    func collectLeaves(at path: ConfigPath, into leaves: inout [(ConfigPath, ConfigValue)]) {
        switch self {
        case .delete:
            leaves.append((path, .null))
        case .replace(let value):
            value.collectLeaves(at: path, into: &leaves)
        case .merge(let children):
            if children.isEmpty { leaves.append((path, [:])) }
            for (key, child) in children.sorted() {
                child.collectLeaves(at: path.appending(.key(key)), into: &leaves)
            }
        }
    }
}
