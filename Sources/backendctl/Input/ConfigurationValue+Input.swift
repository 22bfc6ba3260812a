// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
package import ConfigDocument
internal import TextKeys

extension ConfigurationValue {
    /// Makes the value for the wire.
    ///
    /// - Throws: If a double does not hold a whole number exactly; the failure names its path.
    package init(exactly value: ConfigValue) throws(CommandFailure) {
        if let (path, number) = value.inexactIntegers().first { throw .inexact("\(number)", at: path) }
        self.init(rounding: value)
    }

    private init(rounding value: ConfigValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(Double(value))
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .list(let elements): self = .list(elements.map { ConfigurationValue(rounding: $0) })
        case .map(let members): self = .map(members.mapValues { ConfigurationValue(rounding: $0) })
        }
    }

    /// Makes the configuration, or the patch, from a document.
    package init(configuration document: ConfigValue) throws(CommandFailure) {
        switch document {
        case .map: try self.init(exactly: document)
        case .null, .bool, .integer, .number, .string, .list:
            throw .usage(
                "CONFIG_INVALID",
                "a configuration must be a map of keys to values, not \(document.json(pretty: false))",
                hint: "write it like '{\"model\": {\"revision\": 2}}', or name a file with @FILE")
        }
    }
}
