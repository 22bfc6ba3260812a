// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigValue {
    /// The largest whole number up to which a double, which a number is on the wire, holds each exactly.
    package static let largestExactInteger: Int64 = 1 << 53

    /// Whether a double holds the number and each one below it.
    static func isExact(_ number: Int64) -> Bool { number.magnitude <= largestExactInteger.magnitude }

    /// The whole numbers that would be rounded on the wire, wherever they stand, sorted by path.
    package func inexactIntegers(at path: ConfigPath = []) -> [(path: ConfigPath, number: Int64)] {
        switch self {
        case .null, .bool, .number, .string: []
        case .integer(let number): Self.isExact(number) ? [] : [(path, number)]
        case .list(let elements):
            elements.enumerated().flatMap { $0.element.inexactIntegers(at: path.appending(.index($0.offset))) }
        case .map(let members):
            members.sorted().flatMap { $0.value.inexactIntegers(at: path.appending(.key($0.key))) }
        }
    }
}
