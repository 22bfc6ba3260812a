// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigLayer {
    /// The fewest merge patches that make an equal layer when they are merged one after the other.
    ///
    /// There are two if the layer replaces a map: the first deletes the map, the second sets it.
    package var patches: [ConfigValue] {
        guard let root else { return [] }
        return [root.deletions, root.patch].compactMap { $0 }
    }

    /// Merges the patches one after the other.
    package init(patches: [ConfigValue]) {
        self.init()
        for patch in patches { merge(patch: patch) }
    }
}

extension ConfigLayer.Node {
    /// Null at each place whose map is replaced, and nothing else; nil if there is none.
    fileprivate var deletions: ConfigValue? {
        switch self {
        case .delete:
            return nil
        case .replace(let value):
            guard case .map = value else { return nil }
            return .null
        case .merge(let children):
            let inner = children.compactMapValues { $0.deletions }
            return inner.isEmpty ? nil : .map(inner)
        }
    }

    /// The last merge patch: what it sets is set, whatever the layer was before.
    fileprivate var patch: ConfigValue {
        switch self {
        case .delete: .null
        case .replace(let value): value
        case .merge(let children): .map(children.mapValues { $0.patch })
        }
    }
}
