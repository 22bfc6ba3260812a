// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import Testing

@Suite struct ReconnectPolicyTests {
    private static func policy(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> ReconnectPolicy {
        var configuration = ClientConfiguration()
        configuration.retryDelay = .milliseconds(1)
        configuration.longestRetryDelay = .milliseconds(8)
        configuration.restartWait = .seconds(2)
        configuration.backlogWait = .seconds(10)
        change(&configuration)
        return ReconnectPolicy(configuration)
    }

    private static let second: UInt64 = 1_000_000_000

    @Test func `a daemon that was never there is not waited for`() {
        var policy = Self.policy()
        #expect(policy.occurred(.absent, now: 5, jitter: 0) == nil)
    }

    @Test func `a daemon that was there is waited for as long as a restart takes`() {
        var policy = Self.policy()
        policy.recovered()
        #expect(policy.occurred(.lost, now: 0, jitter: 0) != nil)
        #expect(policy.occurred(.absent, now: Self.second, jitter: 0) != nil)
        #expect(policy.occurred(.absent, now: 2 * Self.second, jitter: 0) == nil)
    }

    @Test func `pauses double up to a limit`() {
        var policy = Self.policy()
        let pauses = (0..<6).map { _ in policy.occurred(.backlogFull, now: 0, jitter: 0) }
        #expect(pauses == [1, 2, 4, 8, 8, 8].map { .milliseconds($0) })
    }

    @Test(arguments: [(0, 1000), (0.5, 750), (1, 500), (-3, 1000), (7, 500)] as [(Double, Int)])
    func `jitter takes up to half of a pause`(jitter: Double, microseconds: Int) {
        var policy = Self.policy()
        #expect(policy.occurred(.backlogFull, now: 0, jitter: jitter) == .microseconds(microseconds))
    }

    @Test func `an answer ends the trouble`() {
        var policy = Self.policy()
        #expect(policy.occurred(.draining, now: 0, jitter: 0) == .milliseconds(1))
        #expect(policy.occurred(.draining, now: 1, jitter: 0) == .milliseconds(2))
        policy.recovered()
        #expect(policy.occurred(.draining, now: 9 * Self.second, jitter: 0) == .milliseconds(1))
    }

    @Test func `a full backlog has a patience of its own`() {
        var policy = Self.policy()
        #expect(policy.occurred(.backlogFull, now: 0, jitter: 0) != nil)
        #expect(policy.occurred(.backlogFull, now: 9 * Self.second, jitter: 0) != nil)
        #expect(policy.occurred(.backlogFull, now: 10 * Self.second, jitter: 0) == nil)
    }
}
