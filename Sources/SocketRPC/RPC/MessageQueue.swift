// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Messages that wait, in the order they came. Messages that were taken are released, even from a queue that never
/// empties.
package struct MessageQueue<Message: Hashable & Sendable>: Hashable, Sendable {
    private var messages: [Message?] = []
    private var first = 0

    package init() {}

    package var isEmpty: Bool { first == messages.count }

    package mutating func append(_ message: Message) {
        messages.append(message)
    }

    package mutating func popFirst() -> Message? {
        guard first < messages.count else { return nil }
        let message = messages[first]
        messages[first] = nil
        first += 1
        if first == messages.count {
            removeAll()
        } else if first >= 64 && first * 2 >= messages.count {
            messages.removeFirst(first)
            first = 0
        }
        return message
    }

    package mutating func removeAll() {
        messages.removeAll(keepingCapacity: messages.capacity <= 1024)
        first = 0
    }
}
