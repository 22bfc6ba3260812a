// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// What a field is in Swift and how it gets there from C and back.
struct FieldShape {
    let field: FieldDescriptor
    let names: SwiftNames

    /// The kinds that are handled alike.
    enum Kind {
        case number(String)
        case bool
        case string
        case bytes
        case enumeration(EnumDescriptor)
        case message(Descriptor)
    }

    init(_ field: FieldDescriptor, _ names: SwiftNames) {
        self.field = field
        self.names = names
    }

    var name: String { SwiftNames.lowerCamel(field.name) }
    /// The name as the end of another, `withModelID`.
    var capitalizedName: String { SwiftNames.upperCamel(field.name) }
    var cName: String { CNames.field(named: field.name) }
    var fullName: String { field.fullName }

    var kind: Kind {
        switch field.type {
        case .double: .number("Double")
        case .float: .number("Float")
        case .int64, .sint64, .sfixed64: .number("Int64")
        case .uint64, .fixed64: .number("UInt64")
        case .int32, .sint32, .sfixed32: .number("Int32")
        case .uint32, .fixed32: .number("UInt32")
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        case .enum: .enumeration(field.enumType)
        case .message, .group: .message(field.messageType)
        }
    }

    /// The type of one element.
    var elementType: String {
        switch kind {
        case .number(let type): type
        case .bool: "Bool"
        case .string: "String"
        case .bytes: "[UInt8]"
        case .enumeration(let enumeration): names.enumeration(enumeration)
        case .message(let message): names.message(message)
        }
    }

    var map: (key: FieldShape, value: FieldShape)? {
        guard field.isMap, let entry = field.messageType?.mapKeyAndValue else { return nil }
        return (FieldShape(entry.key, names), FieldShape(entry.value, names))
    }

    /// The type of the property.
    var type: String {
        if let map {
            // Keys that come from outside are equal only where their bytes are.
            if case .string = map.key.kind { return "TextMap<\(map.value.elementType)>" }
            return "[\(map.key.elementType): \(map.value.elementType)]"
        }
        if field.isRepeated { return "[\(elementType)]" }
        if case .message = kind { return "\(elementType)?" }
        return elementType
    }

    var defaultValue: String {
        if map != nil { return "[:]" }
        if field.isRepeated { return "[]" }
        switch kind {
        case .number: return "0"
        case .bool: return "false"
        case .string: return "\"\""
        case .bytes: return "[]"
        case .enumeration(let enumeration):
            let zero = enumeration.values.first { $0.number == 0 } ?? enumeration.values[0]
            return ".\(SwiftNames.enumCase(zero))"
        case .message: return "nil"
        }
    }

    /// An expression for one element of C, `source` being its place; NULL strings and messages read as empty.
    ///
    /// C's enums are signed only when one of their numbers is below zero.
    func element(from source: String) -> String {
        switch kind {
        case .number: "\(source)"
        case .bool: "\(source) != 0"
        case .string: "MessageFields.string(\(source))"
        case .bytes: "MessageFields.bytes(\(source))"
        case .enumeration: "\(elementType)(rawValue: Int32(truncatingIfNeeded: \(source).rawValue))"
        case .message: "\(source).map { \(elementType)(copying: $0) }"
        }
    }

    /// An expression for the C form of one element.
    func stored(_ value: String) -> String {
        switch kind {
        case .number: value
        case .bool: "\(value) ? 1 : 0"
        case .string: "try arena.string(\(value), \"\(fullName)\")"
        case .bytes: "try arena.bytes(\(value))"
        case .enumeration(let enumeration):
            "\(CNames.type(enumeration.fullName))(rawValue: .init(truncatingIfNeeded: \(value).rawValue))"
        case .message(let message):
            "try arena.message(\(value)).assumingMemoryBound(to: \(CNames.type(message.fullName)).self)"
        }
    }

    /// The whole property from the C struct.
    func property(from storage: String) -> String {
        let place = "\(storage).pointee.\(cName)"
        guard field.isRepeated else { return element(from: place) }
        let count = "Int(\(storage).pointee.n_\(cName))"
        switch kind {
        case .number: return "MessageFields.scalars(\(place), \(count)) { $0 }"
        case .bool: return "MessageFields.scalars(\(place), \(count)) { $0 != 0 }"
        case .enumeration:
            return "MessageFields.scalars(\(place), \(count)) { \(element(from: "$0")) }"
        case .string: return "MessageFields.strings(\(place), \(count))"
        case .bytes: return "MessageFields.byteLists(\(place), \(count))"
        case .message: return "MessageFields.messages(\(place), \(count), \(elementType).self)"
        }
    }

    /// The C list of a repeated field.
    func storedList(_ list: String) -> String {
        switch kind {
        case .number: "try arena.scalars(\(list))"
        case .bool: "try arena.scalars(\(list).map { protobuf_c_boolean($0 ? 1 : 0) })"
        case .enumeration: "try arena.scalars(\(list).map { \(stored("$0")) })"
        case .string: "try arena.strings(\(list), \"\(fullName)\")"
        case .bytes: "try arena.byteLists(\(list))"
        case .message(let message):
            "try arena.messages(\(list)).assumingMemoryBound(to: UnsafeMutablePointer<\(CNames.type(message.fullName))>?.self)"
        }
    }

    /// Whether the property says something that is written.
    func isSet(_ property: String) -> String {
        if field.isRepeated { return "!\(property).isEmpty" }
        switch kind {
        case .number: return "\(property) != 0"
        case .bool: return property
        case .string, .bytes: return "!\(property).isEmpty"
        case .enumeration: return "\(property).rawValue != 0"
        case .message: return "\(property) != nil"
        }
    }
}
