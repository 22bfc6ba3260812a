// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: starting and stopping")
struct BackendRegistryLifecycleTests {
    typealias Failing = @Sendable () async throws(BackendError) -> Void

    /// A house with one backend whose start (or stop) waits for the gate.
    static func house(holding: BackendState) throws -> (TestHouse, ScriptedBackend, Gate) {
        let house = try TestHouse()
        let fake = try house.create("a")
        let gate = Gate()
        let work: Failing = { () async throws(BackendError) in
            await gate.pass()
            if Task.isCancelled { throw BackendError(.cancelled, .callerCancelled, "the backend was told to give up") }
        }
        if holding == .starting { fake.onStart(work) } else { fake.onStop(work) }
        return (house, fake, gate)
    }

    @Test func `a backend starts and stops`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        house.clock.advance(by: .seconds(3))
        let started = try await house.registry.start("a")
        #expect(started.isChanged)
        #expect(started.backend.state == .started)
        #expect(started.backend.isStarted)
        #expect(started.backend.createTime == ManualClock.start)
        #expect(started.backend.stateTime == Timestamp(seconds: ManualClock.start.seconds + 3))
        let stopped = try await house.registry.stop("a")
        #expect(stopped.isChanged)
        #expect(stopped.backend.state == .stopped)
        #expect(fake.calls == [.start(["port": 8080]), .stop])
        #expect(
            try await house.causes() == ["CREATED", "START_REQUESTED", "STARTED", "STOP_REQUESTED", "STOPPED"])
        await house.close()
    }

    @Test func `starting what is started and stopping what is stopped does nothing`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        #expect(try await house.registry.stop("a").isChanged == false)
        _ = try await house.registry.start("a")
        let again = try await house.registry.start("a")
        #expect(!again.isChanged)
        #expect(again.backend.isStarted)
        #expect(fake.calls.count == 1)
        await house.close()
    }

    @Test func `a thousand callers join one attempt`() async throws {
        let (house, fake, gate) = try Self.house(holding: .starting)
        let calls = (0..<1000).map { _ in
            calling { () async throws(BackendError) in try await house.registry.start("a") }
        }
        gate.open()
        for call in calls {
            let outcome = try await call.value.get()
            #expect(outcome.isChanged)
            #expect(outcome.backend.isStarted)
        }
        #expect(fake.calls == [.start(["port": 8080])])
        await house.close()
    }

    @Test func `all joiners of an attempt that fails get its error, and the backend says why`() async throws {
        let (house, fake, gate) = try Self.house(holding: .starting)
        fake.onStart { () async throws(BackendError) in
            await gate.pass()
            throw BackendLifecycleTests.broken
        }
        let calls = (0..<3).map { _ in
            calling { () async throws(BackendError) in try await house.registry.start("a") }
        }
        gate.open()
        for call in calls { #expect(await call.value.error == BackendLifecycleTests.broken) }
        let backend = try house.registry.get("a")
        #expect(backend.state == .failed)
        #expect(backend.failure == BackendFailure(reason: "START_FAILED", message: "it broke"))
        #expect(!backend.isStarted)
        await house.close()
    }

    @Test func `a failed backend is cleaned up before it starts again`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        fake.onStart {}
        let outcome = try await house.registry.start("a")
        #expect(outcome.backend.isStarted)
        #expect(outcome.backend.failure == nil)
        #expect(fake.calls == [.start(["port": 8080]), .stop, .start(["port": 8080])])
        await house.close()
    }

    @Test func `if the cleanup fails, so does the start`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        fake.onStart {}
        fake.onStop { () async throws(BackendError) in throw BackendError(.internal, .stopFailed, "still there") }
        let error = await #expect(throws: BackendError.self) { try await house.registry.start("a") }
        #expect(error?.reason == .stopFailed)
        #expect(try house.registry.get("a").state == .failed)
        #expect(fake.calls.count == 2)
        fake.onStop {}
        await house.close()
    }

    @Test func `a stop of a failed backend cleans up`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        #expect(try await house.registry.stop("a").backend.state == .stopped)
        #expect(fake.calls == [.start(["port": 8080]), .stop])
    }

    @Test func `a stop cancels a start, whose callers are told`() async throws {
        let (house, fake, gate) = try Self.house(holding: .starting)
        let starts = (0..<3).map { _ in
            calling { () async throws(BackendError) in try await house.registry.start("a") }
        }
        await gate.reached()
        #expect(try await house.registry.stop("a").backend.state == .stopped)
        for start in starts {
            let error = await start.value.error
            #expect(error?.kind == .aborted)
            #expect(error?.reason == .startCancelled)
        }
        #expect(fake.calls == [.start(["port": 8080]), .stop])
        await house.close()
    }

    @Test func `a start during a stop waits for it and then starts`() async throws {
        let (house, fake, gate) = try Self.house(holding: .stopping)
        _ = try await house.registry.start("a")
        let stop = calling { () async throws(BackendError) in try await house.registry.stop("a") }
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        #expect(try house.registry.get("a").state == .stopping)
        gate.open()
        #expect(try await stop.value.get().backend.state == .stopped)
        #expect(try await start.value.get().backend.state == .started)
        #expect(fake.calls == [.start(["port": 8080]), .stop, .start(["port": 8080])])
        await house.close()
    }

    @Test func `a second stop joins the first`() async throws {
        let (house, fake, gate) = try Self.house(holding: .stopping)
        _ = try await house.registry.start("a")
        let stops = (0..<2).map { _ in
            calling { () async throws(BackendError) in try await house.registry.stop("a") }
        }
        gate.open()
        for stop in stops { #expect(try await stop.value.get().isChanged) }
        #expect(fake.calls == [.start(["port": 8080]), .stop])
        await house.close()
    }

    @Test func `a stop that fails leaves the backend failed`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        fake.onStop { () async throws(BackendError) in throw BackendError(.internal, .stopFailed, "still there") }
        let error = await #expect(throws: BackendError.self) { try await house.registry.stop("a") }
        #expect(error?.reason == .stopFailed)
        #expect(try house.registry.get("a").failure?.message == "still there")
        fake.onStop {}
        await house.close()
    }

    // MARK: Callers that give up

    @Test func `a caller that gives up ends its own wait and not the attempt`() async throws {
        let (house, _, gate) = try Self.house(holding: .starting)
        let impatient = calling { () async throws(BackendError) in try await house.registry.start("a") }
        let patient = calling { () async throws(BackendError) in try await house.registry.start("a") }
        impatient.cancel()
        let error = await impatient.value.error
        #expect(error?.kind == .cancelled)
        #expect(error?.reason == .callerCancelled)
        #expect(try house.registry.get("a").state == .starting)
        gate.open()
        #expect(try await patient.value.get().backend.isStarted)
        await house.close()
    }

    @Test func `an attempt goes on when all its callers have given up`() async throws {
        let (house, _, gate) = try Self.house(holding: .starting)
        let call = calling { () async throws(BackendError) in try await house.registry.start("a") }
        call.cancel()
        #expect(await call.value.reason == .callerCancelled)
        gate.open()
        try await house.reaches(.started)
        await house.close()
    }

    @Test func `a start that only waited for a stop is forgotten with its caller`() async throws {
        let (house, fake, gate) = try Self.house(holding: .stopping)
        _ = try await house.registry.start("a")
        let stop = calling { () async throws(BackendError) in try await house.registry.stop("a") }
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        start.cancel()
        #expect(await start.value.reason == .callerCancelled)
        gate.open()
        _ = await stop.value
        #expect(try house.registry.get("a").state == .stopped)
        #expect(fake.calls.count == 2)
        await house.close()
    }

    @Test func `a caller that had given up before it called begins nothing`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        let gate = Gate()
        let call = calling { () async throws(BackendError) in
            await gate.pass()
            return try await house.registry.start("a")
        }
        call.cancel()
        #expect(await call.value.reason == .callerCancelled)
        #expect(fake.calls == [])
    }

    // MARK: Deleting

    @Test func `a stopped backend is deleted`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        let backend = try house.fake("a")
        #expect(!backend.isDeleted)
        _ = try await house.registry.delete("a")
        #expect(backend.isDeleted)
        #expect(house.registry.count == 0)
        #expect(house.registry.list() == [])
        #expect(fake.calls == [])
        try house.create("a")
        #expect(try house.registry.get("a").generation == 1)
    }

    @Test func `a running backend is deleted only with force, and stopped first`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        let error = await #expect(throws: BackendError.self) { try await house.registry.delete("a") }
        #expect(error?.kind == .failedPrecondition)
        #expect(error?.reason == .backendStarted)
        _ = try await house.registry.delete("a", lock: StartLockOptions(force: true))
        #expect(fake.calls == [.start(["port": 8080]), .stop])
        #expect(house.registry.count == 0)
        #expect(
            try await house.causes() == [
                "CREATED", "START_REQUESTED", "STARTED", "DELETE_REQUESTED", "STOPPED", "DELETED",
            ])
        await house.close()
    }

    @Test func `a failed backend is cleaned up and deleted`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        _ = try await house.registry.delete("a")
        #expect(fake.calls == [.start(["port": 8080]), .stop])
        #expect(house.registry.count == 0)
    }

    // MARK: Failures by themselves

    @Test func `a started backend that breaks down is failed and says why`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        fake.supervisors.first?.failed(BackendFailure(reason: "CRASH_LOOP", message: "exited with 1"))
        let backend = try house.registry.get("a")
        #expect(backend.state == .failed)
        #expect(backend.failure == BackendFailure(reason: "CRASH_LOOP", message: "exited with 1"))
        #expect(try await house.causes().last == "BACKEND_FAILED")
        await house.close()
    }

    @Test func `supervision is not bound by the start lock`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        let lease = try await house.registry.holdStartLock(of: "a", holder: StartLockTests.one)
        fake.supervisors.first?.failed(BackendFailure(reason: "CRASH_LOOP", message: ""))
        #expect(try house.registry.get("a").state == .failed)
        lease.release()
        await house.close()
    }

    @Test func `a breakdown during a start ends the start`() async throws {
        let (house, fake, gate) = try Self.house(holding: .starting)
        let call = calling { () async throws(BackendError) in try await house.registry.start("a") }
        await gate.reached()
        fake.supervisors.first?.failed(BackendFailure(reason: "EXITED", message: "exited with 1"))
        let error = await call.value.error
        #expect(error?.reason == .backendFailed)
        #expect(error?.metadata["failure"] == "EXITED")
        #expect(try house.registry.get("a").failure?.reason == "EXITED")
        await house.close()
    }

    @Test func `what an earlier start reports is ignored, also under a name used again`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        _ = try await house.registry.stop("a")
        _ = try await house.registry.start("a")
        fake.supervisors.first?.failed(BackendFailure(reason: "OLD", message: ""))
        #expect(try house.registry.get("a").isStarted)
        let last = fake.supervisors.last
        _ = try await house.registry.delete("a", lock: StartLockOptions(force: true))
        try house.create("a")
        _ = try await house.registry.start("a")
        _ = try await house.registry.stop("a")
        _ = try await house.registry.start("a")
        last?.failed(BackendFailure(reason: "OLD", message: ""))
        #expect(try house.registry.get("a").isStarted)
        await house.close()
    }

    // MARK: All at once

    @Test func `commands from many tasks leave a clean house`() async throws {
        let house = try TestHouse()
        for name in ["a", "b"] { try house.create(name) }
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for turn in 0..<100 {
                        let name = (worker + turn).isMultiple(of: 2) ? "a" : "b"
                        if turn.isMultiple(of: 3) {
                            _ = try? await house.registry.stop(name)
                        } else if turn.isMultiple(of: 7) {
                            let lease = try? await house.registry.holdStartLock(
                                of: name, holder: CallerIdentity(pid: Int32(worker), uid: 0), wait: .seconds(60))
                            lease?.release()
                        } else {
                            _ = try? await house.registry.start(name, lock: StartLockOptions(wait: .seconds(60)))
                        }
                    }
                }
            }
        }
        for name in ["a", "b"] {
            #expect(try await house.registry.stop(name).backend.lockHolder == nil)
            var previous: ScriptedBackend.Call?
            for call in try house.fake(name).calls {
                if case .start = call { #expect(previous != call, "a start follows a stop") }
                previous = call
            }
        }
        await house.close()
    }
}
