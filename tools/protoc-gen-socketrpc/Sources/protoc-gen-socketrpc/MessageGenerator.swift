// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes the value of a message and its way from and to protobuf-c's struct.
struct MessageGenerator {
    let message: Descriptor
    let options: PluginOptions
    private let names: SwiftNames

    init(_ message: Descriptor, _ options: PluginOptions) {
        self.message = message
        self.options = options
        names = SwiftNames(options: options)
    }

    private var access: String { options.access }

    /// The fields outside oneofs, and the oneofs, as properties in the order of the file.
    private enum Member {
        case field(FieldShape)
        case oneof(OneofDescriptor)
    }

    private var members: [Member] {
        var seen: Set<Int> = []
        return message.fields.compactMap { field in
            guard let oneof = field.realContainingOneof else { return .field(FieldShape(field, names)) }
            return seen.insert(oneof.index).inserted ? .oneof(oneof) : nil
        }
    }

    private func property(_ member: Member) -> (name: String, type: String, value: String, comments: String) {
        switch member {
        case .field(let shape):
            (shape.name, shape.type, shape.defaultValue, shape.field.comments)
        case .oneof(let oneof):
            (SwiftNames.lowerCamel(oneof.name), "\(names.oneof(oneof))?", "nil", oneof.comments)
        }
    }

    /// The declaration, with its nested types; extensions for what is nested follow with `conformances`.
    func declaration(_ out: inout CodeWriter) {
        let name = message.containingType == nil ? names.message(message) : message.name
        out.documentation(message.comments, fallback: "The message `\(message.fullName)`.")
        out.block("\(access) struct \(name): Hashable, Sendable") { out in
            for member in members {
                let (name, type, value, comments) = property(member)
                out.documentation(comments, fallback: "The field `\(name.plain)` of `\(message.fullName)`.")
                out.line("\(access) var \(name): \(type) = \(value)")
            }
            if !members.isEmpty { out.line() }
            out.documentation("", fallback: "A message with nothing set.")
            out.line("\(access) init() {}")
            if !members.isEmpty { memberwiseInitializer(&out) }
            for oneof in message.realOneofs { declare(oneof, &out) }
            for enumeration in message.enums {
                out.line()
                EnumGenerator(enumeration: enumeration, options: options).generate(&out)
            }
            for nested in message.messages where !nested.options.mapEntry {
                out.line()
                MessageGenerator(nested, options).declaration(&out)
            }
        }
    }

    private func memberwiseInitializer(_ out: inout CodeWriter) {
        let properties = members.map(property)
        out.line()
        out.documentation("", fallback: "A message with these fields; the others are not set.")
        out.line("\(access) init(")
        for (index, property) in properties.enumerated() {
            let comma = index == properties.count - 1 ? "" : ","
            out.line("    \(property.name): \(property.type) = \(property.value)\(comma)")
        }
        out.block(")") { out in
            for property in properties {
                out.line("self.\(property.name.plain) = \(property.name)")
            }
        }
    }

    private func declare(_ oneof: OneofDescriptor, _ out: inout CodeWriter) {
        out.line()
        out.documentation("", fallback: "The one of `\(oneof.fullName)` that is set.")
        out.block("\(access) enum \(SwiftNames.upperCamel(oneof.name)): Hashable, Sendable") { out in
            for field in oneof.fields {
                let shape = FieldShape(field, names)
                out.documentation(field.comments, fallback: "The field `\(field.fullName)`.")
                let indirect = Recursion.isIndirect(field) ? "indirect " : ""
                out.line("\(indirect)case \(shape.name)(\(shape.elementType))")
            }
        }
    }

    /// The extensions of the message and of those nested in it.
    func conformances(_ out: inout CodeWriter) {
        let cType = CNames.type(message.fullName)
        out.line()
        out.block("extension \(names.message(message)): ProtobufMessage") { out in
            out.line("package static var storageSize: Int { unsafe MemoryLayout<\(cType)>.size }")
            out.line("package static let protobufName = \"\(message.fullName)\"")
            out.block("package static var descriptor: MessageDescriptor") { out in
                out.line("var storage = unsafe \(cType)()")
                out.line("unsafe \(CNames.initializer(message.fullName))(&storage)")
                out.line("return unsafe MessageDescriptor(storage.base.descriptor)")
            }
            out.line()
            copyingInitializer(cType, &out)
            out.line()
            store(cType, &out)
        }
        ViewGenerator(message, options).generate(&out)
        for nested in message.messages where !nested.options.mapEntry {
            MessageGenerator(nested, options).conformances(&out)
        }
    }

    private func copyingInitializer(_ cType: String, _ out: inout CodeWriter) {
        out.block("@safe package init(copying memory: UnsafeRawPointer)") { out in
            out.line("self.init()")
            if members.isEmpty { return }
            out.line("let storage = unsafe memory.assumingMemoryBound(to: \(cType).self)")
            for member in members {
                switch member {
                case .field(let shape):
                    if let map = shape.map {
                        copyMap(shape, map, &out)
                    } else {
                        out.line("\(shape.name) = unsafe \(shape.property(from: "storage"))")
                    }
                case .oneof(let oneof):
                    copyOneof(oneof, &out)
                }
            }
        }
    }

