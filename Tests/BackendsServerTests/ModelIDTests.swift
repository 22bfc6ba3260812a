// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import TestSupport
import Testing

/// Every method that takes a model's ID refuses an invalid one before anything else looks at it.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelIDTests {
    private typealias Call = (name: String, call: @Sendable (ServiceClient, String) async throws -> Void)

    private static let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(method: "/p.S/M")))

    private static let calls: [Call] = [
        ("resolve", { _ = try await $0.models.resolveModel(ResolveModelRequest(modelID: $1)) }),
        (
            "resolve with a context",
            { _ = try await $0.models.resolveModel(ResolveModelRequest(modelID: $1, context: context)) }
        ), ("explain", { _ = try await $0.models.explainModel(ExplainModelRequest(modelID: $1)) }),
        ("load", { _ = try await $0.models.loadModel(LoadModelRequest(modelID: $1)) }),
        ("unload", { _ = try await $0.models.unloadModel(UnloadModelRequest(modelID: $1)) }),
        ("report a failure", { _ = try await $0.models.reportFailure(ReportFailureRequest(modelID: $1, code: 14)) }),
        (
            "load a prompt",
            {
                _ = try await $0.models.loadPromptArtifacts(
                    LoadPromptArtifactsRequest(modelID: $1, promptID: "p", paths: ["/x"]))
            }
        ),
        (
            "unload prompts",
            {
                _ = try await $0.models.unloadPromptArtifacts(
                    UnloadPromptArtifactsRequest(modelID: $1, promptIds: ["p"]))
            }
        ),
        (
            "use",
            { client, id in
                try await client.models.useModel { stream in
                    try await stream.send(UseModelRequest(modelID: id, autoStart: true))
                    _ = try await stream.next()
                }
            }
        ),
        (
            "read logs",
            { client, id in
                try await client.observe.readLogs(ReadLogsRequest(backend: "a", modelID: id, lines: 1)) { stream in
                    while try await stream.next() != nil {}
                }
            }
        ),
        (
            "hand over a context",
            {
                _ = try await $0.contexts.handleRuntimeContext(
                    HandleRuntimeContextRequest(modelID: $1, context: context))
            }
        ),
        (
            "hand over contexts",
            { client, id in
                try await client.contexts.streamRuntimeContexts { stream in
                    let request = HandleRuntimeContextRequest(modelID: id, context: context)
                    try await stream.send(StreamRuntimeContextsRequest(id: 1, request: request))
                    guard case .status(let status)? = try await stream.next()?.result else { return }
                    throw RPCStatus(status)
                }
            }
        ),
    ]

    /// For these an empty text is as good as none.
    private static let optional = ["read logs", "hand over a context", "hand over contexts"]

    @Test(arguments: [
        "", "../../x", "/a", "a/", "a//b", ".", "..", "a/../b", "-a", "a\nb", "a\u{1}b", "a\u{7F}", "a\u{9B}b",
        "a\u{2028}b", "\u{202E}a", String(repeating: "x", count: 256), String(repeating: "é", count: 128),
    ])
    func `an invalid ID is refused by every method`(id: String) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("a", "LOCAL", config: ["models": ["*"]])
            try await client.start("a")
            for call in Self.calls where !id.isEmpty || !Self.optional.contains(call.name) {
                let refused = try await refusal { try await call.call(client, id) }
                #expect(refused.word == "INVALID_ARGUMENT MODEL_ID_INVALID", "\(call.name): \(refused.word)")
                #expect(refused.fields == ["model_id"], "\(call.name)")
            }
        }
    }

    @Test(arguments: ["a/b", "a:b", "caf\u{E9}", "cafe\u{301}", "...", String(repeating: "x", count: 255)])
    func `an id with separators, in either normal form, or of 255 bytes is none of these`(id: String) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("a", "LOCAL", config: ["models": ["*"]])
            try await client.start("a")
            for call in Self.calls {
                do {
                    try await call.call(client, id)
                } catch let status as RPCStatus {
                    #expect(status.reason != "MODEL_ID_INVALID", "\(call.name): \(status.message)")
                }
            }
        }
    }

    /// Service, method, number of the field, and the message around it: the number of the field that holds it.
    private static let methods: [(service: String, method: String, field: UInt8, around: UInt8?)] = [
        ("ModelService", "ResolveModel", 1, nil), ("ModelService", "ExplainModel", 1, nil),
        ("ModelService", "LoadModel", 1, nil), ("ModelService", "UnloadModel", 1, nil),
        ("ModelService", "UseModel", 1, nil), ("ModelService", "ReportFailure", 1, nil),
        ("ModelService", "LoadPromptArtifacts", 1, nil), ("ModelService", "UnloadPromptArtifacts", 1, nil),
        ("ObserveService", "ReadLogs", 2, nil), ("RuntimeContextService", "HandleRuntimeContext", 1, nil),
        ("RuntimeContextService", "StreamRuntimeContexts", 1, 2),
    ]

    @Test(arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0x61, 0x00, 0x62]] as [[UInt8]])
    func `bytes that are not UTF-8 are not a valid ID`(id: [UInt8]) async throws {
        try await withService { service in
            for method in Self.methods {
                var payload = [method.field << 3 | 2, UInt8(id.count)] + id
                if let around = method.around { payload = [around << 3 | 2, UInt8(payload.count)] + payload }
                let peer = WirePeer(try RawPeer(path: service.path))
                let name = "backends.v1.\(method.service)"
                if ["UseModel", "StreamRuntimeContexts"].contains(method.method) {
                    try await peer.send(
                        WirePeer.request(1, method.method, service: name, flags: .remoteOpen),
                        WirePeer.data(1, payload))
                } else {
                    try await peer.send(
                        WirePeer.request(1, method.method, payload, service: name, flags: .remoteClosed))
                }
                let status = try await peer.receive().status
                #expect(status?.word == "INVALID_ARGUMENT MODEL_ID_INVALID", "\(method): \(String(describing: status))")
            }
        }
    }

    @Test func `other text that is none is still a message that does not decode`() async throws {
        try await withService { service in
            let peer = WirePeer(try RawPeer(path: service.path))
            // LoadModelRequest.backend
            let answer = try await peer.call(
                WirePeer.request(
                    1, "LoadModel", [0x12, 1, 0xFF], service: "backends.v1.ModelService", flags: .remoteClosed))
            #expect(answer.status?.word == "INTERNAL PAYLOAD_MALFORMED")
        }
    }
}
