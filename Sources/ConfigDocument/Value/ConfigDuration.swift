// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// A length of time as configurations write it: `30s`, `1m30s`, `250ms`, `1.5h`.
///
/// Units are `d`, `h`, `m`, `s`, `ms`, `us` and `ns`, the larger before the smaller, each at most once. A duration is
/// never negative, at most ten years, and exact to the nanosecond.
package struct ConfigDuration: Hashable, Sendable {
    package let nanoseconds: Int64

    package static let zero = ConfigDuration(unchecked: 0)
    package static let maximum = ConfigDuration(unchecked: 3650 * 86_400 * 1_000_000_000)

    private init(unchecked nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Nil if the number is negative or stands for more than ten years.
    package init?(nanoseconds: Int64) {
        guard (0...Self.maximum.nanoseconds).contains(nanoseconds) else { return nil }
        self.init(unchecked: nanoseconds)
    }

    /// Nil if the duration is negative or longer than ten years. Fractions of a nanosecond are dropped.
    package init?(_ duration: Duration) {
        guard duration >= .zero, duration <= Self.maximum.duration else { return nil }
        let (seconds, attoseconds) = duration.components
        self.init(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    package var duration: Duration { .nanoseconds(nanoseconds) }

    fileprivate static let units: [(name: String, nanoseconds: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]
}

extension ConfigDuration: Comparable {
    package static func < (one: ConfigDuration, other: ConfigDuration) -> Bool {
        one.nanoseconds < other.nanoseconds
    }
}

extension ConfigDuration: CustomStringConvertible {
    /// The shortest form with whole numbers, largest unit first; zero is `0s`.
    package var description: String {
        var text = ""
        var rest = nanoseconds
        for unit in Self.units where rest >= unit.nanoseconds {
            text += "\(rest / unit.nanoseconds)\(unit.name)"
            rest %= unit.nanoseconds
        }
        return text.isEmpty ? "0s" : text
    }
}

extension ConfigDuration {
    package init(parsing text: String) throws(ConfigDurationError) {
        func problem(_ message: String) -> ConfigDurationError { ConfigDurationError(text: text, problem: message) }

        var rest = Substring(text)
        var units = Self.units[...]
        var total: Int128 = 0
        guard !rest.isEmpty, rest.utf8.count <= 64 else { throw problem("write a number and a unit, such as 30s") }
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard !number.isEmpty else { throw problem("write a number before each unit, such as 1m30s") }
            guard !name.isEmpty else { throw problem("a number needs a unit: d, h, m, s, ms, us or ns") }
            guard let index = Self.units.firstIndex(where: { $0.name == name }) else {
                throw problem("\(String(name).quoted()) is not a unit; use d, h, m, s, ms, us or ns")
            }
            guard units.contains(where: { $0.name == name }) else {
                throw problem("each unit comes once, the larger before the smaller")
            }
            units = Self.units[(index + 1)...]
            guard let part = Self.nanoseconds(number, of: Self.units[index].nanoseconds) else {
                throw problem("\(String(number).quoted()) is not a number of this unit, exact to the nanosecond")
            }
            total += part
        }
        guard let nanoseconds = Int64(exactly: total), let duration = Self(nanoseconds: nanoseconds) else {
            throw problem("it is more than ten years")
        }
        self = duration
    }

    /// Nil if the text is not a decimal number of at most 18 digits on each side of the point, or is not a whole number
    /// of nanoseconds.
    private static func nanoseconds(_ number: Substring, of unit: Int64) -> Int128? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ (1...18).contains($0.utf8.count) }) else { return nil }
        guard let whole = Int128(parts[0]), let fraction = Int128(parts.count == 2 ? parts[1] : "0") else { return nil }
        let scale = (0..<(parts.count == 2 ? parts[1].utf8.count : 0)).reduce(Int128(1)) { scale, _ in scale * 10 }
        guard (fraction * Int128(unit)).isMultiple(of: scale) else { return nil }
        return whole * Int128(unit) + fraction * Int128(unit) / scale
    }
}

/// Why a text is not a duration.
package struct ConfigDurationError: Error, Hashable, CustomStringConvertible {
    package let text: String
    package let problem: String

    package var description: String {
        "cannot read the duration \(text.quoted()): \(problem)"
    }
}
