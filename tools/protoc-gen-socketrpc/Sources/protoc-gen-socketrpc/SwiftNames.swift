// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// The names of what the plugin makes.
package struct SwiftNames {
    let options: PluginOptions

    /// The type of a message, nested as in the .proto file.
    func message(_ message: Descriptor) -> String {
        if let outer = message.containingType { return "\(self.message(outer)).\(message.name)" }
        return prefix(message.file) + message.name
    }

    func enumeration(_ enumeration: EnumDescriptor) -> String {
        if let outer = enumeration.containingType { return "\(message(outer)).\(enumeration.name)" }
        return prefix(enumeration.file) + enumeration.name
    }

    func oneof(_ oneof: OneofDescriptor) -> String {
        "\(message(oneof.containingType)).\(Self.upperCamel(oneof.name))"
    }

    func prefix(_ file: FileDescriptor) -> String {
        options.prefixes[file.package] ?? ""
    }

    /// Whether a type is in the module SocketRPC.
    func isRuntime(_ file: FileDescriptor) -> Bool {
        options.runtimePackages.contains(file.package)
    }

    static let initialisms: Set<String> = [
        "id", "url", "uri", "http", "grpc", "json", "api", "uid", "pid", "tls", "ip",
    ]

    /// `model_id` → `modelID`, `NOT_READY` → `notReady`, `camelCase` stays.
    package static func lowerCamel(_ name: String) -> String {
        let parts = words(name)
        guard let first = parts.first else { return name }
        return escaped(first.prefix(1).lowercased() + first.dropFirst() + parts.dropFirst().map(capitalized).joined())
    }

    package static func upperCamel(_ name: String) -> String {
        words(name).map(capitalized).joined()
    }

    /// The parts of a name; one that is all capitals is in lower case.
    private static func words(_ name: String) -> [String] {
        name.split(separator: "_").map { $0.contains(where: \.isLowercase) ? String($0) : $0.lowercased() }
    }

    /// `StartBackend` → `startBackend`, `HTTPThing` → `httpThing`.
    package static func lowerFirst(_ name: String) -> String {
        let capitals = name.prefix { $0.isUppercase }
        let count = capitals.count > 1 && capitals.count < name.count ? capitals.count - 1 : capitals.count
        return name.prefix(count).lowercased() + name.dropFirst(count)
    }

    /// The case of an enum's value, without the enum's own name in front.
    static func enumCase(_ value: EnumValueDescriptor) -> String {
        let prefix = snakeUpper(value.enumType.name) + "_"
        let name = value.name.hasPrefix(prefix) ? String(value.name.dropFirst(prefix.count)) : value.name
        return lowerCamel(name)
    }

    /// In backquotes if Swift reserves the word; behind an underscore if it begins with a digit.
    package static func escaped(_ name: String) -> String {
        if name.first?.isNumber == true { return "_" + name }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else",
        "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in",
        "init",
        "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
        "repeat",
        "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true",
        "try",
        "typealias", "var", "where", "while",
    ]

    private static func capitalized(_ part: String) -> String {
        initialisms.contains(part) ? part.uppercased() : part.prefix(1).uppercased() + part.dropFirst()
    }

    /// `HTTPState` → `HTTP_STATE`: an underscore between a small letter and a capital, and before the last of several
    /// capitals when a small letter follows.
    package static func snakeUpper(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if index > 0, letter.isUppercase {
                let endsCapitals = index + 1 < letters.count && letters[index + 1].isLowercase
                if !letters[index - 1].isUppercase || endsCapitals { result += "_" }
            }
            result += letter.uppercased()
        }
        return result
    }
}
