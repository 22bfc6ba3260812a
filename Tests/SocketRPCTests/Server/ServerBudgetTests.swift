// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPCServer
import TestSupport
import Testing

@Suite struct ServerBudgetTests {
    private static let unit = 64 << 10

    @Test func `the largest holder gives way first`() {
        let budget = ServerBudget(limit: 10 * Self.unit)
        let (first, second) = (Counter(), Counter())
        let large = ServerBudget.Share(of: budget) { first.increment() }
        let small = ServerBudget.Share(of: budget) { second.increment() }
        #expect(large.set(8 * Self.unit))
        #expect(small.set(2 * Self.unit))
        #expect(first.value == 0)
        #expect(small.set(3 * Self.unit))
        #expect((first.value, second.value) == (1, 0))
        #expect(budget.excessCount == 1)
        #expect(!large.set(9 * Self.unit))
        #expect(large.set(Self.unit))
        #expect(budget.heldBytes == 4 * Self.unit)
    }

    @Test func `another limit is for what is kept from then on`() {
        let budget = ServerBudget(limit: 10 * Self.unit)
        let share = ServerBudget.Share(of: budget) {}
        #expect(share.set(8 * Self.unit))
        budget.limit = 4 * Self.unit
        #expect(budget.figures.limit == 4 * Self.unit)
        #expect(!share.set(9 * Self.unit))
        budget.limit = 20 * Self.unit
        #expect(share.set(10 * Self.unit))
    }

    @Test func `a quarter above the limit no holder may grow`() {
        let budget = ServerBudget(limit: 8 * Self.unit)
        let large = ServerBudget.Share(of: budget) {}
        let small = ServerBudget.Share(of: budget) {}
        #expect(large.set(8 * Self.unit))
        #expect(small.set(2 * Self.unit))
        #expect(!small.set(3 * Self.unit))
    }

    @Test func `memory is to be trimmed when much less is kept, and whenever another eighth of the limit has come`() {
        let told = Counter()
        let budget = ServerBudget(limit: 16 * Self.unit) { told.increment() }
        let (large, small) = (ServerBudget.Share(of: budget) {}, ServerBudget.Share(of: budget) {})
        // What holders keep, and how many times it was told by then.
        let steps: [(large: Int, small: Int, told: Int)] = [
            (2, 0, 0), (3, 0, 1), (5, 0, 1), (6, 0, 2), (2, 0, 2), (4, 0, 2), (5, 0, 3), (0, 0, 4), (2, 0, 4),
            (0, 0, 4),
            (9, 1, 5), (4, 1, 5), (1, 1, 6), (1, 0, 6), (0, 0, 6), (20, 0, 7), (0, 0, 8),
        ]
        for (index, step) in steps.enumerated() {
            small.set(step.small * Self.unit)
            large.set(step.large * Self.unit)
            #expect(told.value == step.told, "step \(index)")
        }
    }

    @Test(arguments: [(1 << 20, 0), ((1 << 20) + 1, 1)])
    func `memory is to be trimmed after a peak that is far below the limit, but not small`(peak: Int, told: Int) {
        let count = Counter()
        let share = ServerBudget.Share(of: ServerBudget(limit: 1 << 30) { count.increment() }) {}
        share.set(peak)
        share.set(0)
        #expect(count.value == told)
    }

    @Test func `what a holder keeps is given back with it`() {
        let budget = ServerBudget(limit: 8 * Self.unit)
        var share: ServerBudget.Share? = ServerBudget.Share(of: budget) {}
        share?.set(5 * Self.unit)
        #expect(budget.heldBytes == 5 * Self.unit)
        share = nil
        #expect(budget.heldBytes == 0)
    }
}
