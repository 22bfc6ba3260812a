// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// The names that protoc-c gives to what it makes.
enum CNames {
    /// `backends.v1.GRPCContext` → `Backends__V1__GRPCContext`.
    static func type(_ fullName: String) -> String {
        fullName.split(separator: ".").map { camel(String($0)) }.joined(separator: "__")
    }

    /// `backends.v1.MetadataEntry` → `backends__v1__metadata_entry__init`.
    static func initializer(_ fullName: String) -> String {
        fullName.split(separator: ".").map { snake(String($0)) }.joined(separator: "__") + "__init"
    }

    static func oneofCaseType(_ oneof: OneofDescriptor) -> String {
        "\(type(oneof.containingType.fullName))__\(camel(oneof.name))Case"
    }

    static func field(_ field: FieldDescriptor) -> String {
        field.name.lowercased()
    }

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
