// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

/// The rules of the page Reloading, row by row: what a changed file makes of one backend.
@Suite struct ReloadPlanTests {
    private static let now = Timestamp(seconds: 100)
    private static let fake = ScriptedBackends().type(named: "FAKE", contexts: .ignored)

    private static var types: BackendTypes {
        get throws {
            var types = BackendTypes.inProcess
            try types.register(fake)
            return types
        }
    }

    private static func file(
        _ name: String = "a", type: String = "FAKE", config: ConfigValue = [:], priority: Int32 = 0,
        start: StartPolicy = .onDemand, after: [String] = [], apply: ReloadApply = .nextStart,
        origin: BackendOrigin = .file
    ) -> BackendDefinition {
        BackendDefinition(
            name: name, type: type, configuration: config, priority: priority, start: start, after: after, apply: apply,
            origin: origin)
    }

    /// A registry with these backends.
    private static func registry(
        _ definitions: BackendDefinition..., started: Bool = false
    ) throws -> RegistryState {
        var registry = RegistryState()
        for definition in definitions {
            let type = try types.type(named: definition.type)
            _ = try registry.create(
                definition, type: type, try BackendConfiguration(type: type, base: definition.configuration),
                alongside: Set(definitions.map(\.name)), at: now)
            guard started else { continue }
            _ = try registry.submit(
                .start(by: .person), on: definition.name, by: registry.newCaller(), StartLockOptions(), at: now)
            let creation = try registry.entry(definition.name).creation
            _ = registry.startFinished(RunID(1), of: definition.name, creation, error: nil, at: now)
        }
        return registry
    }

    private static func plan(_ registry: RegistryState, _ file: BackendDefinition...) throws -> ReloadPlan {
        try ReloadPlan(file: file, registry: registry, types: try types)
    }

    /// The only step, in words: `needsRestart nextStart config.port`.
    private static func step(_ registry: RegistryState, _ file: BackendDefinition...) throws -> String {
        let plan = try ReloadPlan(file: file, registry: registry, types: try types)
        let step = try #require(plan.steps.first)
        let apply = step.apply.map { " \($0)" } ?? ""
        return "\(step.kind)\(apply)\(step.paths.map { " " + $0 }.joined())"
    }

    // MARK: One backend

    @Test func `the same entry changes nothing`() throws {
        let file = Self.file(config: ["port": 1])
        #expect(try Self.step(Self.registry(file, started: true), file) == "unchanged")
    }

    @Test func `a new entry is added, and one that is gone is removed after all others`() throws {
        let plan = try Self.plan(Self.registry(Self.file("b"), Self.file("a")), Self.file("a"), Self.file("c"))
        #expect(plan.steps.map { "\($0.name) \($0.kind)" } == ["a unchanged", "c added", "b removed"])
    }

    @Test func `backends that calls have created are not touched`() throws {
        #expect(try Self.plan(Self.registry(Self.file(origin: .rpc))).steps.isEmpty)
    }

    @Test func `a backend that a call has created becomes the file's when the file has its name`() throws {
        let registry = try Self.registry(Self.file(origin: .rpc), started: true)
        #expect(try Self.step(registry, Self.file()) == "changed origin")
    }

    @Test func `policies of a backend change without a restart`() throws {
        let registry = try Self.registry(Self.file(), Self.file("b"), started: true)
        let file = Self.file(priority: 7, start: .boot, after: ["b"], apply: .rolling)
        #expect(try Self.step(registry, file, Self.file("b")) == "changed after apply priority start")
    }

    @Test func `what the type can take over changes without a restart`() throws {
        let registry = try Self.registry(Self.file(), started: true)
        #expect(try Self.step(registry, Self.file(config: ["tags": ["x"]])) == "changed config.tags")
    }

    @Test(arguments: [ReloadApply.now, .nextStart, .rolling])
    func `anything else of a started backend needs a restart, as apply says`(apply: ReloadApply) throws {
        let registry = try Self.registry(Self.file(apply: apply), started: true)
        let file = Self.file(config: ["port": 1, "tags": ["x"]], apply: apply)
        #expect(try Self.step(registry, file) == "needsRestart \(apply) config.port config.tags")
    }

    @Test func `a backend at rest needs no restart`() throws {
        #expect(try Self.step(Self.registry(Self.file()), Self.file(config: ["port": 1])) == "changed config.port")
    }

    @Test func `a value below the layer of an owner changes without a restart`() throws {
        var registry = try Self.registry(Self.file())
        _ = try registry.submit(
            .registerConfig(ConfigRegistration(owner: "me", patch: ["port": 9])), on: "a", by: registry.newCaller(),
            StartLockOptions(), at: Self.now)
        _ = try registry.submit(
            .start(by: .person), on: "a", by: registry.newCaller(), StartLockOptions(), at: Self.now)
        #expect(try Self.step(registry, Self.file(config: ["port": 1])) == "changed config.port")
    }

