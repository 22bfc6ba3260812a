// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ConfigSchema {
    /// What stands in the place of a secret wherever a configuration is shown.
    package static let mask: ConfigValue = "***"

    /// Where the configuration holds secrets, sorted by path.
    ///
    /// A declared field is a secret where it says so. Under keys that nobody declared (other keys of a schema that allows them,
    /// maps with any keys, values of any kind), every key whose lower-cased name ends in `password`, `secret`, `token`,
    /// `api_key` or `private_key` is one, with whatever stands there. Nulls are no secrets.
    package func secretPaths(in value: ConfigValue) -> [ConfigPath] {
        var search = SecretSearch()
        _ = search.masked(value, .object(self), at: [])
        return search.paths.sorted()
    }

    /// The configuration with `***` in the place of each secret.
    package func masked(_ value: ConfigValue) -> ConfigValue {
        var search = SecretSearch()
        return search.masked(value, .object(self), at: [])
    }

    /// The secrets that read `***`: somebody sent back what he was shown.
    package func maskedSecretsSentBack(in value: ConfigValue) -> [ConfigPath] {
        secretPaths(in: value).filter { value[$0] == Self.mask }
    }
}

private struct SecretSearch {
    private static let endings = ["password", "secret", "token", "api_key", "private_key"]

    var paths: [ConfigPath] = []

    /// The value with every secret in it masked.
    mutating func masked(_ value: ConfigValue, _ kind: ConfigField.Kind, at path: ConfigPath) -> ConfigValue {
        switch (kind, value) {
        case (.object(let schema), .map(let members)):
            masked(members, at: path) { key in
                guard let field = schema.field(key) else { return (.any, Self.soundsSecret(key)) }
                return (field.kind, field.isSecret)
            }
        case (.map(let kind), .map(let members)):
            masked(members, at: path) { key in (kind, kind.isOpen && Self.soundsSecret(key)) }
        case (_, .map(let members)):
            masked(members, at: path) { key in (.any, Self.soundsSecret(key)) }
        case (.list(let kind), .list(let elements)):
            masked(elements, kind, at: path)
        case (_, .list(let elements)):
            masked(elements, .any, at: path)
        case (_, .null), (_, .bool), (_, .integer), (_, .number), (_, .string):
            value
        }
    }

    private mutating func masked(
        _ elements: [ConfigValue], _ kind: ConfigField.Kind, at path: ConfigPath
    ) -> ConfigValue {
        .list(elements.enumerated().map { masked($0.element, kind, at: path.appending(.index($0.offset))) })
    }

    private mutating func masked(
        _ members: [String: ConfigValue], at path: ConfigPath,
        declaration: (String) -> (kind: ConfigField.Kind, isSecret: Bool)
    ) -> ConfigValue {
        var shown = members
        for (key, member) in members {
            let place = path.appending(.key(key))
            let (kind, isSecret) = declaration(key)
            if isSecret && !member.isNull {
                paths.append(place)
                shown[key] = ConfigSchema.mask
            } else {
                shown[key] = masked(member, kind, at: place)
            }
        }
        return .map(shown)
    }

    private static func soundsSecret(_ key: String) -> Bool {
        let key = key.lowercased()
        return endings.contains { key.hasSuffix($0) }
    }
}

extension ConfigField.Kind {
    /// Whether only the key says what a value of this kind holds.
    fileprivate var isOpen: Bool {
        switch self {
        case .string, .any: true
        case .bool, .integer, .number, .duration, .list, .map, .object: false
        }
    }
}
