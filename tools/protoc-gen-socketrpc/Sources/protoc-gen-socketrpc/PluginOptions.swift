// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What `tools/generate` asks for, as protoc's `key=value` parameters. `prefix` and `inline` may come several times.
package struct PluginOptions {
    /// The access level of values: `public` or `package`.
    package private(set) var access = "public"
    /// The module with the C structs.
    package private(set) var cModule = "CProtos"
    /// The module that the output is part of.
    package private(set) var module = ""
    /// What stands before a type's name, by protobuf package.
    package private(set) var prefixes: [String: String] = [:]
    /// The protobuf packages whose Swift types are in the module `SocketRPC`.
    package private(set) var runtimePackages: Set<String> = []
    /// The full names of methods that are answered inline.
    package private(set) var inlineMethods: Set<String> = []

    package init(_ pairs: [(key: String, value: String)]) throws {
        for (key, value) in pairs {
            switch key {
            case "access":
                guard ["public", "package"].contains(value) else {
                    throw GeneratorError("access is public or package, not \(value)")
                }
                access = value
            case "c_module": cModule = value
            case "module": module = value
            case "inline": inlineMethods.insert(value)
            case "runtime": runtimePackages.insert(value)
            case "prefix":
                let parts = value.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw GeneratorError("prefix wants PACKAGE:PREFIX, not \(value)") }
                prefixes[String(parts[0])] = String(parts[1])
            default:
                throw GeneratorError("no option is called \(key)")
            }
        }
        guard !module.isEmpty else { throw GeneratorError("the option module is missing") }
    }
}
