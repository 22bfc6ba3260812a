// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import Logging
internal import SocketRPC
internal import SocketRPCServer
internal import SystemIO
internal import TestSupport
internal import TextKeys

/// A daemon that answers every call with text and numbers that would harm a terminal or a careless reader, or fails with them.
struct HostileDaemon: Sendable {
    /// C0 and C1 controls, line ends, bidirectional controls, invisible characters, and a forged line.
    static let text =
        "\u{202E}x\u{1B}[31m\u{9B}2J\u{2028}\u{2029}\u{85}\u{7F}\u{7}\u{8}\r\t\u{200B}\u{2066}\u{FEFF}\nINJECTED"

    let path: String

    /// Runs a test with the daemon on a socket of its own.
    static func run(failing: Bool, _ body: @Sendable (HostileDaemon) async throws -> Void) async throws {
        try await run(failing: failing ? HostileServices.status : nil, body)
    }

    /// The same, with a status that every call fails with.
    static func run(failing: RPCStatus?, _ body: @Sendable (HostileDaemon) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let services = HostileServices(refusal: failing)
        let server = try RPCServer(
            router: try Router([
                (services as any BackendConfigService).rpcService, (services as any BackendTypeService).rpcService,
                (services as any LifecycleService).rpcService, (services as any ModelService).rpcService,
                (services as any ObserveService).rpcService, (services as any RuntimeContextService).rpcService,
            ]), logger: logger)
        let directory = try TemporaryDirectory()
        server.listen(on: try UnixSocket.listen(path: directory.file("s")))
        try server.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(HostileDaemon(path: directory.file("s"))))
        } catch {
            result = .failure(error)
        }
        server.shutdownNow()
        await server.run()
        try result.get()
    }
}

private struct HostileServices: Sendable {
    let refusal: RPCStatus?

    func checkWillingness() throws(RPCStatus) {
        if let refusal { throw refusal }
    }

    static var status: RPCStatus {
        var status = RPCStatus(
            .failedPrecondition, reason: HostileDaemon.text, HostileDaemon.text,
            metadata: ["backend": HostileDaemon.text, "model": HostileDaemon.text], retryAfter: .seconds(Int64.max))
        let violation = GoogleBadRequest.FieldViolation(
            field: HostileDaemon.text, description: HostileDaemon.text + "2")
        status.add(GoogleBadRequest(fieldViolations: [violation]))
        return status
    }

    static let time = GoogleTimestamp(seconds: .min, nanos: .max)
    static let duration = GoogleDuration(seconds: .max, nanos: .min)
    static let failure = BackendFailure(reason: HostileDaemon.text, message: HostileDaemon.text)
    static let endpoint = ModelEndpoint(
        address: HostileDaemon.text,
        tls: ModelTLS(
            caCertFile: HostileDaemon.text, clientCertFile: HostileDaemon.text, clientKeyFile: HostileDaemon.text,
            serverName: HostileDaemon.text),
        backend: HostileDaemon.text, instance: HostileDaemon.text, kind: .address)
    static let instances = [InstanceState.ready, .backoff].map { state in
        Instance(
            name: HostileDaemon.text, modelID: HostileDaemon.text, state: state, pid: .max,
            address: HostileDaemon.text, restarts: .max, startTime: time, failure: failure, rssBytes: .max,
            cpuTime: duration, uses: .max)
    }
    static let model = Model(
        modelID: HostileDaemon.text, backend: HostileDaemon.text, state: .unrecognized(.max), failure: failure,
        endpoint: endpoint, uses: .max, waiting: .max, pinned: true, ttl: duration, stateTime: time,
        loadDuration: duration, unready: failure)
    static let config = GoogleStruct(fields: [
        HostileDaemon.text: GoogleValue(kind: .stringValue(HostileDaemon.text)),
        "key": GoogleValue(kind: .stringValue(HostileDaemon.text)),
        "models": GoogleValue(
            kind: .listValue(GoogleListValue(values: [GoogleValue(kind: .stringValue(HostileDaemon.text))]))),
    ])
    static let backend = Backend(
        name: HostileDaemon.text, type: HostileDaemon.text, priority: .min, state: .started, started: true,
        generation: .max, failure: failure, config: config, configStaged: true, createTime: time, stateTime: time,
        startLockHolder: StartLockHolder(pid: .min, uid: .max), instances: instances, unready: failure,
        start: .unrecognized(.max), after: [HostileDaemon.text], hold: BackendHold(pid: .min, uid: .max, time: time))
    static let origins = [
        ConfigOrigin(path: "key", layer: HostileDaemon.text), ConfigOrigin(path: HostileDaemon.text, layer: "base"),
    ]
    static let skipped = [
        SkippedBackend(backend: HostileDaemon.text, reason: HostileDaemon.text, message: HostileDaemon.text)
    ]
    static let contextResult = BackendContextResult(
        backend: HostileDaemon.text, outcome: .failed,
        status: GoogleStatus(code: 9, message: HostileDaemon.text))
}

