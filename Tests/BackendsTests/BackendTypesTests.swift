// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendTypes")
struct BackendTypesTests {
    static func type(
        _ name: String, summary: String = "s", schema: ConfigSchema = ConfigSchema(fields: []), id: String = "1"
    ) -> BackendType {
        BackendType(name: name, summary: summary, schema: schema, definitionID: id) { ScriptedBackend(name: $0) }
    }

    @Test func `LOCAL is there from the beginning`() throws {
        #expect(BackendTypes.inProcess.all.map(\.name) == ["LOCAL"])
        #expect(try BackendTypes.inProcess.type(named: "LOCAL").schema.allowsOtherKeys)
    }

    @Test func `types are listed by name`() throws {
        var types = BackendTypes.inProcess
        try types.register(Self.type("ZZ"))
        try types.register(Self.type("A_1"))
        #expect(types.all.map(\.name) == ["A_1", "LOCAL", "ZZ"])
    }

    @Test(arguments: ["A", "TGIS", "A_1", "X9", String(repeating: "A", count: 63)])
    func `a name in capitals is allowed`(name: String) throws {
        var types = BackendTypes()
        try types.register(Self.type(name))
        #expect(try types.type(named: name).name == name)
    }

    @Test(arguments: ["", "a", "Yy", "1A", "_A", "A-B", "A B", "Ä", "A\n", String(repeating: "A", count: 64)])
    func `any other name is refused`(name: String) {
        var types = BackendTypes()
        let error = #expect(throws: BackendError.self) { try types.register(Self.type(name)) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .typeNameInvalid)
        #expect(types.all.isEmpty)
    }

    @Test func `registering the same definition again does nothing`() throws {
        var types = BackendTypes()
        try types.register(Self.type("A"))
        try types.register(Self.type("A"))
        #expect(types.all.count == 1)
    }

    @Test(arguments: [
        type("A", summary: "other"), type("A", schema: ConfigSchema(fields: [], allowsOtherKeys: true)),
        type("A", id: "2"),
    ])
    func `another definition under a name that is taken is refused`(other: BackendType) throws {
        var types = BackendTypes()
        try types.register(Self.type("A"))
        let error = #expect(throws: BackendError.self) { try types.register(other) }
        #expect(error?.kind == .alreadyExists)
        #expect(error?.reason == .typeExists)
        #expect(try types.type(named: "A").isSameDefinition(as: Self.type("A")))
    }

    @Test func `an unknown type is not found, and the known ones are listed`() throws {
        var types = BackendTypes.inProcess
        try types.register(Self.type("A"))
        let error = #expect(throws: BackendError.self) { try types.type(named: "local") }
        #expect(error?.kind == .notFound)
        #expect(error?.reason == .typeNotFound)
        #expect(error?.metadata["known_types"] == "A, LOCAL")
        #expect(error?.message.contains("A, LOCAL") == true)
    }
}
