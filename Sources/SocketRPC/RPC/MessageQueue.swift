// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Messages that wait, in the order they came. Messages that were taken are released, even from a queue that never
/// empties.
///
/// It is public because the compiler makes a version for each kind of message only of public code of another module.
@frozen public struct MessageQueue<Message: Hashable & Sendable>: Hashable, Sendable {
    @usableFromInline var messages: [Message?] = []
    @usableFromInline var first = 0

    /// A queue without a message.
    @inlinable
    public init() {}

    /// Whether no message waits.
    @inlinable
    public var isEmpty: Bool { first == messages.count }

    /// Puts a message behind the others.
    @inlinable
    public mutating func append(_ message: Message) {
        messages.append(message)
    }

    /// Takes the message that has waited longest; nil if there is none.
    @inlinable
    public mutating func popFirst() -> Message? {
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

    /// Drops all messages.
    @inlinable
    public mutating func removeAll() {
        messages.removeAll(keepingCapacity: messages.capacity <= 1024)
        first = 0
    }
}
