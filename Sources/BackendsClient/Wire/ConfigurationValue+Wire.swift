// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TextKeys

extension ConfigurationValue {
    init(_ message: GoogleStruct?) {
        self = .map((message?.fields ?? [:]).mapValues { ConfigurationValue($0) })
    }

    /// A value of no kind, which the wire allows and JSON does not, is null.
    private init(_ value: GoogleValue) {
        switch value.kind {
        case nil, .nullValue: self = .null
        case .boolValue(let value): self = .bool(value)
        case .numberValue(let value): self = .number(value)
        case .stringValue(let value): self = .string(value)
        case .listValue(let list): self = .list(list.values.map { ConfigurationValue($0) })
        case .structValue(let members): self.init(members)
        }
    }

    private var wire: GoogleValue {
        switch self {
        case .null: GoogleValue(kind: .nullValue(.nullValue))
        case .bool(let value): GoogleValue(kind: .boolValue(value))
        case .number(let value): GoogleValue(kind: .numberValue(value))
        case .string(let value): GoogleValue(kind: .stringValue(value))
        case .list(let elements): GoogleValue(kind: .listValue(GoogleListValue(values: elements.map(\.wire))))
        case .map(let members): GoogleValue(kind: .structValue(GoogleStruct(fields: members.mapValues(\.wire))))
        }
    }

    /// Makes the message of a configuration.
    ///
    /// - Throws: `INVALID_ARGUMENT CONFIG_INVALID` if this is not a map.
    func configuration() throws(BackendClientError) -> GoogleStruct {
        guard case .map(let members) = self else {
            throw BackendClientError(
                .invalidArgument, reason: .configInvalid, "a configuration must be a map of keys to values, not \(kind)"
            )
        }
        return GoogleStruct(fields: members.mapValues(\.wire))
    }

    private var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a Boolean"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
