// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SocketRPC
internal import TextKeys

extension ConfigValue {
    /// The configuration that a request carries; nothing is an empty map.
    ///
    /// Whole numbers become integers: JSON, which `Struct` mirrors, has one kind of number.
    ///
    /// - Throws: `INVALID_ARGUMENT` naming the path of a number that is none, or a value with nothing in it.
    init(_ message: GoogleStruct?) throws(RPCStatus) {
        self = try .init(fields: message?.fields ?? [:], at: ["config"])
    }

    private init(fields: TextMap<GoogleValue>, at path: ConfigPath) throws(RPCStatus) {
        var map: TextMap<ConfigValue> = [:]
        map.reserveCapacity(fields.count)
        for (key, value) in fields {
            map[key] = try .init(value, at: path.appending(.key(key)))
        }
        self = .map(map)
    }

    private init(_ value: GoogleValue, at path: ConfigPath) throws(RPCStatus) {
        switch value.kind {
        case .nullValue: self = .null
        case .boolValue(let bool): self = .bool(bool)
        case .stringValue(let string): self = .string(string)
        case .numberValue(let number):
            guard let numeric = ConfigValue.numeric(number) else {
                throw .invalid(path.description, reason: "CONFIG_INVALID", "is \(number); it must be a finite number")
            }
            self = numeric
        case .structValue(let message):
            self = try .init(fields: message.fields, at: path)
        case .listValue(let message):
            var list: [ConfigValue] = []
            for (index, element) in message.values.enumerated() {
                list.append(try .init(element, at: path.appending(.index(index))))
            }
            self = .list(list)
        case nil:
            throw .invalid(path.description, reason: "CONFIG_INVALID", "has no value; send null to delete a key")
        }
    }
}

extension GoogleStruct {
    /// The message for a configuration, which is a map.
    init(_ value: ConfigValue) {
        self.init(fields: (value.mapValue ?? [:]).mapValues { GoogleValue($0) })
    }
}

extension GoogleValue {
    init(_ value: ConfigValue) {
        switch value {
        case .null: self.init(kind: .nullValue(.nullValue))
        case .bool(let bool): self.init(kind: .boolValue(bool))
        case .integer(let integer): self.init(kind: .numberValue(Double(integer)))
        case .number(let number): self.init(kind: .numberValue(number))
        case .string(let string): self.init(kind: .stringValue(string))
        case .list(let list): self.init(kind: .listValue(GoogleListValue(values: list.map { GoogleValue($0) })))
        case .map: self.init(kind: .structValue(GoogleStruct(value)))
        }
    }
}
