// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Logging
import TestSupport
import Testing

/// The rules of the page Configuration, row by row: what the file and the state say of one backend.
@Suite struct StatePlanTests {
    private static let layer: ConfigValue = [["name": "me", "patches": [["port": 9]]]]

    private static func file(
        _ name: String = "a", type: String = "FAKE", config: ConfigValue = [:], priority: Int32 = 0
    ) -> BackendDefinition {
        BackendDefinition(name: name, type: type, configuration: config, priority: priority, origin: .file)
    }

    /// Creates what the plan says and returns the names in priority order, with what became of `a`.
    private static func start(
        file: [BackendDefinition], saved: BackendRecord...
    ) throws -> (names: [String], a: BackendSnapshot?, record: BackendRecord?, forgotten: [String]) {
        let store = RecordingStore()
        let house = try TestHouse(store: store)
        let plan = StatePlan(file: file, saved: saved)
        for creation in plan.creations {
            _ = try house.registry.create(creation.definition, restoring: creation.record)
        }
        return (
            house.registry.list().map(\.name), try? house.registry.get("a"), store.records["a"],
            plan.forgotten.map(\.name)
        )
    }

    @Test func `in the file alone: created as the file says`() throws {
        let (names, a, record, _) = try Self.start(file: [Self.file(config: ["port": 1])])
        #expect(names == ["a"])
        #expect(a?.configuration == ["port": 1])
        #expect(a?.generation == 1)
        #expect(record?.origin == .file)
    }

    @Test(arguments: ["file", "rpc"])
    func `in both: type, base and priority are the file's, layers stay, and the backend is the file's`(
        origin: String
    ) throws {
        let saved = try BackendRecordTests.record(
            origin: origin, owners: Self.layer, base: ["tags": ["old"]], generation: 7)
        let (_, a, record, _) = try Self.start(
            file: [Self.file(config: ["tags": ["new"]], priority: 3)], saved: saved)
        #expect(a?.configuration == ["port": 9, "tags": ["new"]])
        #expect(a?.priority == 3)
        #expect(a?.generation == 8)
        #expect(a?.createTime == Timestamp(seconds: 100, nanoseconds: 7))
        #expect(record?.origin == .file)
        #expect(record?.configuration.ownerNames == ["me"])
    }

    @Test func `in both with the same base: the generation stays`() throws {
        let saved = try BackendRecordTests.record(origin: "file", owners: Self.layer, base: ["port": 1], generation: 7)
        let (_, a, _, _) = try Self.start(file: [Self.file(config: ["port": 1])], saved: saved)
        #expect(a?.generation == 7)
        #expect(a?.configuration["port"] == 9)
    }

    @Test func `in both with another type: layers that do not fit are dropped, others stay`() throws {
        let saved = try BackendRecordTests.record(
            type: "LOCAL", origin: "file",
            owners: [["name": "bad", "patches": [["models": 5]]], ["name": "me", "patches": [["port": 9]]]],
            generation: 7, staged: [["name": "bad", "patches": [["models": 5]]]])
        let (_, a, record, _) = try Self.start(file: [Self.file()], saved: saved)
        #expect(a?.type == "FAKE")
        #expect(a?.configuration == ["port": 9])
        #expect(a?.generation == 8)
        #expect(a?.isConfigurationStaged == false)
        #expect(record?.configuration.ownerNames == ["me"])
    }

    @Test func `in the state alone, created by a call: created as it was, after those of the file`() throws {
        let first = try BackendRecordTests.record(owners: Self.layer, base: ["tags": ["x"]], generation: 7)
        let second = try BackendRecordTests.record("b", creation: 9)
        let (names, a, record, forgotten) = try Self.start(file: [Self.file("f", priority: 5)], saved: second, first)
        // All have the priority 5: the order is that of their creation.
        #expect(names == ["f", "a", "b"])
        #expect(a?.configuration == ["port": 9, "tags": ["x"]])
        #expect(a?.generation == 7)
        #expect(record?.origin == .rpc)
        #expect(forgotten.isEmpty)
    }

    @Test func `in the state alone, from an earlier file: gone with its layers`() throws {
        let saved = try BackendRecordTests.record(origin: "file", owners: Self.layer)
        let (names, _, _, forgotten) = try Self.start(file: [], saved: saved)
        #expect(names.isEmpty)
        #expect(forgotten == ["a"])
    }

    @Test func `what was staged is staged again`() throws {
        let saved = try BackendRecordTests.record(
            owners: Self.layer, staged: [["name": "me", "patches": [["port": 10]]]])
        let (_, a, _, _) = try Self.start(file: [], saved: saved)
        #expect(a?.configuration == ["port": 9])
        #expect(a?.isConfigurationStaged == true)
    }

    // MARK: The order

    private static func saved(_ name: String, after: [String], creation: Int64 = 1) throws -> BackendRecord {
        var record = try BackendRecordTests.record(name, creation: creation)
        record.after = after
        return record
    }

    @Test func `a saved backend loses what makes a cycle with the file, and keeps the rest`() throws {
        var file = Self.file("f")
        file.after = ["r", "s"]
        let plan = StatePlan(
            file: [file, Self.file("g")],
            saved: [try Self.saved("r", after: ["f", "g"]), try Self.saved("s", after: ["r"], creation: 2)])
        #expect(plan.creations.map(\.definition.after) == [["r", "s"], [], ["g"], ["r"]])
        #expect(plan.brokenOrders.map { "\($0.backend) after \($0.after)" } == ["r after f"])
    }

    @Test func `a longer cycle is broken too, and all backends are created`() throws {
        let house = try TestHouse()
        var file = Self.file("f")
        file.after = ["s"]
        let plan = StatePlan(
            file: [file],
            saved: [try Self.saved("r", after: ["f"]), try Self.saved("s", after: ["r"], creation: 2)])
        let names = Set(plan.creations.map(\.definition.name))
        for creation in plan.creations {
            _ = try house.registry.create(creation.definition, alongside: names, restoring: creation.record)
        }
        #expect(plan.brokenOrders.map { "\($0.backend) after \($0.after)" } == ["s after r"])
        #expect(house.registry.count == 3)
    }

    @Test func `the file may name a backend that does not exist, a call may not`() throws {
        let house = try TestHouse()
        var file = Self.file("f")
        file.after = ["r"]
        _ = try house.registry.create(file)
        #expect(house.registry.orderWarnings(about: "f").map(\.path) == ["after"])
        #expect(throws: BackendError.self) { try house.create("g", after: ["r"]) }
        #expect(throws: BackendError.self) { try house.create("r", after: ["f"]) }
        try house.create("r")
        #expect(house.registry.orderWarnings(about: "f").isEmpty)
    }
}
