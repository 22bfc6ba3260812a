// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendConfiguration")
struct BackendConfigurationTests {
    static let open = ConfigSchema(fields: [], allowsOtherKeys: true)

    static func layers(_ base: ConfigValue = [:], schema: ConfigSchema = open) throws -> BackendConfiguration {
        try BackendConfiguration(schema: schema, base: base)
    }

    /// Registers in the name of an owner while the backend is at rest.
    @discardableResult
    static func register(
        _ layers: inout BackendConfiguration, _ owner: String, _ patch: ConfigValue, expected: UInt64 = 0,
        isAtRest: Bool = true
    ) throws -> BackendConfiguration.Change {
        try layers.register(
            ConfigRegistration(owner: owner, patch: patch, expectedGeneration: expected), isAtRest: isAtRest)
    }

    static func error(
        _ layers: BackendConfiguration, _ owner: String, _ patch: ConfigValue, expected: UInt64 = 0
    ) throws -> BackendError? {
        var changed = layers
        let error = #expect(throws: BackendError.self) {
            try register(&changed, owner, patch, expected: expected)
        }
        #expect(changed == layers, "a refused registration changes nothing")
        return error
    }

    // MARK: The fold

    @Test func `the effective configuration is defaults, base and owners in order`() throws {
        var layers = try Self.layers(["port": 1000], schema: ScriptedBackends.schema)
        #expect(layers.effective == ["port": 1000])
        try Self.register(&layers, "x", ["port": 2000])
        #expect(layers.effective == ["port": 2000])
        #expect(try Self.layers(schema: ScriptedBackends.schema).effective == ["port": 8080])
    }

    @Test func `owners come in the order of their first registration`() throws {
        var layers = try Self.layers(["a": ["k": 1]])
        try Self.register(&layers, "x", ["b": 1])
        try Self.register(&layers, "y", ["a": ["l": 2]])
        try Self.register(&layers, "x", ["a": ["m": 3]])
        #expect(layers.effective == ["a": ["k": 1, "l": 2, "m": 3], "b": 1])
    }

    @Test(
        arguments: [
            (["a": ["b": 1]], ["a": ["c": 2]], ["a": ["b": 1, "c": 2]]),
            (["a": 1], ["a": 2], ["a": 2]),
            (["a": [1, 2]] as ConfigValue, ["a": [3]] as ConfigValue, ["a": [3]] as ConfigValue),
            (["a": ["b": 1]], ["a": 5], ["a": 5]),
            (["a": 5], ["a": ["b": 1]], ["a": ["b": 1]]),
            (["a": 1, "b": 2], ["a": .null], ["b": 2]),
            (["a": ["b": 1, "c": 2]], ["a": ["b": .null]], ["a": ["c": 2]]),
            (["a": 1], [:], ["a": 1]),
        ] as [(ConfigValue, ConfigValue, ConfigValue)])
    func `an owner's patch merges as RFC 7396 says`(base: ConfigValue, patch: ConfigValue, expected: ConfigValue) throws
    {
        var layers = try Self.layers(base)
        try Self.register(&layers, "x", patch)
        #expect(layers.effective == expected)
    }

    @Test func `null deletes what lower layers set, defaults included`() throws {
        var layers = try Self.layers(["tags": ["a"]], schema: ScriptedBackends.schema)
        try Self.register(&layers, "x", ["port": .null, "tags": .null])
        #expect(layers.effective == [:])
    }

    @Test func `further calls of an owner merge into its layer`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": ["b": 1]])
        try Self.register(&layers, "x", ["a": ["c": 2]])
        try Self.register(&layers, "x", ["a": ["b": 3]])
        #expect(layers.effective == ["a": ["b": 3, "c": 2]])
    }

    // MARK: Generations

    @Test func `generations count changes from 1`() throws {
        var layers = try Self.layers(["a": 1])
        #expect(layers.generation == 1)
        #expect(try Self.register(&layers, "x", ["a": 2]) == .applied)
        #expect(layers.generation == 2)
        #expect(try Self.register(&layers, "x", ["b": 2]) == .applied)
        #expect(layers.generation == 3)
    }

    @Test func `the same patch twice changes nothing`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": ["b": .null, "c": [1]]])
        let before = layers
        #expect(try Self.register(&layers, "x", ["a": ["b": .null, "c": [1]]]) == .none)
        #expect(layers == before)
        #expect(layers.generation == 2)
    }

    @Test func `a patch that says nothing changes nothing and makes no owner`() throws {
        var layers = try Self.layers(["a": 1])
        let before = layers
        #expect(try Self.register(&layers, "x", [:]) == .none)
        #expect(layers == before)
    }

    @Test func `the expected generation is compared if one is given`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 1], expected: 1)
        try Self.register(&layers, "x", ["a": 2], expected: 2)
        let error = try Self.error(layers, "x", ["a": 3], expected: 2)
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .generationMoved)
        #expect(error?.metadata == ["generation": "3", "expected_generation": "2"])
        try Self.register(&layers, "x", ["a": 3], expected: 0)
    }

    // MARK: Conflicts

    @Test(
        arguments: [
            (["a": 1], ["a": 2], "config.a"),
            (["a": 1], ["a": .null], "config.a"),
            (["a": .null], ["a": 1], "config.a"),
            (["a": ["b": 1]], ["a": ["b": "1"]], "config.a.b"),
            (["a": ["b": 1]], ["a": 1], "config.a"),
            (["a": [1]] as ConfigValue, ["a": [1, 2]] as ConfigValue, "config.a"),
            (["a": ["b": 1]], ["a": .null], "config.a"),
        ] as [(ConfigValue, ConfigValue, String)])
    func `owners that give a path different values conflict`(one: ConfigValue, other: ConfigValue, path: String) throws
    {
        var layers = try Self.layers()
        try Self.register(&layers, "x", one)
        let error = try Self.error(layers, "y", other)
        #expect(error?.kind == .aborted)
        #expect(error?.reason == .configConflict)
        #expect(error?.metadata == ["path": path, "owner": "y", "other_owner": "x"])
        #expect(error?.message.contains(path) == true)
        #expect(error?.message.contains("\"x\"") == true)
        #expect(error?.message.contains("\"y\"") == true)
    }

    @Test(
        arguments: [
            (["a": 1], ["a": 1]), (["a": .null], ["a": .null]), (["a": ["b": 1]], ["a": ["c": 2]]),
            (["a": 1], ["b": 2]),
        ] as [(ConfigValue, ConfigValue)])
    func `owners that agree do not conflict`(one: ConfigValue, other: ConfigValue) throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", one)
        #expect(try Self.register(&layers, "y", other) == .applied)
    }

    @Test func `neither the base nor the defaults conflict with an owner`() throws {
        var layers = try Self.layers(["tags": ["a"]], schema: ScriptedBackends.schema)
        try Self.register(&layers, "x", ["tags": ["b"], "port": 1])
        #expect(layers.effective == ["tags": ["b"], "port": 1])
    }

    @Test func `an owner may change its own mind`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 1])
        try Self.register(&layers, "x", ["a": .null])
        #expect(layers.effective == [:])
    }

    // MARK: Refusals

    @Test func `an empty owner is refused`() throws {
        let error = try Self.error(Self.layers(), "", ["a": 1])
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .ownerEmpty)
        #expect(error?.violations.map(\.path) == ["owner"])
    }

    @Test(arguments: ["a\nb", "\u{1b}[0m", String(repeating: "x", count: 129)])
    func `an owner that could not be shown is refused`(owner: String) throws {
        let error = try Self.error(Self.layers(), owner, ["a": 1])
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .ownerInvalid)
    }

    @Test func `a masked secret sent back is refused`() throws {
        let layers = try Self.layers(["connection": ["password": "pw"]], schema: ScriptedBackends.schema)
        #expect(layers.masked == ["connection": ["password": "***"], "port": 8080])
        let error = try Self.error(layers, "x", layers.masked)
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .secretMasked)
        #expect(error?.violations.map(\.path) == ["config.connection.password"])
        #expect(throws: BackendError.self) {
            try Self.layers(["connection": ["password": "***"]], schema: ScriptedBackends.schema)
        }
    }

    @Test(
        arguments: [
            (["prot": 1], "config.prot"),
            (["port": "x"], "config.port"),
            (["port": 0], "config.port"),
            (["connection": ["hostname": 5]], "config.connection.hostname"),
            (["connection": ["hostnam": "h"]], "config.connection.hostnam"),
            (["tags": [1]], "config.tags[0]"),
        ] as [(ConfigValue, String)])
    func `the type refuses unknown keys and wrong kinds and names the path`(patch: ConfigValue, path: String) throws {
        let layers = try Self.layers(schema: ScriptedBackends.schema)
        for error in [
            try Self.error(layers, "x", patch),
            #expect(throws: BackendError.self) { try Self.layers(patch, schema: ScriptedBackends.schema) },
        ] {
            #expect(error?.kind == .invalidArgument)
            #expect(error?.reason == .configInvalid)
            #expect(error?.violations.map(\.path) == [path])
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test(arguments: [.null, 1, "text", ["list"]] as [ConfigValue])
    func `a configuration must be a map`(patch: ConfigValue) throws {
        let error = try Self.error(Self.layers(), "x", patch)
        #expect(error?.reason == .configInvalid)
        #expect(error?.violations.map(\.path) == ["config"])
    }

    @Test func `secrets are not in error messages`() throws {
        let layers = try Self.layers(schema: ScriptedBackends.schema)
        let error = try Self.error(layers, "x", ["connection": ["password": 123_456_789]])
        #expect(error.map { "\($0)\($0.violations)" }?.contains("123") == false)
    }

    // MARK: Bounds

    @Test func `at most 256 owners have layers`() throws {
        var layers = try Self.layers()
        for number in 0..<256 { try Self.register(&layers, "o\(number)", ["k\(number)": 1]) }
        let error = try Self.error(layers, "one-more", ["x": 1])
        #expect(error?.kind == .resourceExhausted)
        #expect(error?.reason == .ownersFull)
        try Self.register(&layers, "o0", ["k0": 2])
        try Self.register(&layers, "one-more", [:])
    }

    @Test func `a configuration that is too deep, long or large is refused`() throws {
        let deep = (0..<40).reduce(1 as ConfigValue) { value, _ in ["k": value] }
        let long: ConfigValue = ["k": .list(Array(repeating: 1, count: 9000))]
        let large: ConfigValue = ["k": .string(String(repeating: "x", count: 300_000))]
        let key: ConfigValue = [String(repeating: "x", count: 300_000): .null]
        let layers = try Self.layers()
        for patch in [deep, long, large, key] {
            let error = try Self.error(layers, "x", patch)
            #expect(error?.kind == .resourceExhausted)
            #expect(error?.reason == .configTooLarge)
            #expect(throws: BackendError.self) { try Self.layers(patch) }
        }
    }

    @Test func `all layers together are bounded`() throws {
        var layers = try Self.layers()
        let half = ConfigValue.string(String(repeating: "x", count: 140_000))
        try Self.register(&layers, "x", ["a": half])
        #expect(try Self.error(layers, "y", ["b": half])?.reason == .configTooLarge)
        #expect(try Self.error(layers, "y", [String(repeating: "k", count: 140_000): .null])?.reason == .configTooLarge)
    }

    // MARK: Staging

    @Test func `a patch of a running backend waits for the next start`() throws {
        var layers = try Self.layers(["a": 1])
        #expect(try Self.register(&layers, "x", ["a": 2], isAtRest: false) == .staged)
        #expect(layers.isStaged)
        #expect(layers.effective == ["a": 1])
        #expect(layers.generation == 1)
        #expect(layers.startBegan() == true)
        #expect(layers.effective == ["a": 2])
        #expect(layers.generation == 2)
        #expect(!layers.isStaged)
        #expect(layers.startBegan() == false)
        #expect(layers.generation == 2)
    }

    @Test func `the same staged patch twice changes nothing`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 2], isAtRest: false)
        let before = layers
        #expect(try Self.register(&layers, "x", ["a": 2], isAtRest: false) == .none)
        #expect(layers == before)
    }

    @Test func `a staged patch that takes itself back leaves nothing staged`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 1])
        try Self.register(&layers, "x", ["a": 2], isAtRest: false)
        try Self.register(&layers, "x", ["a": 1], isAtRest: false)
        #expect(!layers.isStaged)
        #expect(layers.startBegan() == false)
    }

    @Test func `conflicts and violations are reported when a patch is staged`() throws {
        var layers = try Self.layers(schema: ScriptedBackends.schema)
        try Self.register(&layers, "x", ["port": 1], isAtRest: false)
        let before = layers
        let conflict = #expect(throws: BackendError.self) {
            try Self.register(&layers, "y", ["port": 2], isAtRest: false)
        }
        #expect(conflict?.reason == .configConflict)
        let unknown = #expect(throws: BackendError.self) {
            try Self.register(&layers, "y", ["prot": 1], isAtRest: false)
        }
        #expect(unknown?.reason == .configInvalid)
        #expect(layers == before)
    }

    @Test func `a later patch at rest goes on top of what is staged`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 1, "b": 1], isAtRest: false)
        #expect(try Self.register(&layers, "x", ["a": 2]) == .applied)
        #expect(layers.effective == ["a": 2])
        _ = layers.startBegan()
        #expect(layers.effective == ["a": 2, "b": 1])
    }

    @Test func `a patch at rest conflicts with another owner's staged one`() throws {
        var layers = try Self.layers()
        try Self.register(&layers, "x", ["a": 1], isAtRest: false)
        #expect(try Self.error(layers, "y", ["a": 2])?.reason == .configConflict)
    }

    // MARK: Origins

    @Test func `each path knows its layer`() throws {
        var layers = try Self.layers(
            ["connection": ["hostname": "h", "options": ["a": "1"]]], schema: ScriptedBackends.schema)
        try Self.register(&layers, "x", ["connection": ["options": ["b": "2"]], "tags": ["t"]])
        try Self.register(&layers, "y", ["connection": ["hostname": "i"]])
        #expect(
            layers.origins().map { "\($0.path) \($0.layer)" } == [
                "connection.hostname owner:y", "connection.options.a base", "connection.options.b owner:x",
                "port defaults", "tags owner:x",
            ])
    }

    @Test func `an empty configuration has no origins`() throws {
        #expect(try Self.layers().origins() == [])
    }
}
