// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What waits to run on an event loop, in the order it was added.
struct WorkQueue {
    enum Work {
        case job(UnownedJob)
        case body(@Sendable () -> Void)
        /// Taken out already.
        case none
    }

    private var items: [Work] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }

    mutating func append(_ work: Work) {
        items.append(work)
    }

    mutating func popFirst() -> Work? {
        guard head < items.count else { return nil }
        let work = items[head]
        // A body must not live on in the queue after it has run.
        items[head] = .none
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 4096, head * 2 >= items.count {
            items.removeFirst(head)
            head = 0
        }
        return work
    }

    /// Appends everything of `other`, and empties it.
    mutating func takeAll(of other: inout WorkQueue) {
        if isEmpty {
            swap(&self, &other)
        } else {
            items.append(contentsOf: other.items[other.head...])
            other.items.removeAll(keepingCapacity: true)
            other.head = 0
        }
    }
}
