// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Finds the name that was probably meant.
package enum Spelling {
    /// The candidate that needs the fewest changes; nil if none is near.
    ///
    /// Case is ignored, and `-` and `_` are the same. Nothing is near a name of over 64 characters.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = normalized(name)
        guard (1...64).contains(wanted.count) else { return nil }
        let near = candidates.lazy
            .map { (name: $0, distance: distance(wanted, normalized($0))) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let near, near.distance <= max(1, min(wanted.count, near.name.count) / 3) else { return nil }
        return near.name
    }

    private static func normalized(_ name: String) -> [Character] {
        name.lowercased().map { $0 == "-" ? "_" : $0 }
    }

    /// The number of characters to add, remove, change or swap with the next to get from one name to the other.
    private static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (line, character) in one.enumerated() {
            var row = [line + 1]
            for (column, candidate) in other.enumerated() {
                var best = last[column] + (character == candidate ? 0 : 1)
                best = min(best, last[column + 1] + 1, row[column] + 1)
                if line > 0, column > 0, character == other[column - 1], candidate == one[line - 1] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[other.count]
    }
}
