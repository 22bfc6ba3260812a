// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing

@Suite("REMOTE", .tags(.blocking), .timeLimit(.minutes(2)))
struct RemoteBackendTests {
    @Test func `models are where the configuration says, an entry before the template`() async throws {
        try await withRemote { fixture in
            try await fixture.start([
                "connection": ["hostname": "{model_id}.svc:8033"], "remote_models": ["b": ["hostname": "[::1]:8033"]],
            ])
            #expect(fixture.endpoint("a") == ModelEndpoint(address: "a.svc:8033"))
            #expect(fixture.endpoint("b") == ModelEndpoint(address: "[::1]:8033"))
            for (model, problem) in [
                ("a/b", "has a host that is neither a name nor an IP address"), ("a b", "has a host that is neither"),
                ("a:b", "is not host:port when the ID contains : or ["),
            ] {
                guard case .declined(let error) = fixture.backend.offer(of: model) else {
                    Issue.record("it was not declined")
                    return
                }
                #expect(error.reason == .modelNotServed)
                #expect(error.message.contains("is not served by backend r: with this ID, its hostname \(problem)"))
            }
        }
    }

    @Test func `a model whose ID makes no host name starts nothing, and the answer says why`() async throws {
        try await withRemote { fixture in
            let house = try TestHouse(type: .remote(on: fixture.supervision))
            _ = try house.registry.create(
                BackendDefinition(
                    name: "r", type: "REMOTE", configuration: ["connection": ["hostname": "{model_id}.svc:80"]]))
            for isStarted in [false, true] {
                if isStarted { _ = try await house.registry.start("r") }
                let request = ModelRequest("a b", waitsUntilReady: true, startsAutomatically: true)
                let error = await failure { _ = try house.registry.resolve(request) }
                #expect(error?.reason == .modelNotFound)
                #expect(error?.message.contains("with this ID, its hostname has a host that is neither") == true)
                let verdict = try await house.registry.explain(request).first
                #expect(verdict?.message.contains("with this ID, its hostname has a host that is neither") == true)
                #expect(try house.registry.get("r").state == (isStarted ? .started : .stopped))
            }
            await house.close()
        }
    }

    @Test func `patterns say which models the one server has, beside those with an entry`() async throws {
        try await withRemote { fixture in
            let configuration = try await fixture.start([
                "connection": ["hostname": "h:1"], "models": ["gpt-*"], "remote_models": ["b": ["hostname": "h:2"]],
            ])
            #expect(fixture.endpoint("gpt-oss") == ModelEndpoint(address: "h:1"))
            #expect(fixture.endpoint("b") == ModelEndpoint(address: "h:2"))
            guard case .notServed = fixture.backend.offer(of: "nosuch") else {
                Issue.record("it is offered")
                return
            }
            #expect(fixture.backend.served(configuration: configuration).names == ["b", "gpt-*"])
        }
    }

    @Test func `with entries alone a model without one is not served`() async throws {
        try await withRemote { fixture in
            let configuration = try await fixture.start(["remote_models": ["a": ["hostname": "h:1"]]])
            #expect(fixture.endpoint("a") != nil)
            guard case .notServed = fixture.backend.offer(of: "b") else {
                Issue.record("it is offered")
                return
            }
            let served = fixture.backend.served(configuration: configuration)
            #expect(served.names == ["a"])
            #expect(served.contains("a") && !served.contains("b"))
        }
    }

    @Test(
        arguments: [
            (["conection": ["hostname": "h:1"]], "config.conection"),
            (["connection": ["hostnam": "h:1"]], "config.connection.hostnam"),
            (["connection": ["hostname": "{ns}.svc:1"]], "config.connection.hostname"),
            (["connection": ["hostname": "h"]], "config.connection.hostname"),
            (
                ["connection": ["hostname": "h:1", "client_cert_file": "/c", "ca_cert_file": "/a"]],
                "config.connection.client_key_file"
            ),
            (
                ["connection": ["hostname": "h:1", "client_cert_file": "/c", "client_key_file": "/k"]],
                "config.connection.ca_cert_file"
            ),
            (["remote_models": ["a": ["ca_cert_file": "/a"]]], "config.remote_models.a.hostname"),
            (["remote_models": ["a:b": ["hostname": "{model_id}:1"]]], "config.remote_models.\"a:b\".hostname"),
            (["connection": ["hostname": "h:1"], "route_allow": ["10.0.0.1/8"]], "config.route_allow[0]"),
            (["connection": ["hostname": "h:1"], "connect_timeout": "0s"], "config.connect_timeout"),
            ([:], "config.connection.hostname"),
        ] as [(ConfigValue, String)])
    func `a mistyped key, an unknown placeholder and what does not go together are refused`(
        configuration: ConfigValue, path: String
    ) async throws {
        try await withRemote { fixture in
            let error = await failure { try await fixture.start(configuration) }
            #expect(error?.reason == .configInvalid)
            #expect(error?.violations.map(\.path).contains(path) == true, "\(error?.violations.map(\.path) ?? [])")
        }
    }

    @Test func `a file that is missing at the start is named with its key`() async throws {
        try await withSupervision { supervision, directory in
            let fixture = RemoteFixture(supervision)
            let missing = directory.file("none.pem")
            let error = await failure {
                try await fixture.start(["remote_models": ["a": ["hostname": "h:1", "ca_cert_file": .string(missing)]]])
            }
            #expect(error?.reason == .fileUnusable)
            #expect(error?.metadata["key"] == "remote_models.a.ca_cert_file")
        }
    }

