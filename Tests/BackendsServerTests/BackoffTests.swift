// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import SocketRPC
import TestSupport
import Testing
import TextKeys

/// What clients are told of a process that has ended and is started again after a pause.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct BackoffTests {
    /// Starts a backend whose process ends with code 3 once a file is there, and waits until it is in backoff.
    private static func inBackoff(
        _ service: ServerFixture, _ more: GoogleStruct, _ body: (ServiceClient) async throws -> Void
    ) async throws {
        let (client, file) = (service.client, service.directory.file("end"))
        let script = "echo up; while [ ! -e \(file) ]; do sleep 0.02; done; echo 'out of luck' >&2; exit 3"
        var config: GoogleStruct = [
            "command": ["sh", "-c", GoogleValue(kind: .stringValue(script)), "${SOCKET}"], "restart": "always",
            "backoff": "60s", "backoff_limit": "60s",
            "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
        ]
        config.fields = config.fields.merged(with: more.fields)
        try await client.create("a", "PROCESS", config: config)
        try await client.start("a")
        try await client.observe.watching { stream in
            if case .stringValue("model") = more.fields["scope"]?.kind {
                _ = try await client.models.loadModel(LoadModelRequest(modelID: "a", backend: "a"))
            }
            try service.directory.write("", to: "end")
            while case .instance(let event) = try await next(in: stream), event.newState != .backoff {}
            // What the model becomes is told right after.
            while try await client.get("a").instances.first?.retryTime == nil {}
            try await body(client)
        }
    }

    private static func next(in stream: WatchStream) async throws -> WatchBackendsResponse.Event? {
        while let event = try await stream.next()?.event {
            if case .instance = event { return event }
        }
        return nil
    }

    private static func isTold(_ text: String) -> Bool {
        text.contains("BACKOFF until 20") && text.contains("exit code 3")
    }

    @Test func `a model in backoff says so everywhere, with its last exit and the time of the next try`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.inBackoff(service, ["scope": "model", "models": ["a"]]) { client in
                let instance = try #require(try await client.get("a").instances.first)
                #expect(instance.state == .backoff && instance.failure?.reason == "EXITED")
                let time = try #require(instance.retryTime)
                #expect(time.seconds > SystemBackendClock().now().seconds)
                var model = try #require(try await client.models.listModels(ListModelsRequest()).models.first)
                while model.state != .unready {
                    model = try #require(try await client.models.listModels(ListModelsRequest()).models.first)
                }
                #expect(Self.isTold(model.unready?.message ?? ""), "\(model)")
                let resolve = ResolveModelRequest(modelID: "a", autoStart: true)
                let unresolved = try await refusal { try await client.models.resolveModel(resolve) }
                #expect(unresolved.word == "UNAVAILABLE MODEL_NOT_READY")
                #expect(unresolved.message.contains("UNREADY") && Self.isTold(unresolved.message), "\(unresolved)")
                let options = CallOptions(timeout: .seconds(1))
                let late = try await refusal {
                    try await client.models.loadModel(LoadModelRequest(modelID: "a", backend: "a"), options: options)
                }
                #expect(late.word == "DEADLINE_EXCEEDED MODEL_NOT_READY")
                #expect(Self.isTold(late.message), "\(late)")
                let waited = try await refusal {
                    try await client.models.resolveModel(
                        ResolveModelRequest(modelID: "a", waitReady: true), options: options)
                }
                #expect(waited.word == "DEADLINE_EXCEEDED MODEL_NOT_READY" && Self.isTold(waited.message), "\(waited)")
                let unused = try await refusal {
                    try await client.models.useModel { stream in
                        try await stream.send(UseModelRequest(modelID: "a", wait: GoogleDuration(.milliseconds(50))))
                        _ = try await stream.next()
                    }
                }
                #expect(unused.word == "UNAVAILABLE MODEL_NOT_READY" && Self.isTold(unused.message), "\(unused)")
            }
        }
    }

    @Test func `so does a backend whose only process is in backoff`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.inBackoff(service, ["scope": "backend"]) { client in
                let backend = try #require(try await client.config.listBackends(ListBackendsRequest()).backends.first)
                #expect(backend.state == .started)
                #expect(Self.isTold(backend.unready?.message ?? ""), "\(backend)")
                let resolve = ResolveModelRequest(modelID: "a", autoStart: true)
                let unresolved = try await refusal { try await client.models.resolveModel(resolve) }
                #expect(unresolved.word == "UNAVAILABLE INSTANCE_NOT_READY")
                #expect(Self.isTold(unresolved.message), "\(unresolved)")
                #expect((unresolved.retryDelay ?? .zero) > .seconds(30))
                let waited = try await refusal {
                    try await client.models.resolveModel(
                        ResolveModelRequest(modelID: "a", waitReady: true), options: CallOptions(timeout: .seconds(1)))
                }
                #expect(waited.word == "DEADLINE_EXCEEDED MODEL_NOT_READY" && Self.isTold(waited.message), "\(waited)")
            }
        }
    }
}
