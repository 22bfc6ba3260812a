// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Finds the name somebody probably meant.
enum Spelling {
    /// The candidate that needs the fewest changes; nil where none is near.
    ///
    /// Upper and lower case, `-` and `_` count as the same. Names over 64 characters are near nothing.
    static func nearest(to name: String, among candidates: [String]) -> String? {
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

    /// How many characters have to be added, left out or changed to get from one name to the other.
    private static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var row = Array(0...other.count)
        for (index, character) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let changed = diagonal + (character == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
