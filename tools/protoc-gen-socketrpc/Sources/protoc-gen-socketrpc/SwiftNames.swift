// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// The names of what the plugin makes.
struct SwiftNames {
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
        "api", "grpc", "http", "id", "ip", "json", "pid", "tls", "uid", "uri", "url",
    ]

    /// `model_id` → `modelID`, `GRPC` stays itself at the start in lower case.
    static func lowerCamel(_ name: String) -> String {
        let parts = name.split(separator: "_").map { $0.lowercased() }
        guard let first = parts.first else { return name }
        return escaped(first + parts.dropFirst().map(capitalized).joined())
    }

    static func upperCamel(_ name: String) -> String {
        name.split(separator: "_").map { capitalized($0.lowercased()) }.joined()
    }

    /// `StartBackend` → `startBackend`, `HTTPThing` → `httpThing`.
    static func lowerFirst(_ name: String) -> String {
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

    static func escaped(_ name: String) -> String {
        let keywords: Set<String> = [
            "as", "case", "catch", "class", "default", "defer", "do", "else", "enum", "extension", "false", "for",
            "func",
            "guard", "if", "import", "in", "init", "internal", "is", "let", "nil", "operator", "private", "protocol",
            "public", "repeat", "return", "self", "static", "struct", "super", "switch", "throw", "throws", "true",
            "try",
            "var", "where", "while",
        ]
        return keywords.contains(name) ? "`\(name)`" : name
    }

    private static func capitalized(_ part: String) -> String {
        initialisms.contains(part) ? part.uppercased() : part.prefix(1).uppercased() + part.dropFirst()
    }

    private static func snakeUpper(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase && !result.isEmpty { result += "_" }
            result += character.uppercased()
        }
        return result
    }
}
