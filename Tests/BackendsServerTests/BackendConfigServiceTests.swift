// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsTestSupport
import ConfigDocument
import DaemonTestSupport
import SocketRPC
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking)) struct BackendConfigServiceTests {
    @Test func `a created backend is stopped, at generation one, and has its type's defaults`() async throws {
        try await withService { service in
            let backend = try await service.client.create("a", config: ["connection": ["hostname": "h"]], priority: 7)
            #expect(backend.name == "a")
            #expect(backend.type == "SCRIPTED")
            #expect(backend.priority == 7)
            #expect(backend.state == .stopped)
            #expect(!backend.started)
            #expect(backend.generation == 1)
            #expect(backend.config == ["connection": ["hostname": "h"], "port": 8080])
            #expect(backend.failure == nil)
            #expect(backend.startLockHolder == nil)
            #expect((backend.createTime?.seconds ?? 0) > 1_700_000_000)
            #expect(try await service.client.get("a") == backend)
        }
    }

    @Test func `a name that is taken is refused`() async throws {
        try await withService { service in
            try await service.client.create("a")
            let status = try await refusal { try await service.client.create("a", "LOCAL") }
            #expect(status.word == "ALREADY_EXISTS BACKEND_EXISTS")
            #expect(status.errorInfo?.domain == "backends.v1")
            #expect(status.errorInfo?.metadata["backend"] == "a")
            #expect(try await service.client.get("a").type == "SCRIPTED")
        }
    }

    @Test(arguments: ["", "A", "1a", "a_b", "ä", String(repeating: "a", count: 64)])
    func `a name that breaks the rule is refused with its field`(name: String) async throws {
        try await withService { service in
            let status = try await refusal { try await service.client.create(name) }
            #expect(status.word == "INVALID_ARGUMENT NAME_INVALID")
            #expect(status.fields == ["name"])
        }
    }

    @Test func `an unknown type is refused with the known ones`() async throws {
        try await withService { service in
            let status = try await refusal { try await service.client.create("a", "TGIS") }
            #expect(status.word == "NOT_FOUND TYPE_NOT_FOUND")
            #expect(status.message.contains("LOCAL, SCRIPTED"))
            #expect(status.errorInfo?.metadata["known_types"] == "LOCAL, SCRIPTED")
        }
    }

    @Test(
        arguments: [
            (["connection": ["hostname": 1]], "config.connection.hostname"),
            (["connection": ["hostnam": "h"]], "config.connection.hostnam"),
            (["port": 0], "config.port"),
            (["port": "8080"], "config.port"),
            (["prot": 8080], "config.prot"),
            (["connection": ["password": "***"]], "config.connection.password"),
        ] as [(GoogleStruct, String)])
    func `a wrong configuration names the path`(config: GoogleStruct, path: String) async throws {
        try await withService { service in
            let created = try await refusal { try await service.client.create("a", config: config) }
            #expect(created.code == .invalidArgument)
            #expect(created.fields == [path])
            try await service.client.create("a")
            let registered = try await refusal { try await service.client.register("a", owner: "o", config) }
            #expect(registered.code == .invalidArgument)
            #expect(registered.fields == [path])
            #expect(registered.reason == created.reason)
            #expect(try await service.client.get("a").generation == 1)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a value that is not a number is refused with its path`(number: Double) async throws {
        try await withService { service in
            let list = GoogleListValue(values: [1, GoogleValue(kind: .numberValue(number))])
            let config = GoogleStruct(fields: ["list": GoogleValue(kind: .listValue(list))])
            let status = try await refusal { try await service.client.create("a", "LOCAL", config: config) }
            #expect(status.word == "INVALID_ARGUMENT CONFIG_INVALID")
            #expect(status.fields == ["config.list[1]"])
        }
    }

    @Test func `a value with nothing in it is refused with its path`() async throws {
        try await withService { service in
            let config = GoogleStruct(fields: ["a": GoogleValue()])
            let status = try await refusal { try await service.client.create("a", "LOCAL", config: config) }
            #expect(status.word == "INVALID_ARGUMENT CONFIG_INVALID")
            #expect(status.fields == ["config.a"])
        }
    }

    @Test func `a backend of type LOCAL takes any keys`() async throws {
        try await withService { service in
            let config: GoogleStruct = ["any": ["thing": [1, nil, true, ["deep": "x"]]], "": "empty key"]
            let backend = try await service.client.create("a", "LOCAL", config: config)
            #expect(backend.config == config)
        }
    }

    @Test func `secrets are masked wherever a configuration is shown`() async throws {
        try await withService { service in
            let secret: GoogleStruct = ["connection": ["password": "swordfish"]]
            let masked: GoogleStruct = ["connection": ["password": "***"], "port": 8080]
            let client = service.client
            #expect(try await client.create("a", config: secret).config == masked)
            #expect(try await client.get("a").config == masked)
            let registered = try await client.register("a", owner: "o", ["connection": ["password": "trout"]])
            #expect(registered.backend?.config == masked)
            let page = try await client.config.listBackends(ListBackendsRequest())
            #expect(page.backends.map(\.config) == [masked])
            #expect(try await client.start("a").backend?.config == masked)
            let given = try service.scripted["a"].starts
            #expect(given == [["connection": ["password": "trout"], "port": 8080]])
        }
    }

    @Test func `an unknown backend is not found by any command`() async throws {
        try await withService { service in
            let client = service.client
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await client.get("a") },
                { _ = try await client.config.getBackend(GetBackendRequest(name: "a", includeOrigins: true)) },
                { try await client.register("a", owner: "o", [:]) },
                { try await client.start("a") },
                { try await client.stop("a") },
                { try await client.delete("a") },
                { try await client.holdingLock(of: "a") { _ in } },
            ]
            for call in calls {
                let status = try await refusal { try await call() }
                #expect(status.word == "NOT_FOUND BACKEND_NOT_FOUND")
                #expect(
                    status.errorInfo
                        == GoogleErrorInfo(
                            reason: "BACKEND_NOT_FOUND", domain: "backends.v1", metadata: ["backend": "a"]))
            }
        }
    }

    @Test func `a page ends where the size says, and its token leads to the next`() async throws {
        try await withService { service in
            for (name, priority) in [("d", 40), ("a", 10), ("c", 30), ("b", 10), ("e", 50)] as [(String, Int32)] {
                try await service.client.create(name, priority: priority)
            }
            var names: [[String]] = []
            var token = ""
            repeat {
                let page = try await service.client.config.listBackends(
                    ListBackendsRequest(pageSize: 2, pageToken: token))
                names.append(page.backends.map(\.name))
                token = page.nextPageToken
            } while !token.isEmpty
            #expect(names == [["a", "b"], ["c", "d"], ["e"]])
        }
    }

    @Test(arguments: [(-1, "", "page_size"), (0, "no token", "page_token")] as [(Int32, String, String)])
    func `a page that cannot be is refused`(size: Int32, token: String, field: String) async throws {
        try await withService { service in
            let request = ListBackendsRequest(pageSize: size, pageToken: token)
            let status = try await refusal { try await service.client.config.listBackends(request) }
            #expect(status.word == "INVALID_ARGUMENT PAGE_INVALID")
            #expect(status.fields == [field])
        }
    }

    @Test func `without a priority a backend comes after the last one, ten further`() async throws {
        try await withService { service in
            #expect(try await service.client.create("a").priority == 0)
            #expect(try await service.client.create("b").priority == 10)
            #expect(try await service.client.create("c", priority: -5).priority == -5)
            let page = try await service.client.config.listBackends(ListBackendsRequest())
            #expect(page.backends.map(\.name) == ["c", "a", "b"])
            #expect(page.nextPageToken.isEmpty)
        }
    }

    @Test func `types are listed with their schemas, sorted by name`() async throws {
        try await withService { service in
            let types = try await service.client.types.listBackendTypes(ListBackendTypesRequest()).types
            #expect(types.map(\.name) == ["LOCAL", "SCRIPTED"])
            #expect(types.map(\.summary.isEmpty) == [false, false])
            guard case .structValue(let properties) = types[1].configSchema?.fields["properties"]?.kind else {
                Issue.record("the schema has no properties")
                return
            }
            #expect(properties.fields.keys.sorted() == ["connection", "port", "tags"])
            #expect(try await service.client.types.listBackendTypes(ListBackendTypesRequest()).types == types)
        }
    }
}