    private func copyMap(_ shape: FieldShape, _ map: (key: FieldShape, value: FieldShape), _ out: inout CodeWriter) {
        out.block("for index in 0..<Int(unsafe storage.pointee.n_\(shape.cName))") { out in
            out.line("guard let entry = unsafe storage.pointee.\(shape.cName)?[index] else { continue }")
            var value = map.value.element(from: "entry.pointee.value")
            if case .message = map.value.kind { value += " ?? \(map.value.elementType)()" }
            out.line("\(shape.name)[unsafe \(map.key.element(from: "entry.pointee.key"))] = unsafe \(value)")
        }
    }

    private func copyOneof(_ oneof: OneofDescriptor, _ out: inout CodeWriter) {
        let property = SwiftNames.lowerCamel(oneof.name)
        out.line("switch unsafe storage.pointee.\(oneof.name.lowercased())_case.rawValue {")
        for field in oneof.fields {
            let shape = FieldShape(field, names)
            var value = shape.element(from: "storage.pointee.\(shape.cName)")
            if case .message = shape.kind { value += " ?? \(shape.elementType)()" }
            out.line("case \(field.number): \(property) = unsafe .\(shape.name)(\(value))")
        }
        out.line("default: break")
        out.line("}")
    }

    private func store(_ cType: String, _ out: inout CodeWriter) {
        out.block("@safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError)")
        { out in
            out.line("let storage = unsafe memory.bindMemory(to: \(cType).self, capacity: 1)")
            out.line("unsafe \(CNames.initializer(message.fullName))(storage)")
            for member in members {
                switch member {
                case .field(let shape): storeField(shape, &out)
                case .oneof(let oneof): storeOneof(oneof, &out)
                }
            }
        }
    }

    private func storeField(_ shape: FieldShape, _ out: inout CodeWriter) {
        let place = "storage.pointee.\(shape.cName)"
        if let map = shape.map {
            storeMap(shape, map, &out)
        } else if shape.field.isRepeated {
            out.block("if !\(shape.name).isEmpty") { out in
                out.line("unsafe \(place) = \(shape.storedList(shape.name))")
                out.line("unsafe storage.pointee.n_\(shape.cName) = \(shape.name).count")
            }
        } else {
            switch shape.kind {
            case .message:
                out.block("if let \(shape.name)") { out in
                    out.line("unsafe \(place) = \(shape.stored(shape.name))")
                }
            case .string, .bytes:
                out.block("if \(shape.isSet(shape.name))") { out in
                    out.line("unsafe \(place) = \(shape.stored(shape.name))")
                }
            case .number, .bool, .enumeration:
                out.line("unsafe \(place) = \(shape.stored(shape.name))")
            }
        }
    }

    private func storeMap(_ shape: FieldShape, _ map: (key: FieldShape, value: FieldShape), _ out: inout CodeWriter) {
        let entry = CNames.type(shape.field.messageType.fullName)
        let initializer = CNames.initializer(shape.field.messageType.fullName)
        let order =
            switch map.key.kind {
            case .string: "()"
            case .bool: " { !$0.key && $1.key }"
            case .number, .bytes, .enumeration, .message: " { $0.key < $1.key }"
            }
        out.block("if !\(shape.name).isEmpty") { out in
            out.line("unsafe storage.pointee.\(shape.cName) = try arena.entries(\(shape.name).sorted\(order)) {")
            out.line("    (entry: UnsafeMutablePointer<\(entry)>, key, value) throws(PayloadError) in")
            out.line("    unsafe \(initializer)(entry)")
            out.line("    unsafe entry.pointee.key = \(map.key.stored("key"))")
            out.line("    unsafe entry.pointee.value = \(map.value.stored("value"))")
            out.line("}")
            out.line("unsafe storage.pointee.n_\(shape.cName) = \(shape.name).count")
        }
    }

    private func storeOneof(_ oneof: OneofDescriptor, _ out: inout CodeWriter) {
        let caseType = CNames.oneofCaseType(oneof)
        out.line("switch \(SwiftNames.lowerCamel(oneof.name)) {")
        for field in oneof.fields {
            let shape = FieldShape(field, names)
            out.line("case .\(shape.name)(let value):")
            out.line(
                "    unsafe storage.pointee.\(oneof.name.lowercased())_case = \(caseType)(rawValue: \(field.number))")
            out.line("    unsafe storage.pointee.\(shape.cName) = \(shape.stored("value"))")
        }
        out.line("case nil: break")
        out.line("}")
    }
}

extension String {
    /// A name without the backticks of an escape, as it stands after a dot.
    var plain: String { replacing("`", with: "") }
}
