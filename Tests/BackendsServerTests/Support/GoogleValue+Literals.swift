// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import SocketRPC
import TextKeys

// Configurations as they are written in a document.

extension GoogleStruct: ExpressibleByDictionaryLiteral {
    /// A map.
    public init(dictionaryLiteral elements: (String, GoogleValue)...) {
        self.init(fields: elements.reduce(into: [:]) { $0[$1.0] = $1.1 })
    }
}

extension GoogleValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self.init(kind: .stringValue(value)) }
    /// A number.
    public init(integerLiteral value: Int) { self.init(kind: .numberValue(Double(value))) }
    /// A truth.
    public init(booleanLiteral value: Bool) { self.init(kind: .boolValue(value)) }
    /// A null.
    public init(nilLiteral: ()) { self.init(kind: .nullValue(.nullValue)) }
    /// A list.
    public init(arrayLiteral elements: GoogleValue...) {
        self.init(kind: .listValue(GoogleListValue(values: elements)))
    }
    /// A map.
    public init(dictionaryLiteral elements: (String, GoogleValue)...) {
        self.init(kind: .structValue(GoogleStruct(fields: elements.reduce(into: [:]) { $0[$1.0] = $1.1 })))
    }
}
