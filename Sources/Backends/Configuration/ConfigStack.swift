// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// The layers above a type's defaults, lowest first: the base, then one for each owner in order of first registration.
struct ConfigStack: Equatable, Sendable {
    struct Owner: Equatable, Sendable {
        var name: String
        var layer: ConfigLayer
    }

    var base: ConfigLayer
    var owners: [Owner] = []

    /// Merges the patch into the owner's layer. A patch that says nothing does not make an owner of a stranger.
    mutating func merge(_ patch: ConfigValue, owner: String) {
        if let index = owners.firstIndex(where: { $0.name.isIdentical(to: owner) }) {
            owners[index].layer.merge(patch: patch)
            return
        }
        let layer = ConfigLayer(patch: patch)
        if !layer.isEmpty { owners.append(Owner(name: owner, layer: layer)) }
    }

    func effective(over defaults: ConfigValue) -> ConfigValue {
        owners.reduce(base.applied(to: defaults)) { $1.layer.applied(to: $0) }
    }

    /// Where the owner disagrees with another one.
    func conflict(of owner: String) -> (path: ConfigPath, with: String)? {
        guard let mine = owners.first(where: { $0.name.isIdentical(to: owner) })?.layer else { return nil }
        for other in owners where !other.name.isIdentical(to: owner) {
            if let path = ConfigLayer.conflict(between: other.layer, and: mine) { return (path, other.name) }
        }
        return nil
    }

    func size(limit: ConfigSize.Limit) -> ConfigSize {
        var size = ConfigSize()
        size.add(base, limit: limit)
        for owner in owners { size.add(owner.layer, limit: limit) }
        return size
    }

    func origin(of path: ConfigPath) -> ConfigOrigin.Layer {
        if let owner = owners.last(where: { $0.layer.assigns(path) }) { return .owner(owner.name) }
        return base.assigns(path) ? .base : .defaults
    }
}
