// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A `NAME=VALUE` of the command line, for metadata and headers.
package struct Pair: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(parsing argument: String) throws(CommandFailure) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw .usage("PAIR_INVALID", "\"\(argument)\" is not NAME=VALUE")
        }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}
