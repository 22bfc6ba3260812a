// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// The layers above a type's defaults, lowest first: the base, then one for each owner in order of first registration.
struct ConfigStack: Equatable, Sendable {
    struct Owner: Equatable, Sendable {
        var name: String
        var layer: ConfigLayer
    }

    var base: ConfigLayer
    var owners: [Owner] = []

    /// Merges the patch into the owner's layer. An empty patch does not create a layer for a new owner.
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

/// Which layer decided one path of the effective configuration.
package struct ConfigOrigin: Hashable, Sendable {
    package var path: ConfigPath
    package var layer: Layer

    package enum Layer: Hashable, Sendable {
        case defaults
        case base
        case owner(String)
    }
}

extension ConfigOrigin.Layer: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .defaults: "defaults"
        case .base: "base"
        case .owner(let name): "owner:\(name)"
        }
    }
}
