// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the daemon creates at its start, from its configuration file and from what the last run has saved.
///
/// The file decides about the backends that it names: type, base configuration and priority are its own, and only the layers of owners
/// are taken over. What is saved decides about the others.
package struct StatePlan: Equatable, Sendable {
    /// A backend to create.
    package struct Creation: Equatable, Sendable {
        package var definition: BackendDefinition
        /// What the last run knew of it.
        package var record: BackendRecord?
    }

    /// Those of the file in its order, then the others in the order in which they were created.
    package private(set) var creations: [Creation] = []
    /// Those that came from an earlier file and are not in this one: they are gone, with the layers of their owners.
    package private(set) var forgotten: [BackendRecord] = []
    /// What saved backends do not come after any more, because the file says the opposite.
    package private(set) var brokenOrders: [BrokenOrder] = []

    package struct BrokenOrder: Equatable, Sendable {
        package let backend: String
        package let after: String
    }

    package init(file: [BackendDefinition], saved: [BackendRecord]) {
        var left = Dictionary(saved.map { ($0.name, $0) }) { first, _ in first }
        for definition in file {
            creations.append(Creation(definition: definition, record: left.removeValue(forKey: definition.name)))
        }
        for record in left.values.sorted(by: { ($0.creation, $0.name) < ($1.creation, $1.name) }) {
            switch record.origin {
            case .file: forgotten.append(record)
            case .rpc: creations.append(Creation(definition: BackendDefinition(record), record: record))
            }
        }
        // Nothing waits for a backend that is gone.
        let names = Set(creations.map(\.definition.name))
        for index in creations.indices where creations[index].definition.origin == .rpc {
            creations[index].definition.after.removeAll { !names.contains($0) }
        }
        breakCycles()
    }

    /// Takes out of saved backends what makes a cycle with the order of the file, which decides.
    private mutating func breakCycles() {
        var order: [String: Set<String>] = [:]
        for creation in creations where creation.definition.origin == .file {
            order[creation.definition.name] = Set(creation.definition.after)
        }
        for index in creations.indices where creations[index].definition.origin == .rpc {
            let name = creations[index].definition.name
            for other in creations[index].definition.after {
                if Self.isReached(name, from: other, in: order) {
                    creations[index].definition.after.removeAll { $0 == other }
                    brokenOrders.append(BrokenOrder(backend: name, after: other))
                } else {
                    order[name, default: []].insert(other)
                }
            }
        }
    }

    private static func isReached(_ name: String, from start: String, in order: [String: Set<String>]) -> Bool {
        var (open, seen): ([String], Set<String>) = ([start], [start])
        while let next = open.popLast() {
            if next == name { return true }
            open += order[next, default: []].filter { seen.insert($0).inserted }
        }
        return false
    }
}

extension BackendDefinition {
    fileprivate init(_ record: BackendRecord) {
        self.init(
            name: record.name, type: record.type, configuration: record.configuration.basePatch,
            priority: record.priority, start: record.start, after: record.after, origin: .rpc)
    }
}
