// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from google/protobuf/struct.proto; do not edit.

package import CProtos
public import TextKeys

/// `NullValue` is a singleton enumeration to represent the null value for the
/// `Value` type union.
///
///  The JSON representation for `NullValue` is JSON `null`.
public enum GoogleNullValue: Hashable, Sendable {
    /// Null value.
    case nullValue
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .nullValue
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .nullValue: 0
        case .unrecognized(let number): number
        }
    }
}

/// `Struct` represents a structured data value, consisting of fields
/// which map to dynamically typed values. In some languages, `Struct`
/// might be supported by a native representation. For example, in
/// scripting languages like JS a struct is represented as an
/// object. The details of that representation are described together
/// with the proto support for the language.
///
/// The JSON representation for `Struct` is JSON object.
public struct GoogleStruct: Hashable, Sendable {
    /// Unordered map of dynamically typed values.
    public var fields: TextMap<GoogleValue> = [:]

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        fields: TextMap<GoogleValue> = [:]
    ) {
        self.fields = fields
    }
}

/// `Value` represents a dynamically typed value which can be either
/// null, a number, a string, a boolean, a recursive struct value, or a
/// list of values. A producer of value is expected to set one of these
/// variants. Absence of any variant indicates an error.
///
/// The JSON representation for `Value` is JSON value.
public struct GoogleValue: Hashable, Sendable {
    /// The kind of value.
    public var kind: GoogleValue.Kind? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        kind: GoogleValue.Kind? = nil
    ) {
        self.kind = kind
    }

    /// The one of `google.protobuf.Value.kind` that is set.
    public enum Kind: Hashable, Sendable {
        /// Represents a null value.
        case nullValue(GoogleNullValue)
        /// Represents a double value.
        case numberValue(Double)
        /// Represents a string value.
        case stringValue(String)
        /// Represents a boolean value.
        case boolValue(Bool)
        /// Represents a structured value.
        case structValue(GoogleStruct)
        /// Represents a repeated `Value`.
        case listValue(GoogleListValue)
    }
}

/// `ListValue` is a wrapper around a repeated field of values.
///
/// The JSON representation for `ListValue` is JSON array.
public struct GoogleListValue: Hashable, Sendable {
    /// Repeated field of dynamically typed values.
    public var values: [GoogleValue] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        values: [GoogleValue] = []
    ) {
        self.values = values
    }
}

extension GoogleStruct: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Protobuf__Struct>.size }
    package static let protobufName = "google.protobuf.Struct"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Protobuf__Struct()
        unsafe google__protobuf__struct__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Struct.self)
        for index in 0..<Int(unsafe storage.pointee.n_fields) {
            guard let entry = unsafe storage.pointee.fields?[index] else { continue }
            fields[unsafe MessageFields.string(entry.pointee.key)] = unsafe entry.pointee.value.map { GoogleValue(copying: $0) } ?? GoogleValue()
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Protobuf__Struct.self, capacity: 1)
        unsafe google__protobuf__struct__init(storage)
        if !fields.isEmpty {
            unsafe storage.pointee.fields = try arena.entries(fields.sorted()) {
                (entry: UnsafeMutablePointer<Google__Protobuf__Struct__FieldsEntry>, key, value) throws(PayloadError) in
                unsafe google__protobuf__struct__fields_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "google.protobuf.Struct.FieldsEntry.key")
                unsafe entry.pointee.value = try arena.message(value).assumingMemoryBound(to: Google__Protobuf__Value.self)
            }
            unsafe storage.pointee.n_fields = fields.count
        }
    }
}

extension GoogleStruct {
    /// A `google.protobuf.Struct` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleStruct
        @usableFromInline let storage: UnsafePointer<Google__Protobuf__Struct>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }

        /// The message as a value.
        package func copied() -> GoogleStruct {
            unsafe GoogleStruct(copying: storage)
        }

        package var fields: TextMap<GoogleValue> {
            unsafe GoogleStruct(copying: storage).fields
        }
    }
}

