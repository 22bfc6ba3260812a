// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigValue {
    /// The paths at which two values differ, sorted: those of members that only one of them has, and of other values that are not equal.
    ///
    /// Lists are compared as a whole.
    package func differences(from other: ConfigValue) -> [ConfigPath] {
        var paths: [ConfigPath] = []
        collectDifferences(from: other, at: [], into: &paths)
        return paths.sorted()
    }

    private func collectDifferences(from other: ConfigValue, at path: ConfigPath, into paths: inout [ConfigPath]) {
        guard case (.map(let mine), .map(let others)) = (self, other) else {
            if self != other { paths.append(path) }
            return
        }
        for (key, value) in mine {
            if let known = others[key] {
                value.collectDifferences(from: known, at: path.appending(.key(key)), into: &paths)
            } else {
                paths.append(path.appending(.key(key)))
            }
        }
        for (key, _) in others where mine[key] == nil { paths.append(path.appending(.key(key))) }
    }
}