    /// A connection that stays open.
    private final class Held {
        private let connection: FileDescriptor

        init(_ connection: consuming FileDescriptor) {
            self.connection = connection
        }
    }

    @Test func `a server that does not answer is given up in time, at every test`() async throws {
        // Its only place is taken, so a connection is neither accepted nor refused.
        let hole = try LoopbackListener(backlog: 0)
        let (first, second) = (Held(try hole.begin()), Held(try hole.begin()))
        defer { _ = (first, second) }
        try await withRemote { fixture in
            try await fixture.start([
                "connection": ["hostname": .string("127.0.0.1:\(hole.port)")], "test_connections": true,
                "connect_timeout": "100ms",
            ])
            for _ in 0..<3 {
                let start = ContinuousClock.now
                let error = await failure { _ = try await fixture.backend.load("m") }
                #expect(error?.reason == .connectionFailed)
                #expect(error?.message.contains("127.0.0.1:\(hole.port)") == true)
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test func `a test that failed is repeated at the next load`() async throws {
        let listener = try LoopbackListener()
        try await withRemote { fixture in
            try await fixture.start([
                "remote_models": [
                    "up": ["hostname": .string("127.0.0.1:\(listener.port)")],
                    "down": ["hostname": "127.0.0.1:1"],
                ], "test_connections": true,
            ])
            guard case .loadable = fixture.backend.offer(of: "up") else {
                Issue.record("it is not tested")
                return
            }
            #expect(try await fixture.backend.load("up").address == "127.0.0.1:\(listener.port)")
            #expect(try await fixture.backend.examine("up") == .healthy)
            #expect(await failure { _ = try await fixture.backend.load("down") }?.reason == .connectionFailed)
            #expect(try await fixture.backend.examine("down") == .notReady)
            #expect(fixture.reports.elements == ["down CONNECTION_FAILED"])
        }
    }

    @Test func `IPv6 works`() async throws {
        let listener = try LoopbackListener(v6: true)
        try await withRemote { fixture in
            try await fixture.start([
                "connection": ["hostname": .string("[::1]:\(listener.port)")], "test_connections": true,
            ])
            #expect(try await fixture.backend.load("m").address == "[::1]:\(listener.port)")
        }
    }

    @Test func `mutual TLS is tested, and a changed certificate is used without a restart`() async throws {
        let (trusted, other) = (try await Certificates(), try await Certificates())
        let server = try await trusted.issue("model.test", alternatives: "DNS:model.test")
        let client = try await trusted.issue("client")
        let stranger = try await other.issue("stranger")
        let tls = try await TLSServer(server, clients: trusted.authority.certificate)
        try await withSupervision { supervision, directory in
            let fixture = RemoteFixture(supervision)
            func use(_ pair: Certificates.Pair) throws {
                for (from, to) in [(pair.certificate, "c.pem"), (pair.key, "c.key")] {
                    let text = String(decoding: try File.read(path: from, limit: 1 << 20), as: UTF8.self)
                    try directory.write(text, to: to)
                }
            }
            try use(stranger)
            try await fixture.start([
                "connection": [
                    "hostname": .string("127.0.0.1:\(tls.port)"), "hostname_override": "model.test",
                    "ca_cert_file": .string(trusted.authority.certificate),
                    "client_cert_file": .string(directory.file("c.pem")),
                    "client_key_file": .string(directory.file("c.key")),
                ], "test_connections": true,
            ])
            try use(client)
            let endpoint = try await fixture.backend.load("m")
            #expect(endpoint.tls?.serverName == "model.test")
            #expect(endpoint.tls?.clientKeyFile == directory.file("c.key"))
            try directory.write("no key", to: "c.key")
            #expect(await failure { _ = try await fixture.backend.load("m") }?.reason == .connectionFailed)
        }
    }

    @Test func `a certificate for another name is refused`() async throws {
        let certificates = try await Certificates()
        let tls = try await TLSServer(try await certificates.issue("model.test", alternatives: "DNS:model.test"))
        try await withRemote { fixture in
            try await fixture.start([
                "connection": [
                    "hostname": .string("127.0.0.1:\(tls.port)"), "hostname_override": "other.test",
                    "ca_cert_file": .string(certificates.authority.certificate),
                ], "test_connections": true,
            ])
            #expect(await failure { _ = try await fixture.backend.load("m") }?.reason == .connectionFailed)
        }
    }

    @Test func `a file of a connection that cannot be read is a warning`() async throws {
        try await withSupervision { supervision, directory in
            let type = BackendType.remote(on: supervision)
            let pem = try directory.write("-----BEGIN CERTIFICATE-----\n", to: "a.pem")
            let plain = try directory.write("x", to: "b.pem")
            let files: ConfigValue = [
                "hostname": "h:1", "ca_cert_file": .string(pem), "client_cert_file": .string(directory.path),
                "client_key_file": "/no/such/key",
            ]
            let value: ConfigValue = [
                "connection": files,
                "remote_models": ["m": files, "n*": ["hostname": "h:1", "ca_cert_file": .string(plain)]],
            ]
            let configuration = try BackendConfiguration(type: type, base: value).effective
            #expect(
                type.warnings(configuration).map(\.path.description) == [
                    "connection.client_cert_file", "connection.client_key_file", "remote_models.\"n*\"",
                    "remote_models.m.client_cert_file", "remote_models.m.client_key_file",
                    "remote_models.\"n*\".ca_cert_file",
                ])
        }
    }
}
