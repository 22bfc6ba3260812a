// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes the borrowed view of a message: every accessor copies, or lends for the time of a closure.
struct ViewGenerator {
    let message: Descriptor
    let options: PluginOptions
    private let names: SwiftNames

    init(_ message: Descriptor, _ options: PluginOptions) {
        self.message = message
        self.options = options
        names = SwiftNames(options: options)
    }

    func generate(_ out: inout CodeWriter) {
        let name = names.message(message)
        out.line()
        out.block("extension \(name)") { out in
            out.documentation("", fallback: "A `\(message.fullName)` that is borrowed from an arena.")
            out.block("@safe package struct View: ~Copyable, ProtobufMessageView") { out in
                out.line("package typealias Message = \(name)")
                out.line("@usableFromInline let storage: UnsafePointer<\(CNames.type(message.fullName))>")
                out.line()
                out.block("@safe @inlinable package init(_ memory: UnsafeRawPointer)") { out in
                    out.line(
                        "unsafe storage = unsafe memory.assumingMemoryBound(to: \(CNames.type(message.fullName)).self)")
                }
                out.line()
                out.documentation("", fallback: "The message as a value.")
                out.block("package func copied() -> \(name)") { out in
                    out.line("unsafe \(name)(copying: storage)")
                }
                for field in message.fields {
                    generate(FieldShape(field, names), &out)
                }
            }
        }
    }

    private func generate(_ shape: FieldShape, _ out: inout CodeWriter) {
        if shape.map != nil {
            out.line()
            out.block("package var \(shape.name): \(shape.type)") { out in
                out.line("unsafe \(names.message(message))(copying: storage).\(shape.name)")
            }
        } else if shape.field.isRepeated {
            generateList(shape, &out)
        } else if let oneof = shape.field.realContainingOneof {
            generateMember(shape, of: oneof, &out)
        } else {
            generateSingular(shape, &out)
        }
    }

    private func generateSingular(_ shape: FieldShape, _ out: inout CodeWriter) {
        let place = "storage.pointee.\(shape.cName)"
        out.line()
        switch shape.kind {
        case .message:
            out.line("@inlinable package var has\(shape.capitalizedName): Bool { unsafe \(place) != nil }")
            out.line()
            lend(shape, place, condition: nil, &out)
        case .string, .bytes:
            out.line("package var \(shape.name): \(shape.elementType) { unsafe \(shape.element(from: place)) }")
            out.line()
            lend(shape, place, condition: nil, &out)
        case .number, .bool, .enumeration:
            out.line("package var \(shape.name): \(shape.elementType) { unsafe \(shape.element(from: place)) }")
        }
    }

    /// Members of a oneof are absent unless they are the one that is set.
    private func generateMember(_ shape: FieldShape, of oneof: OneofDescriptor, _ out: inout CodeWriter) {
        let place = "storage.pointee.\(shape.cName)"
        let condition = "storage.pointee.\(oneof.name.lowercased())_case.rawValue == \(shape.field.number)"
        out.line()
        out.line("@inlinable package var has\(shape.capitalizedName): Bool { unsafe \(condition) }")
        out.line()
        switch shape.kind {
        case .message, .string, .bytes:
            lend(shape, place, condition: "has\(shape.capitalizedName)", &out)
        case .number, .bool, .enumeration:
            out.block("package var \(shape.name): \(shape.elementType)?") { out in
                out.line("guard has\(shape.capitalizedName) else { return nil }")
                out.line("return unsafe \(shape.element(from: place))")
            }
        }
    }

    private func generateList(_ shape: FieldShape, _ out: inout CodeWriter) {
        out.line()
        out.line(
            "@inlinable package var \(shape.name.plain)Count: Int { Int(unsafe storage.pointee.n_\(shape.cName)) }")
        out.line()
        let check = "precondition(index >= 0 && index < \(shape.name.plain)Count, \"no element has this index\")"
        let place = "storage.pointee.\(shape.cName)[index]"
        switch shape.kind {
        case .message, .string, .bytes:
            lend(shape, place, condition: nil, index: check, &out)
        case .number, .bool, .enumeration:
            out.block("package func \(shape.name)(at index: Int) -> \(shape.elementType)") { out in
                out.line(check)
                out.line("return unsafe \(shape.element(from: place))")
            }
        }
    }

    /// A method that lends a message, or the bytes of a string or of bytes.
    private func lend(
        _ shape: FieldShape, _ place: String, condition: String?, index: String? = nil, _ out: inout CodeWriter
    ) {
        var argument = "Span<UInt8>"
        var isMessage = false
        if case .message = shape.kind {
            argument = "borrowing \(shape.elementType).View"
            isMessage = true
        }
        let isOptional = condition != nil || isMessage
        let result = isOptional ? "Result?" : "Result"
        out.line("@inlinable package func with\(shape.capitalizedName)<Result, Failure: Error>(")
        out.line("    \(index == nil ? "" : "at index: Int, ")_ body: (\(argument)) throws(Failure) -> Result")
        out.block(") throws(Failure) -> \(result)") { out in
            if let index { out.line(index) }
            if let condition { out.line("guard \(condition) else { return nil }") }
            switch shape.kind {
            case .message:
                out.line("guard let message = unsafe \(place) else { return nil }")
                out.line("return try body(\(shape.elementType).View(message))")
            case .string:
                out.line("return unsafe try MessageFields.withUTF8(\(place), body)")
            default:
                out.line("return unsafe try MessageFields.withBytes(\(place), body)")
            }
        }
    }
}
