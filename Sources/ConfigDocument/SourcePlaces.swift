// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Where a value and everything in it stand: a tree beside the tree of values.
struct SourcePlaces: Sendable {
    enum Children: Sendable {
        case none
        case elements([SourcePlaces])
        case members(TextMap<SourcePlaces>)
    }

    /// For the member of a map this is where its key stands.
    var mark: SourceMark
    var children: Children
    /// The text of a number that a double does not hold.
    var number: String?

    subscript(component: ConfigPath.Component) -> SourcePlaces? {
        switch (component, children) {
        case (.index(let index), .elements(let places)): places.indices.contains(index) ? places[index] : nil
        case (.key(let key), .members(let places)): places[key]
        case (.index, .none), (.index, .members), (.key, .none), (.key, .elements): nil
        }
    }
}
