// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What programs write ends up in answers, whatever bytes it has.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ForeignTextTests {
    private static let crash: GoogleValue = #"printf 'FATAL: \0000 corrupt\n' >&2; exit 3"#

    @Test func `a program that writes a NUL byte and fails leaves every answer readable`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("bad", "PROCESS", config: ["command": ["sh", "-c", Self.crash]])
            try await client.create("good", "REMOTE", config: ["connection": ["hostname": "127.0.0.1:8033"]])
            try await client.start("good")
            let failed = try await refusal { try await client.start("bad") }
            #expect(failed.word.hasSuffix(" EXITED"), "\(failed.word)")

            let listed = try await client.config.listBackends(ListBackendsRequest()).backends
            #expect(Set(listed.map(\.name)) == ["bad", "good"])
            #expect(try await client.get("bad").state == .failed)
            _ = try await client.models.listModels(ListModelsRequest())
            let resolved = try await client.models.resolveModel(
                ResolveModelRequest(modelID: "m", waitReady: true, autoStart: true))
            #expect(resolved.endpoint?.backend == "good")
            // From the first event on, those of the failure among them.
            try await client.observe.watching(ServerFixture.instance, since: 0) { stream in _ = try await stream.next()
            }
            var texts: [String] = []
            try await client.observe.readLogs(ReadLogsRequest(backend: "bad")) { stream in
                while let response = try await stream.next() { texts += response.lines.map(\.text) }
            }
            #expect(texts.contains { $0.hasPrefix("FATAL: ") && $0.hasSuffix(" corrupt") }, "\(texts)")
        }
    }

    @Test(
        arguments: [
            ["exec": ["command": ["sh", "-c", #"printf 'a\0000b'; printf 'a\0000b' >&2; exit 1"#]]],
            ["log_line": ["pattern": "never"]],
        ] as [GoogleValue])
    func `so does a probe that never succeeds`(probe: GoogleValue) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = [
                "command": ["sh", "-c", #"printf 'x\0000y'; exec sleep 1000"#], "load_timeout": "300ms",
                "stop_timeout": "10ms", "probes": ["startup": probe],
            ]
            try await client.create("bad", "PROCESS", config: config)
            let failed = try await refusal { try await client.start("bad") }
            #expect(!failed.word.contains("PAYLOAD_UNENCODABLE"), "\(failed.word)")
            #expect(try await client.get("bad").state == .failed)
            #expect(try await client.config.listBackends(ListBackendsRequest()).backends.count == 1)
        }
    }

    /// What a server says that is asked whether it is ready: a status line, headers, and what is not HTTP at all.
    private static let answers = [
        "HTTP/1.1 503 \u{1B}[2J\u{9B}\r\nx\u{1B}y: \u{9B}\u{1}\r\ncontent-length: 3\r\n\r\n\0\u{1B}\u{9B}",
        "\0\u{1B}[2J\u{9B} not HTTP\r\n\r\n", "HTTP/9\u{1B}.\0 200\r\n\r\n",
    ]

    @Test(arguments: answers.indices) func `so does a server that answers a probe with bytes that are not text`(
        number: Int
    )
        async throws
    {
        let bytes = Self.answers[number].utf8.map { "\($0)" }.joined(separator: ",")
        let script = """
            import socket, sys
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            while True:
                peer = listener.accept()[0]
                peer.recv(4096)
                peer.sendall(bytes([\(bytes)]))
                peer.close()
            """
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = [
                "command": ["python3", "-c", GoogleValue(kind: .stringValue(script)), "${PORT}"],
                "load_timeout": "500ms", "stop_timeout": "10ms", "probes": ["startup": ["http": ["path": "/"]]],
            ]
            try await client.create("bad", "PROCESS", config: config)
            let failed = try await refusal { try await client.start("bad") }
            #expect(failed.word.hasSuffix(" LOAD_TIMEOUT"), "\(failed.word)")
            let failure = try await client.get("bad").failure?.message ?? ""
            #expect(failure.contains("the last result of its startup probe: "))
            Self.expectPlain([failed.message, failure])
        }
    }

    /// What a request says of where it wants to go, as text and as bytes.
    @Test(arguments: [Array("\u{1B}[2J\u{202E}:80".utf8), [0x61, 0, 0x62, 0x3A, 0x31], [0xFF, 0xFE, 0x3A, 0x31], []])
    func `so does a route that cannot be an address`(route: [UInt8]) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create(
                "r", "REMOTE",
                config: ["connection": ["hostname": "127.0.0.1:8033"], "route_allow": ["10.0.0.0/8"]])
            try await client.start("r")
            let metadata = [MetadataEntry(key: "x-route-info", value: .binary(route))]
            let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(metadata: metadata)))
            let results = try await client.contexts.handleRuntimeContext(
                HandleRuntimeContextRequest(modelID: "m", context: context)
            ).results
            #expect(results.map(\.backend) == ["r"])
            Self.expectPlain(results.map { $0.status?.message ?? "" })
            let refused = try await refusal {
                _ = try await client.models.resolveModel(ResolveModelRequest(modelID: "m", context: context))
            }
            Self.expectPlain([refused.message])
            #expect(!refused.word.contains("PAYLOAD"))
        }
    }

    private static func expectPlain(_ texts: [String]) {
        for text in texts {
            #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        }
    }

    /// What comes over gRPC on a call that ends, decoded.
    private static func messages<Response: ProtobufMessage>(
        _ peer: HTTP2Peer, _ stream: UInt32, _ method: String, _ request: some ProtobufMessage, of: Response.Type
    ) async throws -> [Response] {
        let answer = try await peer.call(stream, "/backends.v1.\(method)", try request.encoded())
        #expect(answer.status == 0, "\(method)")
        return try answer.messages.map { try Response(decoding: $0.payload) }
    }

    @Test(
        arguments: [
            // Output, the name of a file, and the words of an exec probe, with NULs, escapes, C1 and bidi controls and broken UTF-8.
            ["command": ["sh", "-c", #"printf 'a\0000\033[2J\302\233\342\200\256\377\n' >&2; exit 3"#]],
            ["command": ["/no\u{1b}[2J\u{202e}such"]],
            [
                "command": ["sh", "-c", "exec sleep 1000"], "load_timeout": "300ms", "stop_timeout": "10ms",
                "probes": ["startup": ["exec": ["command": ["sh", "-c", #"printf 'a\0000\033[2J\377'; exit 1"#]]]],
            ],
            ["command": ["sh", "-c", "exec sleep 1000"], "working_directory": "/no\u{7}\u{9b}such"],
        ] as [GoogleStruct])
    func `over gRPC every answer is readable too, and holds no control character`(config: GoogleStruct) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await service.client.create("bad", "PROCESS", config: config)
            let peer = try await HTTP2Peer.connect(service.path)
            let start = try StartBackendRequest(name: "bad").encoded()
            let failed = try await peer.call(1, "/backends.v1.LifecycleService/StartBackend", start)
            #expect((failed.status ?? 0) != 0 && failed.trailer("grpc-status-details-bin") != nil)
            let listed = try await Self.messages(
                peer, 3, "BackendConfigService/ListBackends", ListBackendsRequest(), of: ListBackendsResponse.self)
            let failure = try #require(listed.first?.backends.first?.failure)
            #expect(
                !failure.message.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
            _ = try await Self.messages(
                peer, 5, "BackendConfigService/GetBackend", GetBackendRequest(name: "bad", includeOrigins: true),
                of: GetBackendResponse.self)
            _ = try await Self.messages(
                peer, 7, "ModelService/ExplainModel", ExplainModelRequest(modelID: "bad"), of: ExplainModelResponse.self
            )
            let logs = try await peer.call(
                9, "/backends.v1.ObserveService/ReadLogs", try ReadLogsRequest(backend: "bad").encoded())
            for message in logs.messages {
                for line in try ReadLogsResponse(decoding: message.payload).lines {
                    #expect(!line.text.unicodeScalars.contains { $0.properties.generalCategory == .control })
                }
            }
            let watch = try WatchBackendsRequest(serverInstance: ServerFixture.instance).encoded()
            try await peer.send(
                .request(11, "/backends.v1.ObserveService/WatchBackends"),
                .data(11, HTTP2Frame.message(watch), endStream: true))
            #expect(try await peer.receive(HTTP2Frame.data).stream == 11)
        }
    }

    @Test func `a deleted backend takes the files of its output with it`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            for name in ["a", "ab"] {
                try await client.create(name, "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
                try await client.start(name)
            }
            try await client.delete("a", force: true)
            // A new one of the name keeps its files: it waits for the end of those.
            try await client.create("a", "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
            let logs = try Directory(path: service.directory.file("logs"))
            try await client.start("a")
            let names = ["a.stderr.log", "a.stdout.log", "ab.stderr.log", "ab.stdout.log"]
            #expect(try logs.names().sorted() == names)
            try await client.delete("a", force: true)
            try await client.create("c", "PROCESS", config: ["command": ["sh", "-c", "exec sleep 1000"]])
            try await client.start("c")
            #expect(try logs.names().sorted() == ["ab.stderr.log", "ab.stdout.log", "c.stderr.log", "c.stdout.log"])
        }
    }
}