    @Test func `the layer of an owner that does not fit the new entry is dropped, and named`() throws {
        var registry = try Self.registry(Self.file("a", type: "LOCAL"))
        _ = try registry.submit(
            .registerConfig(ConfigRegistration(owner: "me", patch: ["port": "word"])), on: "a",
            by: registry.newCaller(), StartLockOptions(), at: Self.now)
        let step = try #require(try Self.plan(registry, Self.file()).steps.first)
        #expect(step.paths == ["type"] && step.droppedOwners == ["me"])
    }

    @Test func `another type replaces a started backend at once`() throws {
        let registry = try Self.registry(Self.file(), started: true)
        #expect(try Self.step(registry, Self.file(type: "LOCAL")) == "needsRestart now type")
    }

    @Test func `paths never have a value, and the plan names who holds the start lock`() throws {
        var registry = try Self.registry(Self.file(config: ["connection": ["password": "old"]]), started: true)
        let holder = CallerIdentity(pid: 7, uid: 1)
        _ = try registry.requestLock(of: "a", by: registry.newCaller(), holder, wait: nil, at: Self.now)
        let plan = try Self.plan(registry, Self.file(config: ["connection": ["password": "new"]]))
        #expect(plan.steps.first?.paths == ["config.connection.password"])
        #expect(plan.steps.first?.lockHolder == holder)
        #expect(try Self.plan(registry).steps.first?.lockHolder == holder)
    }

    // MARK: A backend that is being deleted

    /// A registry with `a` while it is stopped by a command.
    private static func stopping(_ command: BackendCommand) throws -> RegistryState {
        var registry = try Self.registry(Self.file(config: ["port": 1]), started: true)
        let layer = ConfigRegistration(owner: "me", patch: ["models": 5], apply: .nextStart)
        _ = try? registry.submit(
            .registerConfig(layer), on: "a", by: registry.newCaller(), StartLockOptions(), at: now)
        _ = try registry.submit(command, on: "a", by: registry.newCaller(), StartLockOptions(), at: now)
        return registry
    }

    @Test(arguments: [BackendCommand.retire, .delete(force: true)])
    func `an entry for a backend that is being deleted is added, also if it is the same`(command: BackendCommand) throws
    {
        let registry = try Self.stopping(command)
        #expect(try Self.step(registry, Self.file(config: ["port": 1])) == "added")
        #expect(try Self.step(registry, Self.file(type: "LOCAL")) == "added")
        #expect(try Self.plan(registry).steps.map(\.kind) == [.removed])
    }

    @Test func `a change of the type that is under way is unchanged, taken back or taken away by the next file`() throws
    {
        let local = Self.file(type: "LOCAL")
        let successor = try BackendSuccessor(
            local, type: try Self.types.type(named: "LOCAL"), limits: BackendLimits())
        let registry = try Self.stopping(.replace(successor))
        #expect(try Self.step(registry, local) == "unchanged")
        #expect(try Self.step(registry, Self.file(config: ["port": 1])) == "added")
        #expect(try Self.plan(registry).steps.map(\.kind) == [.removed])
    }

    // MARK: A wrong file

    /// The faults of a file, as places and reasons.
    private static func faults(_ registry: RegistryState, _ file: BackendDefinition...) throws -> [String] {
        let types = try types
        do throws(ReloadFaults) {
            _ = try ReloadPlan(file: file, registry: registry, types: types)
            return []
        } catch {
            return error.faults.map { "\($0.index) \($0.error.reason.rawValue)" }
        }
    }

    @Test func `every wrong entry is named with its place`() throws {
        let found = try Self.faults(
            Self.registry(), Self.file("Bad"), Self.file("b", type: "NONE"), Self.file("c", config: ["port": 0]),
            Self.file("d"), Self.file("d"), Self.file("e", after: ["e"]))
        #expect(
            found == [
                "0 NAME_INVALID", "1 TYPE_NOT_FOUND", "2 CONFIG_INVALID", "4 BACKEND_EXISTS", "5 ORDER_INVALID",
            ])
    }

    @Test func `an entry may come after a backend that does not exist, which the plan names`() throws {
        let registry = try Self.registry(Self.file("a"), Self.file("b"), Self.file("c", origin: .rpc))
        let plan = try Self.plan(registry, Self.file("a", after: ["b", "c", "d"]))
        #expect(plan.steps.map(\.unknownNames) == [["b", "d"], []])
    }

    @Test func `a new cycle is refused, and one that the file takes apart is not`() throws {
        let registry = try Self.registry(Self.file("a", after: ["b"]), Self.file("b"))
        #expect(
            try Self.faults(registry, Self.file("a", after: ["b"]), Self.file("b", after: ["a"])) == [
                "1 ORDER_INVALID"
            ])
        #expect(try Self.faults(registry, Self.file("a"), Self.file("b", after: ["a"])) == [])
    }
}
