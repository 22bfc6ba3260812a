// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import SocketRPC
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct RuntimeContextServiceTests {
    @Test func `every backend sees the context in priority order, whatever its state`() async throws {
        try await withService { service in
            let client = service.client
            for (name, priority) in [("b", 20), ("a", 10), ("c", 30)] as [(String, Int32)] {
                try await client.create(name, priority: priority)
            }
            try await client.create("local", "LOCAL", priority: 15)
            try await client.start("b")
            try service.scripted["c"].onStart { () throws(BackendError) in throw .broken }
            _ = try await refusal { try await client.start("c") }
            try service.scripted["c"].onContext { _ in .failed(.broken) }
            let results = try await client.handle(.grpc).results
            #expect(results.map(\.backend) == ["a", "local", "b", "c"])
            #expect(results.map(\.outcome) == [.handled, .ignored, .handled, .failed])
            #expect(results.map { $0.status == nil } == [true, true, true, false])
            let failed = results[3].status.map { RPCStatus($0) }
            #expect(failed?.word == "INTERNAL START_FAILED")
        }
    }

    @Test func `only the backends named see the context, in priority order`() async throws {
        try await withService { service in
            for name in ["a", "b", "c"] { try await service.client.create(name) }
            let results = try await service.client.handle(.grpc, to: ["c", "a"]).results
            #expect(results.map(\.backend) == ["a", "c"])
            #expect(try service.scripted["b"].sights.isEmpty)
        }
    }

    @Test func `an unknown name is not found before any backend sees the context`() async throws {
        try await withService { service in
            try await service.client.create("a")
            let status = try await refusal { try await service.client.handle(.grpc, to: ["a", "x"]) }
            #expect(status.word == "NOT_FOUND BACKEND_NOT_FOUND")
            #expect(status.errorInfo?.metadata["backend"] == "x")
            #expect(try service.scripted["a"].sights.isEmpty)
        }
    }

    @Test func `a strict dispatch ends at the first failure with its status`() async throws {
        try await withService { service in
            for name in ["a", "b", "c"] { try await service.client.create(name) }
            try service.scripted["b"].onContext { _ in .failed(.broken) }
            let status = try await refusal { try await service.client.handle(.grpc, strict: true) }
            #expect(status.word == "INTERNAL START_FAILED")
            #expect(status.message == "the model server ended")
            #expect(try service.scripted["a"].sights.count == 1)
            #expect(try service.scripted["c"].sights.isEmpty)
        }
    }

    @Test(arguments: [nil, BackendsAPI.RuntimeContext()])
    func `a request without a source is refused`(context: BackendsAPI.RuntimeContext?) async throws {
        try await withService { service in
            try await service.client.create("a")
            let status = try await refusal { try await service.client.handle(context) }
            #expect(status.word == "INVALID_ARGUMENT CONTEXT_MISSING")
            #expect(status.fields == ["context"])
            #expect(try service.scripted["a"].sights.isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `of a gRPC context a backend finds what it asks for, text and binary`(isStreamed: Bool) async throws {
        try await withService { service in
            try await service.client.create("a")
            try service.scripted["a"].look(for: ["x-tenant", "X-TENANT", "trace-bin", "none", "x-empty"])
            let context = GRPCContext(
                method: "/caikit.runtime.Nlp/Predict", peer: "ipv4:10.0.0.1:5000",
                metadata: [
                    MetadataEntry(key: "other", value: .text("o")),
                    MetadataEntry(key: "X-Tenant", value: .text("research")),
                    MetadataEntry(key: "x-tenant", value: .text("second")),
                    MetadataEntry(key: "Trace-Bin", value: .binary([0, 1, 0x7f, 0xff])),
                    MetadataEntry(key: "x-empty", value: .text("")),
                ], timeRemaining: GoogleDuration(seconds: 3))
            try await service.client.handle(
                BackendsAPI.RuntimeContext(source: .grpc(context)), model: "flan", isStreamed: isStreamed)
            #expect(
                try service.scripted["a"].sights == [
                    ScriptedBackend.Sight(
                        kind: .grpc, modelID: "flan", method: "/caikit.runtime.Nlp/Predict", target: "",
                        peer: "ipv4:10.0.0.1:5000",
                        texts: ["x-tenant": "research", "X-TENANT": "research", "x-empty": ""],
                        binaries: ["trace-bin": [0, 1, 0x7f, 0xff]])
                ])
        }
    }

    @Test(arguments: [false, true])
    func `of an HTTP context a backend finds what it asks for`(isStreamed: Bool) async throws {
        try await withService { service in
            try await service.client.create("a")
            try service.scripted["a"].look(for: ["x-site", "X-Tenant", "trace-bin"])
            let context = HTTPContext(
                method: "POST", target: "/api/v1/task?stream=false",
                headers: [
                    HTTPHeader(name: "x-tenant", value: "research"), HTTPHeader(name: "X-TENANT", value: "second"),
                    HTTPHeader(name: "X-Site", value: "café"),
                ], clientAddress: "127.0.0.1:4711", version: "1.1")
            try await service.client.handle(
                BackendsAPI.RuntimeContext(source: .http(context)), model: "flan", isStreamed: isStreamed)
            #expect(
                try service.scripted["a"].sights == [
                    ScriptedBackend.Sight(
                        kind: .http, modelID: "flan", method: "POST", target: "/api/v1/task?stream=false",
                        peer: "127.0.0.1:4711", texts: ["x-site": "café", "X-Tenant": "research"], binaries: [:])
                ])
        }
    }

    @Test func `the first value wins even when it is of the other kind`() async throws {
        try await withService { service in
            try await service.client.create("a")
            try service.scripted["a"].look(for: ["k"])
            for isStreamed in [false, true] {
                let entries = [
                    MetadataEntry(key: "K", value: .binary([1])), MetadataEntry(key: "k", value: .text("t")),
                ]
                let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(metadata: entries)))
                try await service.client.handle(context, isStreamed: isStreamed)
            }
            for sight in try service.scripted["a"].sights {
                #expect(sight.texts == [:])
                #expect(sight.binaries == ["k": [1]])
            }
            #expect(try service.scripted["a"].sights.count == 2)
        }
    }

    @Test func `a backend that has to wait keeps its place in the order`() async throws {
        try await withService { service in
            for name in ["a", "b", "c"] { try await service.client.create(name) }
            let (began, release) = (AsyncSignal<Void>(), AsyncSignal<Void>())
            let turns = Recorder<String>()
            try service.scripted["b"].onContext { _ in
                .pending {
                    began.send()
                    await release.wait()
                    turns.append("b")
                    return .ignored
                }
            }
            try service.scripted["c"].onContext { _ in
                turns.append("c")
                return .handled
            }
            let client = service.client
            let answer = Task.immediate { try await client.handle(.grpc) }
            await began.wait()
            // Other calls do not wait for it, and the backend behind it does.
            #expect(try await client.get("c").name == "c")
            release.send()
            let results = try await answer.value.results
            #expect(results.map(\.backend) == ["a", "b", "c"])
            #expect(results.map(\.outcome) == [.handled, .ignored, .handled])
            #expect(turns.elements == ["b", "c"])
        }
    }

    @Test func `a backend that takes too long has failed, and the next one gets its turn`() async throws {
        var limits = BackendLimits()
        limits.contextTimeout = .milliseconds(20)
        try await withService(limits: limits) { service in
            for name in ["a", "b"] { try await service.client.create(name) }
            try service.scripted["a"].onContext { _ in
                .pending {
                    await ScriptedBackend.untilCancelled()
                    return .handled
                }
            }
            let results = try await service.client.handle(.grpc).results
            #expect(results.map(\.outcome) == [.failed, .handled])
            let status = results[0].status.map { RPCStatus($0) }
            #expect(status?.word == "DEADLINE_EXCEEDED CONTEXT_TIMEOUT")
            let strict = try await refusal { try await service.client.handle(.grpc, strict: true) }
            #expect(strict.word == "DEADLINE_EXCEEDED CONTEXT_TIMEOUT")
        }
    }

    @Test func `a stream answers each context in order, under its id, and goes on after an error`() async throws {
        try await withService { service in
            for name in ["a", "b"] { try await service.client.create(name) }
            try service.scripted["b"].onContext { _ in .failed(.broken) }
            let requests: [(UInt64, HandleRuntimeContextRequest?)] = [
                (7, HandleRuntimeContextRequest(context: .grpc)),
                (7, HandleRuntimeContextRequest(context: .grpc, strict: true)),
                (0, HandleRuntimeContextRequest(context: .grpc, backends: ["x"])),
                (.max, nil),
                (1, HandleRuntimeContextRequest(context: .grpc, backends: ["a"])),
            ]
            let answers = try await service.client.contexts.streamRuntimeContexts { stream in
                for (id, request) in requests {
                    try await stream.send(StreamRuntimeContextsRequest(id: id, request: request))
                }
                try await stream.finishSending()
                var answers: [StreamRuntimeContextsResponse] = []
                while let answer = try await stream.next() { answers.append(answer) }
                return answers
            }
            #expect(answers.map(\.id) == [7, 7, 0, .max, 1])
            let words = answers.map { answer in
                switch answer.result {
                case .response(let response):
                    response.results.map { "\($0.backend) \($0.outcome)" }.joined(separator: " ")
                case .status(let status): RPCStatus(status).word
                case nil: "nothing"
                }
            }
            #expect(
                words == [
                    "a handled b failed", "INTERNAL START_FAILED", "NOT_FOUND BACKEND_NOT_FOUND",
                    "INVALID_ARGUMENT CONTEXT_MISSING", "a handled",
                ])
        }
    }

    @Test(arguments: [0, 1, 40])
    func `a stream gives a kept answer as a call does, under any ID`(backends: Int) async throws {
        try await withService { service in
            for number in 0..<backends { try await service.client.create("b\(number)", "LOCAL") }
            let unary = try await service.client.handle(.grpc)
            #expect(unary.results.count == backends)
            let ids: [UInt64] = [0, 1, 127, 128, 16_384, 1 << 63, .max]
            let answers = try await service.client.contexts.streamRuntimeContexts { stream in
                var answers: [StreamRuntimeContextsResponse] = []
                for id in ids {
                    let request = HandleRuntimeContextRequest(context: .grpc)
                    try await stream.send(StreamRuntimeContextsRequest(id: id, request: request))
                    if let answer = try await stream.next() { answers.append(answer) }
                }
                return answers
            }
            #expect(answers == ids.map { StreamRuntimeContextsResponse(id: $0, result: .response(unary)) })
        }
    }

    @Test func `the caller's deadline ends a dispatch that waits`() async throws {
        var limits = BackendLimits()
        limits.contextTimeout = .seconds(600)
        try await withService(limits: limits) { service in
            try await service.client.create("a")
            let ended = AsyncSignal<Void>()
            try service.scripted["a"].onContext { _ in
                .pending {
                    await ScriptedBackend.untilCancelled()
                    ended.send()
                    return .handled
                }
            }
            let status = try await refusal {
                try await service.client.contexts.handleRuntimeContext(
                    HandleRuntimeContextRequest(context: .grpc), options: CallOptions(timeout: .milliseconds(100)))
            }
            #expect(status.code == .deadlineExceeded)
            await ended.wait()
        }
    }
}

extension BackendsAPI.RuntimeContext {
    /// A context of a gRPC server with nothing in it.
    fileprivate static var grpc: BackendsAPI.RuntimeContext { BackendsAPI.RuntimeContext(source: .grpc(GRPCContext())) }
}

extension ServiceClient {
    @discardableResult
    fileprivate func handle(
        _ context: BackendsAPI.RuntimeContext?, model: String = "", to backends: [String] = [], strict: Bool = false,
        isStreamed: Bool = false
    ) async throws -> HandleRuntimeContextResponse {
        let request = HandleRuntimeContextRequest(
            modelID: model, context: context, backends: backends, strict: strict)
        guard isStreamed else { return try await contexts.handleRuntimeContext(request) }
        return try await contexts.streamRuntimeContexts { stream in
            try await stream.send(StreamRuntimeContextsRequest(id: 1, request: request))
            switch try await stream.next()?.result {
            case .response(let response): return response
            case .status(let status): throw RPCStatus(status)
            case nil: throw NotRefused()
            }
        }
    }
}
