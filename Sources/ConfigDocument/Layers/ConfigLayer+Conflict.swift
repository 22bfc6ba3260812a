// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigLayer {
    /// The first path on which two layers disagree; nil if, and only if, their order does not matter.
    ///
    /// A deletion conflicts with any assignment, a scalar or list with anything but itself, and a map that replaces
    /// what is below with whatever the other layer adds to it. If both only merge, their members are compared.
    package static func conflict(between one: ConfigLayer, and other: ConfigLayer) -> ConfigPath? {
        guard let one = one.root, let other = other.root else { return nil }
        return Node.conflict(between: one, and: other, at: [])
    }
}

extension ConfigLayer.Node {
    fileprivate static func conflict(between one: Self, and other: Self, at path: ConfigPath) -> ConfigPath? {
        switch (one, other) {
        case (.delete, .delete): nil
        case (.delete, .replace), (.delete, .merge), (.replace, .delete), (.merge, .delete): path
        case (.replace(let one), .replace(let other)): difference(between: one, and: other, at: path)
        case (.replace(let value), .merge(let children)), (.merge(let children), .replace(let value)):
            change(of: value, by: children, at: path)
        case (.merge(let one), .merge(let other)):
            one.sortedKeys.firstNonNil { key in
                guard let mine = one[key], let theirs = other[key] else { return nil }
                return conflict(between: mine, and: theirs, at: path.appending(.key(key)))
            }
        }
    }

    /// The first path at which merging the children into the value would change it.
    private static func change(
        of value: ConfigValue, by children: TextMap<Self>, at path: ConfigPath
    ) -> ConfigPath? {
        guard case .map(let members) = value else { return path }
        return children.sortedKeys.firstNonNil { key in
            guard let child = children[key] else { return nil }
            let place = path.appending(.key(key))
            guard let member = members[key] else { return child == .delete ? nil : place }
            return conflict(between: child, and: .replace(member), at: place)
        }
    }

    private static func difference(
        between one: ConfigValue, and other: ConfigValue, at path: ConfigPath
    ) -> ConfigPath? {
        if one == other { return nil }
        guard case .map(let mine) = one, case .map(let theirs) = other else { return path }
        return mine.merged(with: theirs).sortedKeys.firstNonNil { key in
            let place = path.appending(.key(key))
            guard let one = mine[key], let other = theirs[key] else { return place }
            return difference(between: one, and: other, at: place)
        }
    }
}

extension Sequence {
    fileprivate func firstNonNil<Result>(_ transform: (Element) -> Result?) -> Result? {
        for element in self {
            if let result = transform(element) { return result }
        }
        return nil
    }
}
