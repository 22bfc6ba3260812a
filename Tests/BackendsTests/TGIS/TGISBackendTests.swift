// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("TGIS", .tags(.blocking), .timeLimit(.minutes(2)))
struct TGISBackendTests {
    /// A launcher that writes down how it was started, serves `/health` and listens for calls, unless a file `broken` lies beside it.
    private static let launcher = """
        #!/usr/bin/env python3
        import http.server, json, os, socket, sys
        here = os.path.dirname(os.path.abspath(sys.argv[0]))
        with open(here + "/started", "w") as file:
            names = ["GRPC_PORT", "PREFIX_STORE_PATH"]
            file.write("\\n".join(sys.argv[1:] + [name + "=" + os.environ.get(name, "") for name in names]))
        if os.path.exists(here + "/broken"):
            sys.exit("no model")
        calls = socket.create_server(("127.0.0.1", int(os.environ["GRPC_PORT"])))
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/health" else 404)
                self.end_headers()
            def log_message(self, *words): pass
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
        """

    /// A port that is free at the moment.
    private static func port() throws -> Int64 { Int64(try LoopbackListener().port) }

    private static func withLocal(_ body: (ProcessFixture, ConfigValue, TemporaryDirectory) async throws -> Void)
        async throws
    {
        let directory = try TemporaryDirectory()
        let path = try directory.write(launcher, to: "launcher with space")
        #expect(try await RunningProgram(["chmod", "+x", path]).wait() == .exited(0))
        let configuration: ConfigValue = [
            "local": [
                "http_port": .integer(try port()), "grpc_port": .integer(try port()),
                "health_poll_delay": .number(0.05), "num_gpus": 2,
                "prompt_dir": .string(directory.path),
            ]
        ]
        try await withProcesses({ .tgis(on: $0, launcher: path) }) { fixture in
            try await body(fixture, configuration, directory)
        }
    }

    private static func started(_ directory: TemporaryDirectory) throws -> [String] {
        String(decoding: try File.read(path: directory.file("started"), limit: 1 << 16), as: UTF8.self)
            .split(separator: "\n").map { String($0) }
    }

