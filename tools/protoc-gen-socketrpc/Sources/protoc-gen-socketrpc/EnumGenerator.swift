// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes a Swift enum that keeps numbers it does not know.
struct EnumGenerator {
    let enumeration: EnumDescriptor
    let options: PluginOptions

    func generate(_ out: inout CodeWriter) {
        let access = options.access
        let name = SwiftNames(options: options).prefix(enumeration.file) + enumeration.name
        let shown = enumeration.containingType == nil ? name : enumeration.name
        // Of several names for one number the first is taken.
        var numbers: Set<Int32> = []
        let values = enumeration.values.filter { numbers.insert($0.number).inserted }
        out.documentation(enumeration.comments, fallback: "The enum `\(enumeration.fullName)`.")
        out.block("\(access) enum \(shown): Hashable, Sendable") { out in
            for value in values {
                out.documentation(value.comments, fallback: "`\(value.name)`, \(value.number).")
                out.line("case \(SwiftNames.enumCase(value))")
            }
            out.documentation("", fallback: "A number that this version does not know.")
            out.line("case unrecognized(Int32)")
            out.line()
            out.documentation("", fallback: "The value of a number on the wire.")
            out.block("\(access) init(rawValue: Int32)") { out in
                out.line("switch rawValue {")
                for value in values {
                    out.line("case \(value.number): self = .\(SwiftNames.enumCase(value))")
                }
                out.line("default: self = .unrecognized(rawValue)")
                out.line("}")
            }
            out.line()
            out.documentation("", fallback: "The number on the wire.")
            out.block("\(access) var rawValue: Int32") { out in
                out.line("switch self {")
                for value in values {
                    out.line("case .\(SwiftNames.enumCase(value)): \(value.number)")
                }
                out.line("case .unrecognized(let number): number")
                out.line("}")
            }
        }
    }
}
