// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// How large a configuration is, counted so that the number of bytes is at least about what it takes in a message.
package struct ConfigSize: Hashable, Sendable {
    package struct Limit: Hashable, Sendable {
        package var nodes: Int
        package var depth: Int
        package var bytes: Int

        package init(nodes: Int, depth: Int, bytes: Int) {
            self.nodes = nodes
            self.depth = depth
            self.bytes = bytes
        }
    }

    private static let bytesPerNode = 16

    package private(set) var nodes = 0
    package private(set) var depth = 0
    package private(set) var bytes = 0

    package init() {}

    package init(of value: ConfigValue, limit: Limit) {
        add(value, limit: limit)
    }

    package func exceeds(_ limit: Limit) -> Bool {
        nodes > limit.nodes || depth > limit.depth || bytes > limit.bytes
    }

    /// Counts a value in; stops as soon as the limit is exceeded, so that counting is bounded too.
    package mutating func add(_ value: ConfigValue, limit: Limit) {
        add(value, at: 0, limit: limit)
    }

    /// Counts what a layer says, deletions included.
    package mutating func add(_ layer: ConfigLayer, limit: Limit) {
        var before: [ConfigPath.Component] = []
        for (path, value) in layer.leafAssignments() {
            if exceeds(limit) { return }
            let shared = zip(before, path.components).prefix { $0 == $1 }.count
            for component in path.components.dropFirst(shared) {
                nodes += 1
                bytes += Self.bytesPerNode + component.byteCount
            }
            add(value, at: path.components.count, limit: limit)
            before = path.components
        }
    }

    private mutating func add(_ value: ConfigValue, at level: Int, limit: Limit) {
        nodes += 1
        depth = max(depth, level)
        bytes += Self.bytesPerNode
        if exceeds(limit) { return }
        switch value {
        case .null, .bool, .integer, .number:
            break
        case .string(let text):
            bytes += text.utf8.count
        case .list(let elements):
            for element in elements { add(element, at: level + 1, limit: limit) }
        case .map(let members):
            for (key, member) in members {
                bytes += key.utf8.count
                add(member, at: level + 1, limit: limit)
            }
        }
    }
}

extension ConfigPath.Component {
    fileprivate var byteCount: Int {
        switch self {
        case .key(let key): key.utf8.count
        case .index: 0
        }
    }
}
