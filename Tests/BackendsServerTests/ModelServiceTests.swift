// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import ConfigDocument
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// `ModelService` over the socket, with processes that are real.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelServiceTests {
    /// A backend with a process for each model, started.
    private static func process(_ client: ServiceClient, _ more: GoogleStruct = [:]) async throws {
        var config: GoogleStruct = [
            "command": ["sh", "-c", "echo up $0; while :; do sleep 1000; done", "${MODEL_ID}", "${SOCKET}"],
            "scope": "model",
            "models": ["m*"], "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
        ]
        config.fields = config.fields.merged(with: more.fields)
        try await client.create("a", "PROCESS", config: config)
        try await client.start("a")
    }

    private static func resolve(
        _ model: String, wait: Bool = true, start: Bool = true, _ client: ServiceClient
    ) async throws(RPCStatus) -> ResolveModelResponse {
        try await client.models.resolveModel(
            ResolveModelRequest(modelID: model, backends: [], waitReady: wait, autoStart: start))
    }

    @Test func `a model is resolved, listed, and unloaded`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let resolved = try await Self.resolve("m1", client)
            let endpoint = try #require(resolved.endpoint)
            #expect(endpoint.backend == "a")
            #expect(endpoint.instance == "a/m1")
            #expect(endpoint.address.hasPrefix("unix:"))
            #expect(endpoint.tls == nil)
            // Ready: answered at once, and not loaded again.
            #expect(try await Self.resolve("m1", wait: false, start: false, client).endpoint == endpoint)
            let models = try await client.models.listModels(ListModelsRequest()).models
            #expect(models.map(\.modelID) == ["m1"])
            #expect(models.first?.state == .ready)
            #expect(models.first?.endpoint == endpoint)
            #expect(models.first?.loadDuration != nil)
            let instances = try await client.get("a").instances
            #expect(instances.map(\.name) == ["a/m1"])
            #expect(instances.first?.state == .ready)
            #expect((instances.first?.rssBytes ?? 0) > 100_000)
            let unload = UnloadModelRequest(modelID: "m1")
            #expect(try await client.models.unloadModel(unload).alreadyUnloaded == false)
            #expect(try await client.models.unloadModel(unload).alreadyUnloaded == true)
            #expect(try await client.get("a").instances.isEmpty)
        }
    }

    @Test func `fifty callers of one cold model cause one process`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.process(service.client)
            let addresses = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await Self.resolve("m", service.client).endpoint?.address ?? "" }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(addresses.count == 1)
            let lines = try await Self.log(service.client, backend: "a")
            #expect(lines == ["up m"])
        }
    }

    @Test func `a thousand callers of a warm model cost no probe`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let probes = service.directory.file("probes")
            let probe: GoogleValue = [
                "exec": ["command": ["sh", "-c", .init(kind: .stringValue("echo >> \(probes)"))]],
                "listener": "any",
            ]
            try await Self.process(service.client, ["probes": ["startup": probe]])
            _ = try await Self.resolve("m", service.client)
            let before = try File.read(path: probes, limit: 100)
            for _ in 0..<1000 { _ = try await Self.resolve("m", service.client) }
            #expect(try File.read(path: probes, limit: 100) == before)
        }
    }

    @Test func `a model in use is not unloaded, and a client that dies does not pin it`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            try await service.withClient { other in
                let use = UseModelRequest(modelID: "m", autoStart: true, wait: GoogleDuration(.seconds(60)))
                try await other.models.useModel { stream in
                    try await stream.send(use)
                    guard case .acquired(let acquired) = try await stream.next()?.event else {
                        Issue.record("not acquired")
                        return
                    }
                    #expect(acquired.endpoint?.instance == "a/m")
                    #expect(try await client.models.listModels(ListModelsRequest()).models.first?.uses == 1)
                    #expect(try await client.get("a").instances.first?.uses == 1)
                    let busy = try await refusal {
                        try await client.models.unloadModel(
                            UnloadModelRequest(modelID: "m", drain: GoogleDuration(.milliseconds(10))))
                    }
                    #expect(busy.word == "ABORTED MODEL_BUSY")
                    await other.rpc.close()
                }
            } as Void?
            #expect(try await client.models.unloadModel(UnloadModelRequest(modelID: "m")).alreadyUnloaded == false)
        }
    }

    @Test func `a hundred uses of one process take one descriptor`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let use = UseModelRequest(modelID: "m", autoStart: true, wait: GoogleDuration(.seconds(60)))
            let acquired = Recorder<Void>()
            try await client.models.useModel { stream in
                try await stream.send(use)
                _ = try await stream.next()
                let one = try ProcessUsage.own().descriptors
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<100 {
                        group.addTask {
                            try await client.models.useModel { stream in
                                try await stream.send(use)
                                _ = try await stream.next()
                                acquired.append(())
                                while try await stream.next() != nil {}
                            }
                        }
                    }
                    _ = await acquired.wait(for: 100)
                    let hundred = try ProcessUsage.own().descriptors
                    #expect(hundred <= one)
                    group.cancelAll()
                }
            }
        }
    }

    @Test func `a use ends with the half close, and with force it is taken away`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let use = UseModelRequest(modelID: "m", autoStart: true, wait: GoogleDuration(.seconds(60)))
            try await client.models.useModel { stream in
                try await stream.send(use)
                _ = try await stream.next()
                try await stream.finishSending()
                #expect(try await stream.next() == nil)
            }
            let lost = try await refusal {
                try await client.models.useModel { stream in
                    try await stream.send(use)
                    _ = try await stream.next()
                    _ = try await client.models.unloadModel(UnloadModelRequest(modelID: "m", force: true))
                    _ = try await stream.next()
                }
            }
            #expect(lost.word == "ABORTED MODEL_UNLOADED")
        }
    }

    @Test func `what cannot be resolved says why`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let unknown = try await refusal { try await Self.resolve("x", client) }
            #expect(unknown.word == "NOT_FOUND MODEL_NOT_FOUND")
            let cold = try await refusal { try await Self.resolve("m", start: false, client) }
            #expect(cold.word == "FAILED_PRECONDITION MODEL_NOT_LOADED")
            let invalid = try await refusal { try await Self.resolve("-m", client) }
            #expect(invalid.word == "INVALID_ARGUMENT MODEL_ID_INVALID")
            let impatient = try await refusal { try await Self.resolve("m", wait: false, client) }
            #expect(impatient.word == "UNAVAILABLE MODEL_NOT_READY")
            let explained = try await client.models.explainModel(ExplainModelRequest(modelID: "m2"))
            #expect(explained.backend == "")
            #expect(explained.verdicts.map(\.reason) == ["MODEL_NOT_LOADED"])
            let would = try await client.models.explainModel(ExplainModelRequest(modelID: "m2", autoStart: true))
            #expect(would.backend == "a")
            #expect(would.verdicts.map(\.verdict) == [.load])
        }
    }

    @Test func `a model that cannot be loaded fails with the last words of its program`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(
                client, ["command": ["sh", "-c", "echo 'no weights' >&2; exit 4", "${MODEL_ID}", "${SOCKET}"]])
            let failed = try await refusal {
                try await client.models.loadModel(LoadModelRequest(modelID: "m"))
            }
            #expect(failed.word == "INTERNAL EXITED")
            _ = try await refusal { try await Self.resolve("m2", client) }
            #expect(failed.errorInfo?.metadata["backend"] == "a")
            let audited = service.log.calls.suffix(2)
            #expect(audited.map { $0["result"] } == ["INTERNAL EXITED", "INTERNAL EXITED"])
            #expect(audited.map { $0["backend"] } == ["a", "a"])
            #expect(audited.map { $0["model"] } == ["m", "m2"])
            #expect(failed.message.contains("exit code 4"))
            #expect(failed.message.contains("no weights"))
            #expect(try await client.models.listModels(ListModelsRequest()).models.first?.state == .failed)
        }
    }

    @Test func `a context is handed to the backends before the model is looked up`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await service.client.create("s")
            try await service.client.start("s")
            let scripted = try service.scripted["s"]
            scripted.onContext { _ in .routed(Backends.ModelEndpoint(address: "10.1.2.3:80")) }
            let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(method: "/p.S/M")))
            let response = try await service.client.models.resolveModel(
                ResolveModelRequest(modelID: "m", context: context))
            #expect(response.endpoint?.address == "10.1.2.3:80")
            #expect(response.contextResults.map(\.outcome) == [.handled])
            #expect(scripted.sights.map(\.modelID) == ["m"])
        }
    }

    @Test func `a watcher sees each step of model and instance, and a killed process soon`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client, ["backoff": "1ms"])
            try await client.observe.watching { stream in
                _ = try await stream.next()
                _ = try await Self.resolve("m", client)
                var steps: [String] = []
                var pid: Int32 = 0
                while !steps.contains("model READY LOADED") {
                    guard let event = try await stream.next()?.event else { break }
                    steps.append(Self.words(event))
                    if case .instance(let event) = event, event.pid != 0 { pid = event.pid }
                }
                #expect(
                    steps.filter { $0.hasPrefix("model") } == [
                        "model QUEUED LOAD_REQUESTED", "model LOADING LOAD_BEGAN", "model READY LOADED",
                    ])
                #expect(steps.contains("instance READY"))
                let entry = try #require(ProcessTable.entry(of: pid))
                try ProcessTable.signal(entry, .kill)
                while let event = try await stream.next()?.event, Self.words(event) != "instance BACKOFF KILLED" {}
                while let event = try await stream.next()?.event, Self.words(event) != "instance READY" {}
            }
        }
    }

    @Test func `several instances that write at once are followed by one slow reader`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let script = "echo up; i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i; done; exec sleep 1000"
            try await Self.process(
                client, ["command": ["sh", "-c", .init(kind: .stringValue(script)), "${MODEL_ID}", "${SOCKET}"]])
            try await client.observe.readLogs(ReadLogsRequest(backend: "a", follow: true)) { stream in
                for model in ["m1", "m2", "m3"] { _ = try await Self.resolve(model, client) }
                var done = Set<String>()
                while done.count < 3, let message = try await stream.next() {
                    for line in message.lines where line.text == "line 3000" { done.insert(line.instance) }
                }
                #expect(done == ["a/m1", "a/m2", "a/m3"])
            }
        }
    }

    @Test func `if the queue is full, the caller is told when to try again`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client, ["max_concurrent": 1, "max_queue": 0])
            let use = UseModelRequest(modelID: "m", autoStart: true, wait: GoogleDuration(.seconds(60)))
            try await client.models.useModel { stream in
                try await stream.send(use)
                _ = try await stream.next()
                let full = try await refusal {
                    try await client.models.useModel { other in
                        try await other.send(use)
                        _ = try await other.next()
                    }
                }
                #expect(full.word == "RESOURCE_EXHAUSTED QUEUE_FULL")
                #expect(full.retryDelay == .seconds(1))
            }
        }
    }

    @Test func `with force a model goes at once, however short the drain`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            _ = try await Self.resolve("m", client)
            let now = UnloadModelRequest(modelID: "m", force: true, drain: GoogleDuration(.zero))
            #expect(try await client.models.unloadModel(now).alreadyUnloaded == false)
        }
    }

    @Test func `what would not be tried again is explained as it is`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client, ["command": ["sh", "-c", "exit 4", "${MODEL_ID}", "${SOCKET}"]])
            for _ in 0..<2 { _ = try await refusal { try await Self.resolve("m", client) } }
            let explained = try await client.models.explainModel(ExplainModelRequest(modelID: "m", autoStart: true))
            #expect(explained.verdicts.map(\.reason) == ["MODEL_FAILED"])
            let refused = try await refusal { try await Self.resolve("m", client) }
            #expect(refused.word == "UNAVAILABLE MODEL_FAILED")
        }
    }

    @Test func `the answer of a start has the processes`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create(
                "a", "PROCESS", config: ["command": ["sleep", "1000"], "started_after": "1ms"])
            for isStartedBefore in [false, true] {
                let response = try await client.lifecycle.startBackend(StartBackendRequest(name: "a"))
                #expect(response.alreadyStarted == isStartedBefore)
                let instances = response.backend?.instances ?? []
                #expect(instances.map(\.state) == [.ready])
                #expect(instances.first?.pid ?? 0 > 0)
            }
        }
    }

    @Test func `a backend whose start fails is not started by every request`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let file = service.directory.file("starts")
            let script = "echo >> \(file); exit 3"
            try await client.create(
                "a", "PROCESS",
                config: ["command": ["sh", "-c", .init(kind: .stringValue(script)), "${SOCKET}"], "models": ["m"]])
            #expect(try await refusal { try await Self.resolve("m", client) }.word == "INTERNAL EXITED")
            for _ in 0..<20 {
                let again = try await refusal { try await Self.resolve("m", client) }
                #expect(again.word == "UNAVAILABLE BACKEND_FAILED")
                #expect(again.retryDelay != nil)
            }
            let explained = try await client.models.explainModel(ExplainModelRequest(modelID: "m", autoStart: true))
            #expect(explained.verdicts.map(\.reason) == ["BACKEND_FAILED"])
            #expect(try File.read(path: file, limit: 1000).count == 1)
        }
    }

    @Test func `logs are read, and followed`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let none = try await refusal { try await Self.log(client, backend: "a") }
            #expect(none.word == "NOT_FOUND LOGS_NOT_FOUND")
            _ = try await Self.resolve("m", client)
            #expect(try await Self.log(client, backend: "a") == ["up m"])
            try await client.observe.readLogs(ReadLogsRequest(backend: "a", modelID: "m", follow: true)) { stream in
                #expect(try await stream.next()?.lines.map(\.text) == ["up m"])
                _ = try await client.models.unloadModel(UnloadModelRequest(modelID: "m"))
                #expect(try await stream.next() == nil)
            }
            let unknown = try await refusal { try await Self.log(client, backend: "x") }
            #expect(unknown.word == "NOT_FOUND BACKEND_NOT_FOUND")
        }
    }

    @Test func `a reported failure is looked at`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            _ = try await Self.resolve("m", client)
            let ignored = try await client.models.reportFailure(ReportFailureRequest(modelID: "m", code: 3))
            #expect(ignored.verdict == .ignored)
            let healthy = try await client.models.reportFailure(ReportFailureRequest(modelID: "m", code: 14))
            #expect(healthy.verdict == .healthy)
            #expect(healthy.backend == "a")
        }
    }

    private static func log(_ client: ServiceClient, backend: String) async throws -> [String] {
        try await client.observe.readLogs(ReadLogsRequest(backend: backend)) { stream in
            var lines: [String] = []
            while let message = try await stream.next() { lines += message.lines.map(\.text) }
            return lines
        }
    }

    private static func words(_ event: WatchBackendsResponse.Event) -> String {
        switch event {
        case .instance(let event):
            "instance \(event.newState)".uppercased().replacing("INSTANCE", with: "instance")
                + (event.failure.map { " \($0.reason)" } ?? "")
        case .model(let event): "model " + "\(event.newState)".uppercased() + " \(event.cause)"
        case .change, .snapshot, .gap: "other"
        }
    }
}
