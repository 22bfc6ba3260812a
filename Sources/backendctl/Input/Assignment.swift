// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// One `KEY.PATH=VALUE` of `config set`.
package struct Assignment: Hashable, Sendable {
    package let path: ConfigPath
    package let value: ConfigValue

    /// The value is YAML or JSON; `KEY=` sets an empty text and `KEY=null` deletes.
    package init(parsing argument: String) throws(CommandFailure) {
        guard let equals = Self.firstEquals(in: argument) else {
            throw .usage("ASSIGNMENT_INVALID", "there is no = in \(ConfigText.quoted(argument))", hint: Self.example)
        }
        do throws(ConfigPathError) {
            path = try ConfigPath(parsing: String(argument[..<equals]))
        } catch {
            throw .usage("ASSIGNMENT_INVALID", "\(error)", hint: Self.example)
        }
        let text = String(argument[argument.index(after: equals)...])
        value = text.isEmpty ? .string("") : try Input.text(text).document(at: path)
    }

    private static let example = "write KEY.PATH=VALUE, for example model.revision=2"

    /// The place of the first `=` that stands in no quoted key.
    private static func firstEquals(in text: String) -> String.Index? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "=" where !isQuoted: return index
            default: break
            }
        }
        return nil
    }

    /// The one patch that makes all assignments.
    package static func patch(_ assignments: [Assignment]) throws(CommandFailure) -> ConfigValue {
        var patch = ConfigValue.map([:])
        for assignment in assignments {
            guard let next = ConfigValue.patch(setting: assignment.path, to: assignment.value) else {
                throw .usage(
                    "ASSIGNMENT_INVALID", "\(assignment.path) leads into a list, which is only set as a whole",
                    hint: "set the whole list, for example ports=[1,2]")
            }
            guard let combined = combine(patch, next) else {
                throw .usage("ASSIGNMENT_INVALID", "\(assignment.path) is set twice", hint: "set each path once")
            }
            patch = combined
        }
        return patch
    }

    /// Both patches in one, with their nulls; nil where they set the same path.
    private static func combine(_ first: ConfigValue, _ second: ConfigValue) -> ConfigValue? {
        guard case .map(var members) = first, case .map(let additions) = second else { return nil }
        for (key, addition) in additions {
            guard let present = members[key] else {
                members[key] = addition
                continue
            }
            guard let combined = combine(present, addition) else { return nil }
            members[key] = combined
        }
        return .map(members)
    }
}
