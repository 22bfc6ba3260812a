// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who gets runtime contexts: every configured backend, in priority order. Replaced as a whole when that changes.
struct ContextRoutes: Sendable {
    struct Target: Sendable {
        var name: String
        var backend: any Backend
        var models: BackendModels
    }

    let targets: [Target]
    private let positions: [String: Int]

    init(_ targets: [Target] = []) {
        self.targets = targets
        positions = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// The named backends, once each and in priority order; all where none is named.
    func selected(_ names: [String]) throws(BackendError) -> [Target] {
        if names.isEmpty { return targets }
        var selected: Set<Int> = []
        for name in names {
            guard let position = positions[name] else { throw .backendNotFound(name) }
            selected.insert(position)
        }
        return selected.sorted().map { targets[$0] }
    }
}
