// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigurationValue: CustomStringConvertible {
    /// The value as JSON in one line, keys sorted. Control and bidirectional characters are written as escapes.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): Self.text(of: value)
        case .string(let value): value.quoted()
        case .list(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .map(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\($0.key.quoted()): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// Whole numbers are written without a fraction.
    private static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        guard number.magnitude <= 0x1p53, let whole = Int64(exactly: number) else { return number.description }
        return String(whole)
    }
}
