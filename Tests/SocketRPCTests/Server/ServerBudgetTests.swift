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

    @Test func `a quarter above the limit nobody grows`() {
        let budget = ServerBudget(limit: 8 * Self.unit)
        let large = ServerBudget.Share(of: budget) {}
        let small = ServerBudget.Share(of: budget) {}
        #expect(large.set(8 * Self.unit))
        #expect(small.set(2 * Self.unit))
        #expect(!small.set(3 * Self.unit))
    }

    @Test func `that much less is kept is told once, and only where it was much`() {
        let told = Counter()
        let budget = ServerBudget(limit: 16 * Self.unit) { told.increment() }
        let (large, small) = (ServerBudget.Share(of: budget) {}, ServerBudget.Share(of: budget) {})
        large.set(4 * Self.unit)
        large.set(0)
        #expect(told.value == 0)
        small.set(Self.unit)
        large.set(9 * Self.unit)
        large.set(4 * Self.unit)
        #expect(told.value == 0)
        large.set(Self.unit)
        #expect(told.value == 1)
        small.set(0)
        large.set(0)
        #expect(told.value == 1)
        large.set(20 * Self.unit)
        large.set(0)
        #expect(told.value == 2)
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
