// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigSchema {
    /// The value that replaces a secret wherever a configuration is shown.
    package static let mask: ConfigValue = "***"

    /// The paths of all secrets in the configuration, sorted.
    ///
    /// A declared field is a secret if its declaration says so. Among undeclared keys (other keys of a schema that
    /// allows them, maps with any keys, values of any kind), every key that sounds like a secret is one, with whatever
    /// its value is. In every text, passwords in URLs and values such as that of `--api-key=VALUE` are secrets, and in
    /// a list the item after `--api-key` and the password in the item after `--user`. Nulls are not secrets. The
    /// documentation of the types states the rule.
    package func secretPaths(in value: ConfigValue) -> [ConfigPath] {
        var search = SecretSearch()
        _ = search.masked(value, .object(self), at: [])
        return Set(search.paths).sorted()
    }

    /// The configuration with each secret replaced by `***`.
    package func masked(_ value: ConfigValue) -> ConfigValue {
        var search = SecretSearch()
        return search.masked(value, .object(self), at: [])
    }

    /// The secrets that are `***`: a caller sent back what it was shown.
    ///
    /// A text with a secret in it was sent back if masking changes nothing in it.
    package func maskedSecretsSentBack(in value: ConfigValue) -> [ConfigPath] {
        let shown = masked(value)
        return secretPaths(in: value).filter { value[$0] == shown[$0] }
    }
}

private struct SecretSearch {
    var paths: [ConfigPath] = []

    /// The value with every secret in it masked.
    mutating func masked(_ value: ConfigValue, _ kind: ConfigField.Kind, at path: ConfigPath) -> ConfigValue {
        switch (kind, value) {
        case (.object(let schema), .map(let members)):
            masked(members, at: path) { key in
                guard let field = schema.field(key) else { return (.any, SecretWords.soundsSecret(key)) }
                return (field.kind, field.isSecret)
            }
        case (.map(let kind), .map(let members)):
            masked(members, at: path) { key in (kind, kind.isOpen && SecretWords.soundsSecret(key)) }
        case (_, .map(let members)):
            masked(members, at: path) { key in (.any, SecretWords.soundsSecret(key)) }
        case (.list(let kind), .list(let elements)):
            masked(elements, kind, at: path)
        case (_, .list(let elements)):
            masked(elements, .any, at: path)
        case (_, .string(let text)):
            masked(text, at: path)
        case (_, .null), (_, .bool), (_, .integer), (_, .number):
            value
        }
    }

    private mutating func masked(
        _ text: String, at path: ConfigPath,
        by rule: (String, _ mask: String) -> String = { SecretWords.masked($0, mask: $1) }
    ) -> ConfigValue {
        let shown = rule(text, mask)
        // A secret that equals the mask is still a secret.
        if shown != text || text.contains(mask) && rule(text, "") != text { paths.append(path) }
        return .string(shown)
    }

    private var mask: String { ConfigSchema.mask.stringValue ?? "" }

    private mutating func masked(
        _ elements: [ConfigValue], _ kind: ConfigField.Kind, at path: ConfigPath
    ) -> ConfigValue {
        // A header as a pair.
        if kind == .any, elements.count == 2, let name = elements[0].stringValue, SecretWords.namesSecret(name),
            !elements[1].isNull
        {
            paths.append(path.appending(.index(1)))
            return .list([elements[0], ConfigSchema.mask])
        }
        var (before, isAfterScheme) = ("", false)
        return .list(
            elements.enumerated().map { index, element in
                let place = path.appending(.index(index))
                let text = element.stringValue ?? ""
                // The credential is the item after the scheme: `--token`, `Bearer`, `VALUE`.
                let isScheme = SecretWords.announcesSecret(before) && SecretWords.schemes.contains(text.lowercased())
                defer { (before, isAfterScheme) = (text, isScheme) }
                // Even a number, or a text that begins with a dash, may be the value.
                let isCredential = isAfterScheme && !text.isEmpty && !text.utf8.starts(with: "-".utf8)
                if SecretWords.announcesSecret(before) || isCredential, !element.isNull {
                    paths.append(place)
                    return ConfigSchema.mask
                }
                guard let text = element.stringValue, SecretWords.announcesUser(before) else {
                    return masked(element, kind, at: place)
                }
                return masked(text, at: place) { SecretWords.maskedUser($0, mask: $1) }
            })
    }

    private mutating func masked(
        _ members: TextMap<ConfigValue>, at path: ConfigPath,
        declaration: (String) -> (kind: ConfigField.Kind, isSecret: Bool)
    ) -> ConfigValue {
        var shown: [(key: String, value: ConfigValue)] = []
        // A variable as container configurations have it: its name is a value too.
        let isNamed = ["name", "Name", "key", "Key", "header", "Header"].contains { key in
            members[key]?.stringValue.map { SecretWords.soundsSecret($0) } ?? false
        }
        for (key, member) in members {
            let place = path.appending(.key(key))
            var (kind, isSecret) = declaration(key)
            if isNamed, kind == .any, key.isIdentical(to: "value") || key.isIdentical(to: "Value") { isSecret = true }
            if isSecret && !member.isNull {
                paths.append(place)
                shown.append((key, ConfigSchema.mask))
            } else {
                shown.append((key, masked(member, kind, at: place)))
            }
        }
        return .map(withMaskedKeys(shown, at: path))
    }

    /// The members with the secrets in their keys masked. Keys that become equal by that get a number: `X: *** (2)`.
    private mutating func withMaskedKeys(
        _ members: [(key: String, value: ConfigValue)], at path: ConfigPath
    ) -> TextMap<ConfigValue> {
        var shown = TextMap<ConfigValue>()
        var changed: [(key: String, masked: String, value: ConfigValue)] = []
        for (key, value) in members {
            let masked = SecretWords.masked(key, mask: mask)
            if masked.isIdentical(to: key) {
                shown[key] = value
                // It was shown masked, and is sent back.
                if key.contains(mask), SecretWords.masked(key, mask: "") != key {
                    paths.append(path.appending(.key(key)))
                }
            } else {
                changed.append((key, masked, value))
            }
        }
        var numbers = TextMap<Int>()
        // In the order of the keys, so that the numbers are the same each time.
        for (key, masked, value) in changed.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            var name = masked
            while shown[name] != nil {
                numbers[masked, default: 1] += 1
                name = "\(masked) (\(numbers[masked, default: 1]))"
            }
            shown[name] = value
            paths.append(path.appending(.key(key)))
        }
        return shown
    }
}

extension ConfigField.Kind {
    /// Whether only the key tells what a value of this kind means.
    fileprivate var isOpen: Bool {
        switch self {
        case .string, .any: true
        case .bool, .integer, .number, .duration, .list, .map, .object: false
        }
    }
}
