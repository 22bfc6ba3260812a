// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// The names that protoc-c gives to what it makes.
package enum CNames {
    /// `backends.v1.GRPCContext` → `Backends__V1__GRPCContext`.
    package static func type(_ fullName: String) -> String {
        fullName.split(separator: ".").map { camel(String($0)) }.joined(separator: "__")
    }

    /// `backends.v1.MetadataEntry` → `backends__v1__metadata_entry__init`.
    package static func initializer(_ fullName: String) -> String {
        fullName.split(separator: ".").map { snake(String($0)) }.joined(separator: "__") + "__init"
    }

    static func oneofCaseType(_ oneof: OneofDescriptor) -> String {
        "\(type(oneof.containingType.fullName))__\(camel(oneof.name))Case"
    }

    /// The member of the struct: in lower case, with an underscore behind a word that C++ keeps for itself.
    package static func field(named name: String) -> String {
        let name = name.lowercased()
        return keywords.contains(name) ? name + "_" : name
    }

    /// What protoc-c takes for keywords.
    private static let keywords: Set<String> = [
        "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class", "compl",
        "const", "const_cast", "continue", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
        "explicit",
        "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace",
        "new",
        "not", "not_eq", "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
        "return", "short", "signed", "sizeof", "static", "static_cast", "struct", "switch", "template", "this", "throw",
        "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
        "wchar_t", "while", "xor", "xor_eq",
    ]

    private static func camel(_ name: String) -> String {
        name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// An underscore before each capital that follows no capital.
    private static func snake(_ name: String) -> String {
        var result = ""
        var followsCapital = true
        for character in name {
            if character.isUppercase && !followsCapital { result += "_" }
            result += character.lowercased()
            followsCapital = character.isUppercase
        }
        return result
    }
}
