// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Logging
import Storage
import SystemIO
import TestSupport
import Testing

@Suite struct DiskStateStoreTests {
    private let log = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// A disk that fails as a test says.
    private final class ScriptedDisk: Sendable {
        let batches = Recorder<[StateChange]>()
        private let faults = Guarded<[StateFault?]>([])

        func fail(_ faults: [StateFault?]) { self.faults.withLock { $0 = faults } }

        func write(_ changes: [StateChange]) throws(StateFault) {
            batches.append(changes)
            let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let fault { throw fault }
        }
    }

    @Test func `64 backends that are created while a transaction is under way share the next one`() async throws {
        let directory = try TemporaryDirectory()
        let store = try DiskStateStore(log: log)
        let file = try StateFile(directory: directory.file("state"))
        let registry = BackendRegistry(
            types: .inProcess, serverInstance: "run", clock: SystemBackendClock(), store: store, log: log)
        let (isWriting, bell) = (OneShot<Void>(), try Doorbell())
        store.keep(.mark(.eventSequence, 1))
        try store.run { changes throws(StateFault) in
            if isWriting.set(()) { bell.wait(timeout: nil) }
            try file.write(changes)
        }
        await isWriting.valueDespiteCancellation()
        for index in 0..<64 { _ = try registry.create(BackendDefinition(name: "b\(index)", type: "LOCAL")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<64 { group.addTask { try await registry.waitUntilSaved("b\(index)") } }
            bell.ring()
            try await group.waitForAll()
        }
        #expect(store.commits == 2)
        #expect(await store.end() == nil)
    }

    @Test func `64 callers that create backends at once wait for few transactions`() async throws {
        let directory = try TemporaryDirectory()
        let store = try DiskStateStore(log: log)
        let file = try StateFile(directory: directory.file("state"))
        let registry = BackendRegistry(
            types: .inProcess, serverInstance: "run", clock: SystemBackendClock(), store: store, log: log)
        try store.run(file.write)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<64 {
                group.addTask {
                    _ = try registry.create(BackendDefinition(name: "b\(index)", type: "LOCAL"))
                    try await registry.waitUntilSaved("b\(index)")
                }
            }
            try await group.waitForAll()
        }
        #expect(store.commits <= 16, "\(store.commits)")
        #expect(await store.end() == nil)
        #expect(registry.count == 64)
    }

    @Test func `changes that come during a transaction go into the next one together`() async throws {
        let store = try DiskStateStore(log: log)
        let disk = ScriptedDisk()
        for index in 0..<64 { store.keep(.backendRemoved("b\(index)")) }
        try store.run(disk.write)
        #expect(await store.waitUntilSaved() == nil)
        #expect(disk.batches.elements.map(\.count) == [64])
        #expect(store.commits == 1)
        #expect(await store.end() == nil)
    }

    @Test func `a fault is told to those who wait, and the changes are saved once the disk is well`() async throws {
        let store = try DiskStateStore(log: log)
        let disk = ScriptedDisk()
        let full = StateFault("the disk is full")
        disk.fail([full])
        store.keep(.backendRemoved("a"))
        let told = OneShot<StateFault?>()
        store.whenSaved(try #require(store.savePoint(of: .backend("a")))) { told.set($0) }
        try store.run(disk.write)
        #expect(await told.valueDespiteCancellation() == full)
        // The next change comes after it, or with it.
        store.keep(.mark(.lockToken, 1))
        #expect(await store.waitUntilSaved() == nil)
        #expect(disk.batches.elements.dropFirst().flatMap { $0 } == [.backendRemoved("a"), .mark(.lockToken, 1)])
        #expect(store.fault == nil)
        #expect(await store.end() == nil)
    }

    @Test func `what was written is settled at the end, once`() async throws {
        let (store, disk, settled) = (try DiskStateStore(log: log), ScriptedDisk(), Recorder<Int>())
        try store.run(disk.write) { settled.append(disk.batches.elements.count) }
        store.keep(.backendRemoved("a"))
        #expect(await store.waitUntilSaved() == nil)
        #expect(await store.end() == nil)
        #expect(settled.elements == [1])
    }

    @Test(arguments: [true, false])
    func `the end does not wait for a disk that hangs longer than its patience, or than a caller`(
        isUrgent: Bool
    ) async throws {
        let (store, urgent, bell) = (try DiskStateStore(log: log), Announcement<Void>(), try Doorbell())
        store.keep(.backendRemoved("a"))
        let isWriting = OneShot<Void>()
        try store.run { _ in
            isWriting.set(())
            bell.wait(timeout: nil)
        }
        await isWriting.valueDespiteCancellation()
        if isUrgent { urgent.set(()) }
        let patience = isUrgent ? Duration.seconds(3600) : .milliseconds(1)
        #expect(await store.end(patience: patience, isUrgent: urgent) == StateFault("the disk does not answer"))
        bell.ring()
        #expect(await store.end() == nil)
    }

    @Test func `a caller that gives up does not wait for a disk that hangs`() async throws {
        let store = try DiskStateStore(log: log)
        store.keep(.backendRemoved("a"))
        let point = try #require(store.savePoint(of: .backend("a")))
        let wait = Task { await store.saved(point) }
        wait.cancel()
        #expect(await wait.value == StateFault("the wait for it has ended"))
    }

    @Test func `the number of a mark is known once it is saved`() async throws {
        let (store, disk) = (try DiskStateStore(log: log), ScriptedDisk())
        disk.fail([StateFault("the disk is full")])
        store.keep(.mark(.lockToken, 7))
        let early = OneShot<UInt64?>()
        store.whenSaved(try #require(store.savePoint(of: .mark(.lockToken)))) { _ in
            early.set(store.savedMark(.lockToken))
        }
        try store.run(disk.write)
        #expect(await early.valueDespiteCancellation() == nil)
        #expect(await store.waitUntilSaved() == nil)
        #expect(store.savedMark(.lockToken) == 7)
        #expect(await store.end() == nil)
    }

    @Test func `the end saves what is left, or says why not`() async throws {
        let store = try DiskStateStore(log: log)
        let disk = ScriptedDisk()
        let full = StateFault("the disk is full")
        disk.fail([full, full, full])
        try store.run(disk.write)
        store.keep(.backendRemoved("a"))
        #expect(await store.end() == full)
    }
}
