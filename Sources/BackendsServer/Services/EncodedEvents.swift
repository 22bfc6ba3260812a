// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import BackendsAPI
package import SocketRPC
internal import SystemIO

/// Makes the messages of `WatchBackends`. The newest events are kept encoded, so that an event costs each further watcher a copy only.
package final class EncodedEvents: Sendable {
    private struct Kept {
        var sequence: UInt64
        var message: [UInt8]
    }

    /// About how many bytes of events one message has at most.
    private static let messageBytes = 256 << 10
    /// How many events are kept, and the most bytes of one.
    private static let places = 512
    private static let longest = 4096
    private static let followingTag: UInt8 = 6 << 3 | 2

    /// Each at the remainder of its sequence.
    private let kept = Guarded<[Kept?]>([])

    package init() {}

    /// The encoded messages for what a watcher is told in one run of the daemon: events go together, a snapshot alone.
    package func messages(for items: [BackendWatchItem], instance: String) throws(RPCStatus) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var room = 0
        for item in items {
            let message = try encoded(item, instance: instance)
            if item.eventSequence == nil {
                messages.append(message)
                room = 0
            } else if message.count <= room {
                Self.append(message, following: &messages[messages.count - 1])
                room -= message.count
            } else {
                messages.append(message)
                room = Self.messageBytes - message.count
            }
        }
        return messages
    }

    private func encoded(_ item: BackendWatchItem, instance: String) throws(RPCStatus) -> [UInt8] {
        guard let sequence = item.eventSequence else { return try Self.encode(item, instance: instance) }
        let place = Int(sequence % UInt64(Self.places))
        let known = kept.withLock { kept in kept.isEmpty ? nil : kept[place] }
        if let known, known.sequence == sequence { return known.message }
        let message = try Self.encode(item, instance: instance)
        if message.count <= Self.longest, known.map({ $0.sequence < sequence }) ?? true {
            kept.withLock { kept in
                if kept.isEmpty { kept = Array(repeating: nil, count: Self.places) }
                kept[place] = Kept(sequence: sequence, message: message)
            }
        }
        return message
    }

    private static func encode(_ item: BackendWatchItem, instance: String) throws(RPCStatus) -> [UInt8] {
        do throws(PayloadError) {
            return try WatchBackendsResponse(item, instance: instance).encoded(escapingNUL: true)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// Adds a message to `following` of another one.
    private static func append(_ event: [UInt8], following message: inout [UInt8]) {
        message.append(followingTag)
        var count = event.count
        while count >= 0x80 {
            message.append(UInt8(truncatingIfNeeded: count) | 0x80)
            count >>= 7
        }
        message.append(UInt8(count))
        message += event
    }
}

extension BackendWatchItem {
    /// The number of an event; nil for a snapshot or a gap.
    fileprivate var eventSequence: UInt64? {
        switch self {
        case .change(let event): event.sequence
        case .instance(let event): event.sequence
        case .model(let event): event.sequence
        case .snapshot, .gap: nil
        }
    }
}
