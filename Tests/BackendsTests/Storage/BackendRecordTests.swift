// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import TestSupport
import Testing

@Suite struct BackendRecordTests {
    /// A record of a document with these members beside the usual ones.
    static func record(
        _ name: String = "a", type: String = "FAKE", origin: String = "rpc", creation: Int64 = 1,
        owners: ConfigValue = [], base: ConfigValue = [:], generation: Int64 = 1, staged: ConfigValue? = nil
    ) throws -> BackendRecord {
        var document: ConfigValue = [
            "type": .string(type), "priority": 5, "origin": .string(origin), "creation": .integer(creation),
            "created": [100, 7], "generation": .integer(generation), "base": .list([base]), "owners": owners,
        ]
        if let staged { document = document.merged(with: ["staged": staged]) }
        return try BackendRecord(name: name, document: document)
    }

    @Test func `a record is the same after it was text`() throws {
        var configuration = try BackendConfigurationTests.layers(["a": ["b": 1], "gone": .null])
        for (owner, patch) in [
            ("x", ["a": .null]), ("y", ["c": 1.5]), ("x", ["a": ["d": [.null, "e"]]]), ("z", [:]),
        ] as [(String, ConfigValue)] {
            try BackendConfigurationTests.register(&configuration, owner, patch)
        }
        try BackendConfigurationTests.register(&configuration, "w", ["later": true], isAtRest: false)
        var record = try Self.record()
        record.configuration = configuration.saved
        record.startedBoot = "boot"
        let copy = try BackendRecord(name: "a", text: record.text)
        #expect(copy == record)
        #expect(copy.configuration.ownerNames == ["x", "y"])
        #expect(copy.configuration.generation == 4)
    }

    @Test(
        arguments: [
            .number(1e23), .number(-0.0), .number(1.2345678901234567e30), .number(.leastNonzeroMagnitude),
            .integer(-(1 << 53)), .integer(1 << 53),
            ["$number": "5"], ["$number": 1, "$$": 2], "\u{1}\u{202E}\u{E0001}\"\\\u{FFFF}e\u{301}",
            ["é": 1, "e\u{301}": 2],
        ] as [ConfigValue])
    func `every value comes back as it was`(value: ConfigValue) throws {
        var record = try Self.record()
        record.configuration = try BackendConfigurationTests.layers(["v": value]).saved
        #expect(try BackendRecord(name: "a", text: record.text).configuration.basePatch == ["v": value])
    }

    @Test func `a text that is longer than a configuration file may be is read`() throws {
        var record = try Self.record()
        let text = String(repeating: "\u{1}", count: 200 * 1024)
        record.configuration = try BackendConfigurationTests.layers(["v": .string(text)]).saved
        #expect(record.text.utf8.count > ConfigLimits.bytes)
        #expect(try BackendRecord(name: "a", text: record.text) == record)
    }

    @Test(arguments: ["type", "priority", "origin", "creation", "created", "generation", "base", "owners"])
    func `a document without a member it needs is refused by that name`(key: String) throws {
        let document = try Self.record().document.merged(with: [key: .null])
        let error = #expect(throws: Problem.self) { try BackendRecord(name: "a", document: document) }
        #expect(error?.description == "has no valid \(key)")
    }

    @Test func `text that is not a document is refused`() {
        #expect(throws: Problem.self) { try BackendRecord(name: "a", text: "{") }
        #expect(throws: Problem.self) { try BackendRecord(name: "a", text: "[]") }
    }
}
