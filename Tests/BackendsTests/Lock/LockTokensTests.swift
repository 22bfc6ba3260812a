// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite struct LockTokensTests {
    private static let block = StateMark.lockToken.block
    private static let day = 86_400 as Int64
    private let start = Timestamp(seconds: 1_790_000_000)

    @Test func `tokens start from the wall clock in microseconds`() {
        var tokens = LockTokens()
        #expect(tokens.next(at: Timestamp(seconds: 1_800_000_000, nanoseconds: 5000)) == 1_800_000_000_000_005)
    }

    @Test func `tokens grow when the clock stands still or goes back`() {
        var tokens = LockTokens()
        #expect(tokens.next(at: Timestamp(seconds: 10)) == 10_000_000)
        #expect(tokens.next(at: Timestamp(seconds: 10)) == 10_000_001)
        #expect(tokens.next(at: Timestamp(seconds: 3)) == 10_000_002)
        #expect(tokens.next(at: Timestamp(seconds: 11)) == 11_000_000)
    }

    @Test(arguments: [
        Timestamp(seconds: 0), Timestamp(seconds: -5), Timestamp(seconds: .min), Timestamp(seconds: .max),
    ])
    func `a clock that is wrong still gives tokens that are not zero`(now: Timestamp) throws {
        var tokens = LockTokens()
        let (first, second) = (tokens.next(at: now), tokens.next(at: now))
        #expect(try #require(first) > 0)
        #expect(try #require(second) > #require(first))
        tokens = LockTokens(after: 1, reserved: 3)
        #expect(tokens.next(at: now) == 2)
        _ = tokens.renewal(at: now)
    }

    @Test func `without a state tokens reserve nothing`() {
        var tokens = LockTokens()
        _ = tokens.next(at: start)
        #expect(tokens.renewal(at: start) == nil)
    }

    @Test func `tokens continue behind the mark although the clock was set back, and renew half a block ahead`() {
        var tokens = LockTokens(after: 5_000_000, reserved: 5_000_000 + Self.block / 2)
        #expect(tokens.next(at: Timestamp(seconds: 1)) == 5_000_001)
        #expect(tokens.renewal(at: Timestamp(seconds: 1)) == 5_000_001 + Self.block)
        #expect(tokens.renewal(at: Timestamp(seconds: 1)) == nil)
        tokens.reserved(upTo: 5_000_001 + Self.block)
        #expect(tokens.next(at: Timestamp(seconds: 10)) == 10_000_000)
    }

    @Test func `a token beyond what is reserved is not given`() {
        var tokens = LockTokens(after: 10, reserved: 11)
        #expect(tokens.next(at: start) == 11)
        #expect(tokens.next(at: start) == nil)
        tokens.reserved(upTo: 12)
        #expect(tokens.next(at: start) == 12)
        #expect(tokens.next(at: start) == nil)
    }

    @Test(arguments: 0..<50)
    func `tokens grow over steps of the clock, restarts, kills and disks that take nothing`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (saved, now, newest): (UInt64, Int64, UInt64) = (0, start.seconds, 0)
        for _ in 0..<50 {
            // A run: its disk may fail from its start on, or later.
            let isWriting = Bool.random(using: &random)
            let after = max(saved, UInt64(now) * 1_000_000)
            if isWriting { saved = after + Self.block }
            var tokens = LockTokens(after: after, reserved: isWriting ? saved : 0)
            for _ in 0..<Int.random(in: 0..<20, using: &random) {
                now += [0, 1, 4000, Self.day, -Self.day, -4000].randomElement(using: &random) ?? 0
                let time = Timestamp(seconds: now)
                if let token = tokens.next(at: time) {
                    #expect(token.number > newest)
                    #expect(token.number <= saved, "it could be given again after a kill")
                    newest = token.number
                }
                if let number = tokens.renewal(at: time), isWriting, Bool.random(using: &random) {
                    saved = number
                    tokens.reserved(upTo: number)
                }
            }
            // An orderly end leaves the last one.
            if isWriting, Bool.random(using: &random) { saved = max(newest, after) }
            now += [Self.day, -Self.day, 0].randomElement(using: &random) ?? 0
        }
        #expect(newest > 0)
    }
}