extension GoogleValue: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Protobuf__Value>.size }
    package static let protobufName = "google.protobuf.Value"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Protobuf__Value()
        unsafe google__protobuf__value__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Value.self)
        switch unsafe storage.pointee.kind_case.rawValue {
        case 1: kind = unsafe .nullValue(GoogleNullValue(rawValue: Int32(truncatingIfNeeded: storage.pointee.null_value.rawValue)))
        case 2: kind = unsafe .numberValue(storage.pointee.number_value)
        case 3: kind = unsafe .stringValue(MessageFields.string(storage.pointee.string_value))
        case 4: kind = unsafe .boolValue(storage.pointee.bool_value != 0)
        case 5: kind = unsafe .structValue(storage.pointee.struct_value.map { GoogleStruct(copying: $0) } ?? GoogleStruct())
        case 6: kind = unsafe .listValue(storage.pointee.list_value.map { GoogleListValue(copying: $0) } ?? GoogleListValue())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Protobuf__Value.self, capacity: 1)
        unsafe google__protobuf__value__init(storage)
        switch kind {
        case .nullValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 1)
            unsafe storage.pointee.null_value = Google__Protobuf__NullValue(rawValue: .init(truncatingIfNeeded: value.rawValue))
        case .numberValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 2)
            unsafe storage.pointee.number_value = value
        case .stringValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 3)
            unsafe storage.pointee.string_value = try arena.string(value, "google.protobuf.Value.string_value")
        case .boolValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 4)
            unsafe storage.pointee.bool_value = value ? 1 : 0
        case .structValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 5)
            unsafe storage.pointee.struct_value = try arena.message(value).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        case .listValue(let value):
            unsafe storage.pointee.kind_case = Google__Protobuf__Value__KindCase(rawValue: 6)
            unsafe storage.pointee.list_value = try arena.message(value).assumingMemoryBound(to: Google__Protobuf__ListValue.self)
        case nil: break
        }
    }
}

extension GoogleValue {
    /// A `google.protobuf.Value` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleValue
        @usableFromInline let storage: UnsafePointer<Google__Protobuf__Value>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Value.self)
        }

        /// The message as a value.
        package func copied() -> GoogleValue {
            unsafe GoogleValue(copying: storage)
        }

        @inlinable package var hasNullValue: Bool { unsafe storage.pointee.kind_case.rawValue == 1 }

        package var nullValue: GoogleNullValue? {
            guard hasNullValue else { return nil }
            return unsafe GoogleNullValue(rawValue: Int32(truncatingIfNeeded: storage.pointee.null_value.rawValue))
        }

        @inlinable package var hasNumberValue: Bool { unsafe storage.pointee.kind_case.rawValue == 2 }

        package var numberValue: Double? {
            guard hasNumberValue else { return nil }
            return unsafe storage.pointee.number_value
        }

        @inlinable package var hasStringValue: Bool { unsafe storage.pointee.kind_case.rawValue == 3 }

        @inlinable package func withStringValue<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasStringValue else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.string_value, body)
        }

        @inlinable package var hasBoolValue: Bool { unsafe storage.pointee.kind_case.rawValue == 4 }

        package var boolValue: Bool? {
            guard hasBoolValue else { return nil }
            return unsafe storage.pointee.bool_value != 0
        }

        @inlinable package var hasStructValue: Bool { unsafe storage.pointee.kind_case.rawValue == 5 }

        @inlinable package func withStructValue<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasStructValue else { return nil }
            guard let message = unsafe storage.pointee.struct_value else { return nil }
            return try body(GoogleStruct.View(message))
        }

        @inlinable package var hasListValue: Bool { unsafe storage.pointee.kind_case.rawValue == 6 }

        @inlinable package func withListValue<Result, Failure: Error>(
            _ body: (borrowing GoogleListValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasListValue else { return nil }
            guard let message = unsafe storage.pointee.list_value else { return nil }
            return try body(GoogleListValue.View(message))
        }
    }
}

extension GoogleListValue: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Protobuf__ListValue>.size }
    package static let protobufName = "google.protobuf.ListValue"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Protobuf__ListValue()
        unsafe google__protobuf__list_value__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__ListValue.self)
        values = unsafe MessageFields.messages(storage.pointee.values, Int(storage.pointee.n_values), GoogleValue.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Protobuf__ListValue.self, capacity: 1)
        unsafe google__protobuf__list_value__init(storage)
        if !values.isEmpty {
            unsafe storage.pointee.values = try arena.messages(values).assumingMemoryBound(to: UnsafeMutablePointer<Google__Protobuf__Value>?.self)
            unsafe storage.pointee.n_values = values.count
        }
    }
}

extension GoogleListValue {
    /// A `google.protobuf.ListValue` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleListValue
        @usableFromInline let storage: UnsafePointer<Google__Protobuf__ListValue>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__ListValue.self)
        }

        /// The message as a value.
        package func copied() -> GoogleListValue {
            unsafe GoogleListValue(copying: storage)
        }

        @inlinable package var valuesCount: Int { Int(unsafe storage.pointee.n_values) }

        @inlinable package func withValues<Result, Failure: Error>(
            at index: Int, _ body: (borrowing GoogleValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < valuesCount, "no element has this index")
            guard let message = unsafe storage.pointee.values[index] else { return nil }
            return try body(GoogleValue.View(message))
        }
    }
}
