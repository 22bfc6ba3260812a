// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigSchema {
    /// The places of the configuration that the schema does not allow, in the order of the fields, then of the other
    /// keys.
    ///
    /// At most ``ConfigLimits/violations`` are reported. Messages never show the value of a secret.
    package func violations(in value: ConfigValue, at root: ConfigPath = []) -> [ConfigViolation] {
        var validation = Validation()
        for (path, _) in value.inexactIntegers(at: root) {
            validation.report(
                "is a number that might be rounded, expected a whole one from -\(ConfigValue.largestExactInteger)"
                    + " to \(ConfigValue.largestExactInteger), or text in quotes", at: path)
        }
        validation.check(value, against: .object(self), at: root, isSecret: false)
        return validation.violations
    }

    fileprivate func unknownKeyMessage(_ key: String) -> String {
        if let near = Spelling.nearest(to: key, among: fields.map(\.key)) {
            return "unknown key; did you mean \(near.quoted())?"
        }
        guard !fields.isEmpty else { return "unknown key; no keys are known here" }
        let known = fields.prefix(12).map(\.key).joined(separator: ", ")
        return "unknown key; known here: \(known)\(fields.count > 12 ? ", …" : "")"
    }
}

private struct Validation {
    var violations: [ConfigViolation] = []

    private var isFull: Bool { violations.count >= ConfigLimits.violations }

    fileprivate mutating func report(_ message: String, at path: ConfigPath) {
        if !isFull { violations.append(ConfigViolation(path: path, message: message)) }
    }

    mutating func check(_ value: ConfigValue, against kind: ConfigField.Kind, at path: ConfigPath, isSecret: Bool) {
        switch (kind, value) {
        case (.bool, .bool), (.any, _), (.number(nil), .integer), (.number(nil), .number):
            break
        case (.integer(let range), _):
            check(value.integerValue, of: value, in: range, kind, at: path, isSecret: isSecret)
        case (.number(let range?), _):
            check(value.numberValue, of: value, in: range, kind, at: path, isSecret: isSecret)
        case (.string(let rule), .string(let text)):
            if let expectation = rule.expectation(missedBy: text) {
                report("is \(value.phrase(isSecret: isSecret)), expected \(expectation)", at: path)
            }
        case (.duration(let range), .string(let text)):
            check(text, in: range, at: path, isSecret: isSecret)
        case (.list(let kind), .list(let elements)):
            for (index, element) in elements.enumerated() where !isFull {
                check(element, against: kind, at: path.appending(.index(index)), isSecret: isSecret)
            }
        case (.map(let kind), .map(let members)):
            for (key, member) in members.sorted() where !isFull {
                check(member, against: kind, at: path.appending(.key(key)), isSecret: isSecret)
            }
        case (.object(let schema), .map(let members)):
            check(members, against: schema, at: path, isSecret: isSecret)
        case (.bool, _), (.number(nil), _), (.string, _), (.duration, _), (.list, _), (.map, _), (.object, _):
            report("is \(value.phrase(isSecret: isSecret)), expected \(kind.phrase)", at: path)
        }
    }

    private mutating func check(
        _ members: TextMap<ConfigValue>, against schema: ConfigSchema, at path: ConfigPath, isSecret: Bool
    ) {
        for field in schema.fields {
            let place = path.appending(.key(field.key))
            if let member = members[field.key] {
                check(member, against: field.kind, at: place, isSecret: isSecret || field.isSecret)
            } else if field.isRequired {
                report("is missing, expected \(field.kind.phrase)", at: place)
            }
        }
        guard !schema.allowsOtherKeys else { return }
        for key in members.sortedKeys where schema.field(key) == nil && !isFull {
            report(schema.unknownKeyMessage(key), at: path.appending(.key(key)))
        }
    }

    private mutating func check<Number: Comparable>(
        _ number: Number?, of value: ConfigValue, in range: ClosedRange<Number>?, _ kind: ConfigField.Kind,
        at path: ConfigPath, isSecret: Bool
    ) {
        if let number, range?.contains(number) ?? true { return }
        report("is \(value.phrase(isSecret: isSecret)), expected \(kind.phrase)", at: path)
    }

    private mutating func check(
        _ text: String, in range: ClosedRange<ConfigDuration>?, at path: ConfigPath, isSecret: Bool
    ) {
        let phrase = ConfigValue.string(text).phrase(isSecret: isSecret)
        do throws(ConfigDurationError) {
            let duration = try ConfigDuration(parsing: text)
            guard let range, !range.contains(duration) else { return }
            report("is \(phrase), expected a duration from \(range.lowerBound) to \(range.upperBound)", at: path)
        } catch {
            report("is \(phrase), expected a duration: \(isSecret ? "such as \"30s\"" : error.problem)", at: path)
        }
    }
}

extension ConfigValue {
    /// The value as the end of a sentence "is …": its kind, and the value itself if it is short and may be shown.
    fileprivate func phrase(isSecret: Bool) -> String {
        switch self {
        case .null: "null"
        case .bool(let value): isSecret ? "a truth value" : "\(value)"
        case .integer(let value): isSecret ? "a number" : "the number \(value)"
        case .number(let value): isSecret ? "a number" : "the number \(value)"
        case .string(let text):
            isSecret || text.utf8.count > 64
                ? "a string" : "the string \(SecretWords.masked(text, mask: "***").quoted())"
        case .list: "a list"
        case .map: "a map"
        }
    }
}

/// One place of a configuration that its schema does not allow.
package struct ConfigViolation: Hashable, Sendable, CustomStringConvertible {
    package let path: ConfigPath
    package let message: String

    package init(path: ConfigPath, message: String) {
        self.path = path
        // Quoted text, such as the path of a program, may contain a secret.
        self.message = SecretWords.shown(message)
    }

    package var description: String {
        path.isEmpty ? message : "\(SecretWords.shown(path.description)): \(message)"
    }
}
