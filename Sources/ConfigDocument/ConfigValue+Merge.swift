// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigValue {
    /// The value after an RFC 7396 merge patch: maps merge, scalars and lists replace, null deletes.
    ///
    /// A map in the patch makes a map of whatever stood there. Nulls inside a list are values of the list and stay.
    package func merged(with patch: ConfigValue) -> ConfigValue {
        guard case .map(let changes) = patch else { return patch }
        var members = mapValue ?? [:]
        for (key, change) in changes {
            members[key] = change.isNull ? nil : (members[key] ?? .null).merged(with: change)
        }
        return .map(members)
    }

    /// The patch that sets one path; nil where the path goes through a list, which a merge patch cannot change in part.
    package static func patch(setting path: ConfigPath, to value: ConfigValue) -> ConfigValue? {
        var patch = value
        for component in path.components.reversed() {
            guard case .key(let key) = component else { return nil }
            patch = .map([key: patch])
        }
        return patch
    }
}
