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

    @Test func `64 backends created at once share few transactions, and each answer is on the disk`() async throws {
        let directory = try TemporaryDirectory()
        let store = try DiskStateStore(log: log)
        let file = try StateFile(directory: directory.file("state"))
        let registry = BackendRegistry(
            types: .inProcess, serverInstance: "run", clock: SystemBackendClock(), store: store, log: log)
        try store.run(file.write)
        await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<64 {
                group.addTask {
                    _ = try registry.create(BackendDefinition(name: "b\(index)", type: "LOCAL"))
                    try await registry.waitUntilSaved("b\(index)")
                }
            }
        }
        #expect(store.commits < 48, "\(store.commits)")
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
