// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// One `KEY.PATH=VALUE` of `config set`.
package struct Assignment: Hashable, Sendable {
    package let path: ConfigPath
    package let value: ConfigValue

    /// The value is YAML or JSON; `KEY=` sets an empty string and `KEY=null` deletes.
    package init(parsing argument: String) throws(CommandFailure) {
        guard let equals = Self.firstEquals(in: argument) else {
            throw .usage("ASSIGNMENT_INVALID", "there is no = in \(argument.quoted())", hint: Self.example)
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

    /// Returns the index of the first `=` outside of quoted keys.
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

    /// Returns one patch that makes all assignments.
    package static func patch(_ assignments: [Assignment]) throws(CommandFailure) -> ConfigValue {
        var patch = ConfigValue.map([:])
        for assignment in assignments {
            guard let next = ConfigValue.patch(setting: assignment.path, to: assignment.value) else {
                throw .usage(
                    "ASSIGNMENT_INVALID", "\(assignment.path) leads into a list, which can only be set as a whole",
                    hint: "set the whole list, for example ports=[1,2]")
            }
            guard let combined = combine(patch, next) else {
                throw .usage("ASSIGNMENT_INVALID", "\(assignment.path) is set twice", hint: "set each path once")
            }
            patch = combined
        }
        return patch
    }

    /// Returns both patches in one, with their nulls; nil if they set the same path.
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
