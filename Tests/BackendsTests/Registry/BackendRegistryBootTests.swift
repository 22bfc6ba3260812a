// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SystemIO
import Testing

@Suite("BackendRegistry: starting at boot", .timeLimit(.minutes(1)))
struct BackendRegistryBootTests {
    private static let person = CallerIdentity(pid: 7, uid: 1)

    @Test func `the backends that are to be started are, in priority order, and no others`() async throws {
        let house = try TestHouse()
        let order = Guarded<[String]>([])
        for (name, policy) in [("c", StartPolicy.boot), ("on-demand", .onDemand), ("manual", .manual), ("a", .boot)] {
            let fake = try house.create(name, priority: name == "a" ? 0 : 5, start: policy)
            fake.onStart { () async throws(BackendError) in order.withLock { $0.append(name) } }
        }
        house.registry.boot()
        for name in ["a", "c"] { try await house.reaches(.started, name) }
        #expect(try await house.causes().filter { $0.hasSuffix("BOOT") } == ["BOOT", "c:BOOT"])
        #expect(Set(order.withLock { $0 }) == ["a", "c"])
        for name in ["on-demand", "manual"] { #expect(try house.registry.get(name).state == .stopped) }
        await house.close()
    }

    @Test func `one that does not get ready holds up only those that come after it, until it fails`() async throws {
        let house = try TestHouse()
        let gate = Gate()
        try house.create("a", start: .boot).onStart { () async throws(BackendError) in
            await gate.pass()
            throw PoolTranscript.broken
        }
        try house.create("after", start: .boot, after: ["a"])
        try house.create("beside", start: .boot)
        house.registry.boot()
        await gate.reached()
        try await house.reaches(.started, "beside")
        #expect(try house.registry.get("after").state == .stopped)
        gate.open()
        try await house.reaches(.started, "after")
        #expect(try house.registry.get("a").state == .failed)
        await house.close()
    }

    @Test func `what a person holds down or has disabled is not started`() async throws {
        let house = try TestHouse()
        for name in ["a", "held", "disabled"] { try house.create(name, start: .boot) }
        _ = try await house.registry.stop("held", by: Self.person)
        _ = try await house.registry.setEnabled(false, "disabled")
        house.registry.boot()
        try await house.reaches(.started)
        for name in ["held", "disabled"] { #expect(try house.fake(name).calls == []) }
        await house.close()
    }

    @Test func `a start lock that another process holds is waited for`() async throws {
        let house = try TestHouse()
        try house.create("a", start: .boot)
        let lease = try await house.registry.holdStartLock(of: "a", holder: Self.person, wait: nil)
        house.registry.boot()
        // For the lock, as long as a caller may.
        await house.clock.sleepersAre()
        #expect(try house.registry.get("a").state == .stopped)
        lease.release()
        try await house.reaches(.started)
        await house.close()
    }

    @Test func `a shutdown ends the boot`() async throws {
        let house = try TestHouse()
        let gate = Gate()
        try house.create("a", start: .boot).onStart { () async throws(BackendError) in await gate.pass() }
        try house.create("b", start: .boot, after: ["a"])
        house.registry.boot()
        await gate.reached()
        await house.close()
        #expect(try house.fake("b").calls == [])
    }
}
