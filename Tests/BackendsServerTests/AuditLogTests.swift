// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import DaemonTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct AuditLogTests {
    @Test func `every call that changes something is one line, with who, what and its result`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            _ = try await refusal { try await client.create("a") }
            try await client.register("a", owner: "o", ["port": 9090])
            try await client.start("a")
            _ = try await refusal { try await client.register("a", owner: "o", ["port": 9091]) }
            try await client.stop("a")
            try await client.holdingLock(of: "a") { lock in try await lock.release() }
            try await client.delete("a")
            let who = ["pid": String(ProcessInformation.pid), "uid": String(ProcessInformation.uid)]
            #expect(service.log.calls.allSatisfy { $0.filter { who.keys.contains($0.key) } == who })
            #expect(Set(service.log.calls.map { $0["backend"] }) == ["a"])
            let lines = service.log.calls.map { "\($0["method"] ?? "") \($0["result"] ?? "")" }
            #expect(
                lines == [
                    "backends.v1.BackendConfigService/CreateBackend OK",
                    "backends.v1.BackendConfigService/CreateBackend ALREADY_EXISTS BACKEND_EXISTS",
                    "backends.v1.BackendConfigService/RegisterConfig OK",
                    "backends.v1.LifecycleService/StartBackend OK",
                    "backends.v1.BackendConfigService/RegisterConfig FAILED_PRECONDITION BACKEND_STARTED",
                    "backends.v1.LifecycleService/StopBackend OK",
                    "backends.v1.LifecycleService/HoldStartLock OK",
                    "backends.v1.BackendConfigService/DeleteBackend OK",
                ])
        }
    }

    @Test func `a call about a model names it, and the backend that it came to`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            try service.scripted["a"].loads()
            let id = "m/1"
            _ = try await client.models.loadModel(LoadModelRequest(modelID: id, autoStart: true))
            _ = try await client.models.reportFailure(ReportFailureRequest(modelID: id, code: 14))
            _ = try await refusal {
                _ = try await client.models.unloadModel(UnloadModelRequest(modelID: id, backend: "b"))
            }
            _ = try await client.models.unloadModel(UnloadModelRequest(modelID: id))
            let long = String(repeating: "x", count: 100_000)
            _ = try await refusal { _ = try await client.models.loadModel(LoadModelRequest(modelID: long)) }
            let calls = service.log.calls.dropFirst()
            #expect(calls.map { $0["model"] ?? "" } == [id, id, id, id, String(long.prefix(256)) + "…"])
            #expect(calls.map { $0["backend"] } == ["a", "a", "b", "a", ""])
        }
    }

    @Test func `calls that only read, and contexts, are not logged`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            let before = service.log.calls.count
            _ = try await client.get("a")
            _ = try await client.config.listBackends(ListBackendsRequest())
            _ = try await client.types.listBackendTypes(ListBackendTypesRequest())
            _ = try await client.observe.getServerInfo(GetServerInfoRequest())
            try await client.observe.watching { stream in _ = try await stream.snapshot() }
            let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext()))
            _ = try await client.contexts.handleRuntimeContext(HandleRuntimeContextRequest(context: context))
            #expect(service.log.calls.count == before)
        }
    }

    @Test func `no line has a secret or a value of a context`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", config: ["connection": ["password": "swordfish"]])
            _ = try await refusal { try await client.create("b", config: ["connection": ["password": ["swordfish"]]]) }
            try await client.register("a", owner: "o", ["connection": ["password": "swordfish"]])
            _ = try await refusal {
                try await client.register("a", owner: "p", ["connection": ["password": "swordfish2"]])
            }
            try service.scripted["a"].onStart { () throws(BackendError) in throw .broken }
            _ = try await refusal { try await client.start("a") }
            let headers = [HTTPHeader(name: "authorization", value: "swordfish")]
            let context = BackendsAPI.RuntimeContext(source: .http(HTTPContext(target: "/swordfish", headers: headers)))
            let request = HandleRuntimeContextRequest(modelID: "swordfish", context: context)
            _ = try await client.contexts.handleRuntimeContext(request)
            try service.scripted["a"].onContext { _ in .failed(.broken) }
            _ = try await client.contexts.handleRuntimeContext(request)
            #expect(!service.log.lines.isEmpty)
            #expect(service.log.lines.filter { $0.text.contains("swordfish") }.map(\.text) == [])
        }
    }
}