    @Test func `a model whose path has spaces is one argument of the launcher`() async throws {
        try await Self.withLocal { fixture, configuration, directory in
            try await fixture.start(configuration)
            #expect(fixture.pid == nil)
            let endpoint = try await fixture.backend.load("/models/my model")
            let (port, calls) = (
                try #require(configuration["local"]?["http_port"]?.integerValue),
                try #require(configuration["local"]?["grpc_port"]?.integerValue)
            )
            #expect(endpoint.address == "127.0.0.1:\(calls)")
            #expect(
                try Self.started(directory) == [
                    "--num-shard", "2", "--model-name", "/models/my model", "--port", "\(port)", "GRPC_PORT=\(calls)",
                    "PREFIX_STORE_PATH=\(directory.path)",
                ])
            #expect(fixture.backend.promptDirectory(of: "m") == directory.path)
            #expect(fixture.backend.capacity.maxLoaded == 1)
        }
    }

    @Test func `a stop returns when the process is gone, and not before`() async throws {
        try await Self.withLocal { fixture, configuration, _ in
            try await fixture.start(configuration)
            _ = try await fixture.backend.load("m")
            let pid = try #require(fixture.pid)
            try await fixture.backend.stop()
            #expect(ProcessTable.entry(of: pid) == nil)
            // And nothing brings it back.
            #expect(await failure { _ = try await fixture.backend.load("m") }?.reason == .backendNotStarted)
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test func `after a boot that failed the next load starts it again`() async throws {
        try await Self.withLocal { fixture, configuration, directory in
            try await fixture.start(configuration)
            try directory.write("", to: "broken")
            let error = await failure { _ = try await fixture.backend.load("m") }
            #expect(error?.reason == .exited)
            #expect(error?.message.contains("no model") == true)
            #expect(fixture.backend.instances().isEmpty)
            try File.remove(directory.file("broken"))
            _ = try await fixture.backend.load("m")
            #expect(fixture.backend.instances().first?.state == .ready)
        }
    }

    @Test func `a killed server is noticed without a request`() async throws {
        try await Self.withLocal { fixture, configuration, _ in
            try await fixture.start(configuration)
            _ = try await fixture.backend.load("m")
            let pid = try #require(fixture.pid)
            let entry = try #require(ProcessTable.entry(of: pid))
            try ProcessTable.signal(entry, .kill)
            await fixture.told("b/m READY BACKOFF KILLED")
        }
    }

    @Test func `with a server's name it is remote, with the defaults of REMOTE`() async throws {
        try await withProcesses({ .tgis(on: $0) }) { fixture in
            try await fixture.start([
                "connection": ["hostname": "{model_id}.svc:8033", "grpc_lb_policy_name": "round_robin"],
                "connect_timeout": .number(2.5), "local": ["num_gpus": 4],
            ])
            guard case .endpoint(let endpoint, _) = fixture.backend.offer(of: "m") else {
                Issue.record("no endpoint")
                return
            }
            #expect(endpoint.address == "m.svc:8033")
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test(
        arguments: [
            (["conection": ["hostname": "h:1"]], "config.conection"),
            (["local": ["load_timeout": "soon"]], "config.local.load_timeout"),
            (["local": ["health_poll_delay": 0]], "config.local.health_poll_delay"),
            (["route_allow": ["10.0.0.0/8"]], "config.route_allow"),
            (["local": ["http_port": 50055]], "config.local.http_port"),
            (["connection": ["hostname": "{ns}:1"]], "config.connection.hostname"),
        ] as [(ConfigValue, String)])
    func `a mistyped key does not become a local server`(configuration: ConfigValue, path: String) async throws {
        try await withProcesses({ .tgis(on: $0) }) { fixture in
            let error = await failure { try await fixture.start(configuration) }
            #expect(error?.reason == .configInvalid)
            #expect(error?.violations.map(\.path).contains(path) == true, "\(error?.violations.map(\.path) ?? [])")
        }
    }

    @Test func `a port that another process has is reported before the start`() async throws {
        try await Self.withLocal { fixture, configuration, _ in
            let port = configuration["local"]?["http_port"]?.integerValue ?? 0
            let allocator = PortAllocator()
            let taken = try allocator.take(from: UInt16(port)...UInt16(port))
            try await fixture.start(configuration)
            let error = await failure { _ = try await fixture.backend.load("m") }
            #expect(error?.reason == .portInUse)
            #expect(error?.metadata["port"] == String(port))
            withExtendedLifetime(taken) {}
        }
    }

    @Test(
        arguments: [
            ("local.prompt_dir", "local", nil), ("connection.prompt_dir", "connection", nil),
            ("remote_models.m.prompt_dir", "remote_models", "m"),
        ])
    func `a directory for prompts that others may write is warned of`(
        path: String, key: String, model: String?
    ) async throws {
        let directory = try TemporaryDirectory()
        let launcher = try directory.write("#!/bin/sh\n", to: "launcher")
        #expect(try await RunningProgram(["chmod", "+x", launcher]).wait() == .exited(0))
        var server: ConfigValue = ["prompt_dir": .string(directory.path)]
        if key != "local" { server = ["prompt_dir": .string(directory.path), "hostname": "h:1"] }
        let configuration: ConfigValue = .map([key: model.map { .map([$0: server]) } ?? server])
        try await withSupervision { supervision, _ in
            let types =
                [BackendType.tgis(on: supervision, launcher: launcher)]
                + (key == "local" ? [] : [.remote(on: supervision)])
            for type in types { #expect(type.warnings(configuration) == []) }
            let opened = try await RunningProgram(["chmod", "777", directory.path]).wait()
            #expect(opened == .exited(0))
            for type in types {
                let warnings = type.warnings(configuration)
                #expect(warnings.map(\.path.description) == [path])
                #expect(warnings.first?.message.contains("another user could change it") == true)
            }
        }
    }

    @Test func `a directory for prompts that is missing is named`() async throws {
        try await withProcesses({ .tgis(on: $0) }) { fixture in
            let error = await failure {
                try await fixture.start(["local": ["prompt_dir": .string(fixture.directory.file("none"))]])
            }
            #expect(error?.metadata["key"] == "local.prompt_dir")
        }
    }
}
