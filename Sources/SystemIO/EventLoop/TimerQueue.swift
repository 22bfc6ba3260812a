// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Timers in the order of their deadlines, those of one deadline in the order they were added.
///
/// A binary heap of slots that know their place in it: adding, cancelling and taking are O(log n), a cancelled timer
/// leaves nothing behind, and slots are reused.
package struct TimerQueue<Body> {
    private struct Slot {
        var deadline: UInt64 = 0
        var order: UInt64 = 0
        var body: Body?
        var place = 0
        var generation: UInt32 = 1
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    /// Indices of slots; a parent is never after its children.
    private var heap: [UInt32] = []
    private var lastOrder: UInt64 = 0

    /// The number of waiting timers.
    package var count: Int { heap.count }

    /// The earliest deadline.
    package var nextDeadline: UInt64? {
        heap.first.map { slots[Int($0)].deadline }
    }

    package init() {}

    /// Adds a timer.
    package mutating func add(deadline: UInt64, _ body: Body) -> TimerToken {
        let index: UInt32
        if let used = free.popLast() {
            index = used
        } else {
            index = UInt32(slots.count)
            slots.append(Slot())
        }
        lastOrder &+= 1
        slots[Int(index)].deadline = deadline
        slots[Int(index)].order = lastOrder
        slots[Int(index)].body = body
        heap.append(index)
        rise(from: heap.count - 1)
        return TimerToken(index: index, generation: slots[Int(index)].generation)
    }

    /// Removes a timer. Returns nil if it was taken or cancelled before.
    ///
    /// The caller releases the body after this access to the queue: what it captured may access the queue again.
    package mutating func cancel(_ token: TimerToken) -> Body? {
        let index = Int(token.index)
        guard index < slots.count, slots[index].generation == token.generation, slots[index].body != nil else {
            return nil
        }
        return take(at: slots[index].place)
    }

    /// Takes the first timer whose deadline is not after `now`.
    package mutating func popDue(now: UInt64) -> Body? {
        guard let deadline = nextDeadline, deadline <= now else { return nil }
        return take(at: 0)
    }

    private mutating func take(at place: Int) -> Body? {
        let index = heap[place]
        let last = heap.removeLast()
        if place < heap.count {
            put(last, at: place)
            rise(from: place)
            sink(from: place)
        }
        let body = slots[Int(index)].body
        slots[Int(index)].body = nil
        slots[Int(index)].generation &+= 1
        free.append(index)
        return body
    }

    private mutating func put(_ index: UInt32, at place: Int) {
        heap[place] = index
        slots[Int(index)].place = place
    }

    private func isBefore(_ one: UInt32, _ other: UInt32) -> Bool {
        let (a, b) = (slots[Int(one)].deadline, slots[Int(other)].deadline)
        return a == b ? slots[Int(one)].order < slots[Int(other)].order : a < b
    }

    private mutating func rise(from start: Int) {
        var place = start
        let index = heap[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(index, heap[parent]) else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(index, at: place)
    }

    private mutating func sink(from start: Int) {
        var place = start
        let index = heap[place]
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, isBefore(heap[child + 1], heap[child]) { child += 1 }
            guard isBefore(heap[child], index) else { break }
            put(heap[child], at: place)
            place = child
        }
        put(index, at: place)
    }
}

/// A scheduled timer, to cancel it. It identifies one timer permanently.
package struct TimerToken: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}
