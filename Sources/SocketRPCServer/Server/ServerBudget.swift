// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// One limit for the bytes that holders on any loops keep in memory. Above it, the holder that keeps the most must give
/// way first.
package final class ServerBudget: Sendable {
    private struct Holder {
        var bytes: Int
        let giveWay: @Sendable () -> Void
    }

    private struct Holders {
        var next: UInt64 = 0
        var table: [UInt64: Holder] = [:]
    }

    /// Smaller changes are not counted, so that short calls do not take the lock.
    private static let step = 4 << 10

    /// The figures of a budget for operators.
    package struct Figures: Hashable, Sendable {
        package var bytes = 0
        package var limit = 0
        /// The number of calls and connections that were ended because the limit was reached.
        package var refusals = 0

        package init() {}
    }

    private let currentLimit: Atomic<Int>
    private let trim: @Sendable () -> Void
    private let held = Atomic<Int>(0)
    /// The largest number of bytes since the last fall.
    private let peak = Atomic<Int>(0)
    /// The number of bytes when ``trim`` was last called.
    private let mark = Atomic<Int>(0)
    private let excesses = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let holders = Guarded(Holders())

    /// `trim` is called from any thread, without a lock, when much memory has probably become free: when the bytes have
    /// fallen to a quarter of a peak that was above a quarter of the limit or above 1 MiB, and each time another eighth of the limit
    /// has been added.
    package init(limit: Int, trim: @escaping @Sendable () -> Void = {}) {
        currentLimit = Atomic(limit)
        self.trim = trim
    }

    /// The number of bytes above which holders give way. It may change at any time; what is kept above a lower one gives way when more comes.
    package var limit: Int {
        get { currentLimit.load(ordering: .relaxed) }
        set { currentLimit.store(newValue, ordering: .relaxed) }
    }

    /// The number of bytes that are kept now.
    package var heldBytes: Int { held.load(ordering: .relaxed) }

    var isExceeded: Bool { heldBytes > limit }

    /// The number of times the limit was exceeded.
    package var excessCount: Int { excesses.load(ordering: .relaxed) }

    package var figures: Figures {
        var figures = Figures()
        (figures.bytes, figures.limit) = (heldBytes, limit)
        figures.refusals = refusals.load(ordering: .relaxed)
        return figures
    }

    /// Counts calls, or a connection, that are ended because of the limit.
    func refused(_ count: Int = 1) {
        refusals.add(count, ordering: .relaxed)
    }

    /// The share of one holder. It belongs to one loop; releasing it subtracts its bytes.
    package final class Share {
        private let budget: ServerBudget
        private let giveWay: @Sendable () -> Void
        private var id: UInt64?
        private var counted = 0

        /// `giveWay` is called from any thread, without a lock, when this holder keeps the most and others need room.
        package init(of budget: ServerBudget, giveWay: @escaping @Sendable () -> Void) {
            self.budget = budget
            self.giveWay = giveWay
        }

        deinit {
            set(0)
        }

        /// Sets the number of bytes that the holder keeps. Returns false if the holder itself must give way now.
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
        guard peak > min(limit / 4, 1 << 20), total <= peak / 4 else { return }
        // Only one of several threads that notice this calls it.
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

    /// Makes the largest holder give way. Its loop may be slow to do so, so from a quarter above the limit on no other
    /// holder may grow either.
    private func makeRoom(for id: UInt64?, _ total: Int) -> Bool {
        excesses.add(1, ordering: .relaxed)
        guard total <= limit + limit / 4 else { return false }
        let other: (@Sendable () -> Void)? = holders.withLock { holders in
            guard let largest = holders.table.max(by: { $0.value.bytes < $1.value.bytes }), largest.key != id else {
                return nil
            }
            // It is not asked again before it next sets its bytes.
            holders.table[largest.key]?.bytes = 0
            return largest.value.giveWay
        }
        guard let other else { return false }
        other()
        return true
    }
}