extension HostileServices: BackendConfigService, BackendTypeService {
    func createBackend(
        _ request: CreateBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> CreateBackendResponse {
        try checkWillingness()
        return CreateBackendResponse(backend: Self.backend)
    }

    func getBackend(_ request: GetBackendRequest, context: CallContext) async throws(RPCStatus) -> GetBackendResponse {
        try checkWillingness()
        return GetBackendResponse(backend: Self.backend, origins: request.includeOrigins ? Self.origins : [])
    }

    func listBackends(
        _ request: ListBackendsRequest, context: CallContext
    ) async throws(RPCStatus) -> ListBackendsResponse {
        try checkWillingness()
        return ListBackendsResponse(backends: [Self.backend, Self.backend])
    }

    func deleteBackend(
        _ request: DeleteBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DeleteBackendResponse {
        try checkWillingness()
        return DeleteBackendResponse()
    }

    func registerConfig(
        _ request: RegisterConfigRequest, context: CallContext
    ) async throws(RPCStatus) -> RegisterConfigResponse {
        try checkWillingness()
        return RegisterConfigResponse(backend: Self.backend, origins: Self.origins, changed: true)
    }

    func listBackendTypes(
        _ request: borrowing ListBackendTypesRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ListBackendTypesResponse> {
        try checkWillingness()
        let type = BackendType(name: HostileDaemon.text, summary: HostileDaemon.text, configSchema: Self.config)
        return .now(ListBackendTypesResponse(types: [type]))
    }
}

extension HostileServices: LifecycleService {
    func startBackend(
        _ request: StartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StartBackendResponse {
        try checkWillingness()
        return StartBackendResponse(backend: Self.backend)
    }

    func stopBackend(
        _ request: StopBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StopBackendResponse {
        try checkWillingness()
        return StopBackendResponse(backend: Self.backend)
    }

    func restartBackend(
        _ request: RestartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> RestartBackendResponse {
        try checkWillingness()
        return RestartBackendResponse(backend: Self.backend)
    }

    func enableBackend(
        _ request: EnableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> EnableBackendResponse {
        try checkWillingness()
        return EnableBackendResponse(backend: Self.backend)
    }

    func disableBackend(
        _ request: DisableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DisableBackendResponse {
        try checkWillingness()
        return DisableBackendResponse(backend: Self.backend)
    }

    func holdStartLock(
        _ requests: RequestStream<HoldStartLockRequest>, responses: ResponseStream<HoldStartLockResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        try checkWillingness()
        _ = try await requests.next()
        try await responses.send(HoldStartLockResponse(event: .acquired(StartLockAcquired(token: .max))))
        _ = try await requests.next()
    }
}

extension HostileServices: ModelService {
    func resolveModel(
        _ request: borrowing ResolveModelRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ResolveModelResponse> {
        try checkWillingness()
        return .now(
            ResolveModelResponse(
                endpoint: Self.endpoint, skipped: Self.skipped, contextResults: [Self.contextResult]))
    }

    func explainModel(
        _ request: ExplainModelRequest, context: CallContext
    ) async throws(RPCStatus) -> ExplainModelResponse {
        try checkWillingness()
        let verdicts = [ModelVerdict.skip, .ready].map { verdict in
            BackendVerdict(
                backend: HostileDaemon.text, type: HostileDaemon.text, backendState: .started, modelState: .ready,
                verdict: verdict, reason: HostileDaemon.text, message: HostileDaemon.text,
                evicted: [HostileDaemon.text])
        }
        return ExplainModelResponse(verdicts: verdicts, backend: HostileDaemon.text)
    }

    func loadModel(_ request: LoadModelRequest, context: CallContext) async throws(RPCStatus) -> LoadModelResponse {
        try checkWillingness()
        return LoadModelResponse(model: Self.model)
    }

    func unloadModel(
        _ request: UnloadModelRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadModelResponse {
        try checkWillingness()
        return UnloadModelResponse()
    }

    func listModels(_ request: ListModelsRequest, context: CallContext) async throws(RPCStatus) -> ListModelsResponse {
        try checkWillingness()
        return ListModelsResponse(models: [Self.model])
    }

    func useModel(
        _ requests: RequestStream<UseModelRequest>, responses: ResponseStream<UseModelResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try checkWillingness()
        _ = try await requests.next()
        try await responses.send(
            UseModelResponse(event: .acquired(ModelUseAcquired(endpoint: Self.endpoint, skipped: Self.skipped))))
        _ = try await requests.next()
    }

    func reportFailure(
        _ request: ReportFailureRequest, context: CallContext
    ) async throws(RPCStatus) -> ReportFailureResponse { throw Self.status }

    func loadPromptArtifacts(
        _ request: LoadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> LoadPromptArtifactsResponse { throw Self.status }

    func unloadPromptArtifacts(
        _ request: UnloadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadPromptArtifactsResponse { throw Self.status }
}

extension HostileServices: ObserveService, RuntimeContextService {
    func getServerInfo(
        _ request: GetServerInfoRequest, context: CallContext
    ) async throws(RPCStatus) -> GetServerInfoResponse {
        try checkWillingness()
        return GetServerInfoResponse(
            version: HostileDaemon.text, serverInstance: HostileDaemon.text, startTime: Self.time, pid: .min,
            protocols: [HostileDaemon.text], socketPath: HostileDaemon.text, connections: .max, backends: .max,
            sequence: .max)
    }

    func watchBackends(
        _ request: WatchBackendsRequest, responses: ResponseStream<WatchBackendsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try checkWillingness()
        let words = HostileDaemon.text
        let snapshot = BackendsSnapshot(
            serverInstance: words, sequence: 1, backends: [Self.backend], models: [Self.model])
        let events: [WatchBackendsResponse.Event] = [
            .snapshot(snapshot),
            .change(
                BackendEvent(
                    sequence: 2, serverInstance: words, time: Self.time, backend: words, oldState: .unrecognized(.min),
                    newState: .started, generation: .max, cause: words, failure: Self.failure)),
            .instance(
                InstanceEvent(
                    sequence: 3, serverInstance: words, time: Self.time, backend: words, instance: words,
                    modelID: words, oldState: .starting, newState: .backoff, pid: .max, restarts: .max,
                    failure: Self.failure)),
            .model(
                ModelEvent(
                    sequence: 4, serverInstance: words, time: Self.time, backend: words, modelID: words,
                    oldState: .loading, newState: .failed, cause: words, failure: Self.failure)),
        ]
        for event in events { try await responses.send(WatchBackendsResponse(event: event)) }
        // Until the client leaves.
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }

    func readLogs(
        _ request: ReadLogsRequest, responses: ResponseStream<ReadLogsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try checkWillingness()
        let lines = [LogStream.stdout, .stderr].map { stream in
            LogLine(
                instance: HostileDaemon.text, stream: stream, time: Self.time, text: HostileDaemon.text, afterGap: true)
        }
        try await responses.send(ReadLogsResponse(lines: lines))
    }

    func handleRuntimeContext(
        _ request: borrowing HandleRuntimeContextRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<HandleRuntimeContextResponse> {
        try checkWillingness()
        return .now(HandleRuntimeContextResponse(results: [Self.contextResult]))
    }

    func streamRuntimeContexts(
        _ request: borrowing StreamRuntimeContextsRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<StreamRuntimeContextsResponse> { throw Self.status }
}
