// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// One limit for the bytes that many holders on many loops keep in memory. Above it, the holder that keeps the most gives way first.
package final class ServerBudget: Sendable {
    private struct Holder {
        var bytes: Int
        let giveWay: @Sendable () -> Void
    }

    private struct Holders {
        var next: UInt64 = 0
        var table: [UInt64: Holder] = [:]
    }

    /// Smaller changes of a holder are not counted, so that short calls never take the lock.
    private static let step = 4 << 10

    /// What an operator is told of a budget.
    package struct Figures: Hashable, Sendable {
        package var bytes = 0
        package var limit = 0
        /// How many calls and connections have ended because the limit was reached.
        package var refusals = 0

        package init() {}
    }

    private let limit: Int
    private let trim: @Sendable () -> Void
    private let held = Atomic<Int>(0)
    /// The most that was kept since it had fallen last.
    private let peak = Atomic<Int>(0)
    /// What was kept when ``trim`` was called last.
    private let mark = Atomic<Int>(0)
    private let excesses = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let holders = Guarded(Holders())

    /// `trim` is called from any thread, holding no lock, when free memory is likely to have been left behind: when at most a quarter is
    /// kept of what was more than a quarter of the limit, and when another eighth of the limit has come, with what it took to make it.
    package init(limit: Int, trim: @escaping @Sendable () -> Void = {}) {
        self.limit = limit
        self.trim = trim
    }

    /// The bytes that are kept now.
    package var heldBytes: Int { held.load(ordering: .relaxed) }

    var isExceeded: Bool { heldBytes > limit }

    /// How many times a holder had to give way.
    package var excessCount: Int { excesses.load(ordering: .relaxed) }

    package var figures: Figures {
        var figures = Figures()
        (figures.bytes, figures.limit) = (heldBytes, limit)
        figures.refusals = refusals.load(ordering: .relaxed)
        return figures
    }

    /// Counts calls, or a connection, that have to end because of the limit.
    func refused(_ count: Int = 1) {
        refusals.add(count, ordering: .relaxed)
    }

    /// What one holder keeps. It belongs to one loop; when it goes, its bytes are given back.
    package final class Share {
        private let budget: ServerBudget
        private let giveWay: @Sendable () -> Void
        private var id: UInt64?
        private var counted = 0

        /// `giveWay` is called from any thread, holding no lock, when this holder keeps the most and others need room.
        package init(of budget: ServerBudget, giveWay: @escaping @Sendable () -> Void) {
            self.budget = budget
            self.giveWay = giveWay
        }

        deinit {
            set(0)
        }

        /// Sets how many bytes the holder keeps. Returns false if the holder must give way itself, now.
        @discardableResult
        package func set(_ bytes: Int) -> Bool {
            guard abs(bytes - counted) >= ServerBudget.step || (bytes == 0 && counted != 0) else { return true }
            let change = bytes - counted
            counted = bytes
            id = budget.record(id, bytes, giveWay)
            let total = budget.held.add(change, ordering: .relaxed).newValue
            guard change > 0 else {
                budget.fell(to: total)
                return true
            }
            budget.grew(to: total)
            guard total > budget.limit else { return true }
            return budget.makeRoom(for: id, total)
        }
    }

    private func grew(to total: Int) {
        peak.max(total, ordering: .relaxed)
        let mark = mark.load(ordering: .relaxed)
        guard total - mark > limit / 8 else { return }
        guard self.mark.compareExchange(expected: mark, desired: total, ordering: .relaxed).exchanged else { return }
        trim()
    }

    private func fell(to total: Int) {
        mark.min(total, ordering: .relaxed)
        let peak = peak.load(ordering: .relaxed)
        guard peak > limit / 4, total <= peak / 4 else { return }
        // Of several that see it one tells it.
        guard self.peak.compareExchange(expected: peak, desired: total, ordering: .relaxed).exchanged else { return }
        trim()
    }

    private func record(_ id: UInt64?, _ bytes: Int, _ giveWay: @escaping @Sendable () -> Void) -> UInt64? {
        holders.withLock { holders in
            guard bytes > 0 else {
                if let id { holders.table[id] = nil }
                return nil
            }
            let key = id ?? holders.next
            if id == nil { holders.next += 1 }
            holders.table[key] = Holder(bytes: bytes, giveWay: giveWay)
            return key
        }
    }

    /// Has the largest holder give way. Its loop may be slow to do so, so from a quarter above the limit on nobody else grows either.
    private func makeRoom(for id: UInt64?, _ total: Int) -> Bool {
        excesses.add(1, ordering: .relaxed)
        guard total <= limit + limit / 4 else { return false }
        let other: (@Sendable () -> Void)? = holders.withLock { holders in
            guard let largest = holders.table.max(by: { $0.value.bytes < $1.value.bytes }), largest.key != id else {
                return nil
            }
            // It is not asked again before it reports anew.
            holders.table[largest.key]?.bytes = 0
            return largest.value.giveWay
        }
        guard let other else { return false }
        other()
        return true
    }
}
