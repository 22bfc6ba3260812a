// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/model.proto; do not edit.

package import CProtos
public import SocketRPC

/// The enum `backends.v1.ModelState`.
public enum ModelState: Hashable, Sendable {
    /// `MODEL_STATE_UNSPECIFIED`, 0.
    case unspecified
    /// `MODEL_STATE_NOT_LOADED`, 1.
    case notLoaded
    /// Waits for room.
    case queued
    /// `MODEL_STATE_LOADING`, 3.
    case loading
    /// `MODEL_STATE_READY`, 4.
    case ready
    /// Takes no new uses and waits for the current ones to end.
    case draining
    /// `MODEL_STATE_UNLOADING`, 6.
    case unloading
    /// `MODEL_STATE_FAILED`, 7.
    case failed
    /// Loaded, but cannot be reached now; it becomes ready again without another load.
    case unready
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .notLoaded
        case 2: self = .queued
        case 3: self = .loading
        case 4: self = .ready
        case 5: self = .draining
        case 6: self = .unloading
        case 7: self = .failed
        case 8: self = .unready
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .notLoaded: 1
        case .queued: 2
        case .loading: 3
        case .ready: 4
        case .draining: 5
        case .unloading: 6
        case .failed: 7
        case .unready: 8
        case .unrecognized(let number): number
        }
    }
}

/// The enum `backends.v1.EndpointKind`.
public enum EndpointKind: Hashable, Sendable {
    /// `ENDPOINT_KIND_UNSPECIFIED`, 0.
    case unspecified
    /// A server listens at the address.
    case address
    /// The model runs in the caller's own process; there is no server and no address.
    case inProcess
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .address
        case 2: self = .inProcess
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .address: 1
        case .inProcess: 2
        case .unrecognized(let number): number
        }
    }
}

/// The enum `backends.v1.ModelVerdict`.
public enum ModelVerdict: Hashable, Sendable {
    /// `MODEL_VERDICT_UNSPECIFIED`, 0.
    case unspecified
    /// The backend would answer at once.
    case ready
    /// The call would wait: the model is being loaded, or other models must first make room for it.
    case wait
    /// The model would be loaded.
    case load
    /// The backend would be started, then the model loaded.
    case start
    /// The backend would be passed over.
    case skip
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .ready
        case 2: self = .wait
        case 3: self = .load
        case 4: self = .start
        case 5: self = .skip
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .ready: 1
        case .wait: 2
        case .load: 3
        case .start: 4
        case .skip: 5
        case .unrecognized(let number): number
        }
    }
}

/// The enum `backends.v1.FailureVerdict`.
public enum FailureVerdict: Hashable, Sendable {
    /// `FAILURE_VERDICT_UNSPECIFIED`, 0.
    case unspecified
    /// The code does not tell whether the model is healthy.
    case ignored
    /// The model's probe succeeds; the backend does nothing.
    case healthy
    /// The model is not ready: it is already starting, restarting or stopping.
    case notReady
    /// The backend restarts the model.
    case restarted
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .ignored
        case 2: self = .healthy
        case 3: self = .notReady
        case 4: self = .restarted
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .ignored: 1
        case .healthy: 2
        case .notReady: 3
        case .restarted: 4
        case .unrecognized(let number): number
        }
    }
}

/// Where a model can be reached.
public struct ModelEndpoint: Hashable, Sendable {
    /// "host:port", "[address]:port" or "unix:/path"; empty only if the kind is IN_PROCESS.
    public var address: String = ""
    /// Absent: no TLS.
    public var tls: ModelTLS? = nil
    /// The field `backend` of `backends.v1.ModelEndpoint`.
    public var backend: String = ""
    /// The instance behind it; empty if the backend does not run one.
    public var instance: String = ""
    /// The field `kind` of `backends.v1.ModelEndpoint`.
    public var kind: EndpointKind = .unspecified

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        address: String = "",
        tls: ModelTLS? = nil,
        backend: String = "",
        instance: String = "",
        kind: EndpointKind = .unspecified
    ) {
        self.address = address
        self.tls = tls
        self.backend = backend
        self.instance = instance
        self.kind = kind
    }
}

/// Names the files, but does not contain them: the client reads them each time it connects.
public struct ModelTLS: Hashable, Sendable {
    /// The field `caCertFile` of `backends.v1.ModelTLS`.
    public var caCertFile: String = ""
    /// The field `clientCertFile` of `backends.v1.ModelTLS`.
    public var clientCertFile: String = ""
    /// The field `clientKeyFile` of `backends.v1.ModelTLS`.
    public var clientKeyFile: String = ""
    /// The server name to send and to verify, if it is not the address.
    public var serverName: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        caCertFile: String = "",
        clientCertFile: String = "",
        clientKeyFile: String = "",
        serverName: String = ""
    ) {
        self.caCertFile = caCertFile
        self.clientCertFile = clientCertFile
        self.clientKeyFile = clientKeyFile
        self.serverName = serverName
    }
}

/// The message `backends.v1.Model`.
public struct Model: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.Model`.
    public var modelID: String = ""
    /// The field `backend` of `backends.v1.Model`.
    public var backend: String = ""
    /// The field `state` of `backends.v1.Model`.
    public var state: ModelState = .unspecified
    /// Set while the state is FAILED.
    public var failure: BackendFailure? = nil
    /// Set while the state is READY or DRAINING.
    public var endpoint: ModelEndpoint? = nil
    /// The number of uses in progress.
    public var uses: UInt32 = 0
    /// The number of callers that wait for it.
    public var waiting: UInt32 = 0
    /// Whether it is unloaded only on request.
    public var pinned: Bool = false
    /// How long it may be idle before it is unloaded; absent: it is never unloaded for that reason.
    public var ttl: GoogleDuration? = nil
    /// When the state last changed.
    public var stateTime: GoogleTimestamp? = nil
    /// How long the last load took; absent before the first.
    public var loadDuration: GoogleDuration? = nil
    /// Why it cannot be reached; set while the state is UNREADY.
    public var unready: BackendFailure? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        state: ModelState = .unspecified,
        failure: BackendFailure? = nil,
        endpoint: ModelEndpoint? = nil,
        uses: UInt32 = 0,
        waiting: UInt32 = 0,
        pinned: Bool = false,
        ttl: GoogleDuration? = nil,
        stateTime: GoogleTimestamp? = nil,
        loadDuration: GoogleDuration? = nil,
        unready: BackendFailure? = nil
    ) {
        self.modelID = modelID
        self.backend = backend
        self.state = state
        self.failure = failure
        self.endpoint = endpoint
        self.uses = uses
        self.waiting = waiting
        self.pinned = pinned
        self.ttl = ttl
        self.stateTime = stateTime
        self.loadDuration = loadDuration
        self.unready = unready
    }
}

/// Why a backend with a better priority than the one that answered was passed over.
public struct SkippedBackend: Hashable, Sendable {
    /// The field `backend` of `backends.v1.SkippedBackend`.
    public var backend: String = ""
    /// A stable word in UPPER_SNAKE_CASE.
    public var reason: String = ""
    /// The field `message` of `backends.v1.SkippedBackend`.
    public var message: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: String = "",
        reason: String = "",
        message: String = ""
    ) {
        self.backend = backend
        self.reason = reason
        self.message = message
    }
}

/// The message `backends.v1.ResolveModelRequest`.
public struct ResolveModelRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.ResolveModelRequest`.
    public var modelID: String = ""
    /// Given to every backend first, as by HandleRuntimeContext.
    public var context: RuntimeContext? = nil
    /// Ask only these backends, in priority order; empty: ask all.
    public var backends: [String] = []
    /// Wait for a model that is being loaded, within the deadline of the call.
    public var waitReady: Bool = false
    /// Start a backend that is stopped, and load a model that is not loaded.
    public var autoStart: Bool = false
    /// The caller can run the model itself: a backend that leaves the model to the caller's process is
    /// asked in its turn. Without this flag, it is asked only if no other backend serves the model, so
    /// that it never hides a server.
    public var allowInProcess: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        context: RuntimeContext? = nil,
        backends: [String] = [],
        waitReady: Bool = false,
        autoStart: Bool = false,
        allowInProcess: Bool = false
    ) {
        self.modelID = modelID
        self.context = context
        self.backends = backends
        self.waitReady = waitReady
        self.autoStart = autoStart
        self.allowInProcess = allowInProcess
    }
}

/// The message `backends.v1.ResolveModelResponse`.
public struct ResolveModelResponse: Hashable, Sendable {
    /// The field `endpoint` of `backends.v1.ResolveModelResponse`.
    public var endpoint: ModelEndpoint? = nil
    /// The backends that were passed over, in priority order: the first 16 that do not serve the
    /// model, and the first 16 with another reason.
    public var skipped: [SkippedBackend] = []
    /// What each backend did with the context, if one was given.
    public var contextResults: [BackendContextResult] = []
    /// How many backends were passed over in addition to those in `skipped`.
    public var skippedOthers: UInt32 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        endpoint: ModelEndpoint? = nil,
        skipped: [SkippedBackend] = [],
        contextResults: [BackendContextResult] = [],
        skippedOthers: UInt32 = 0
    ) {
        self.endpoint = endpoint
        self.skipped = skipped
        self.contextResults = contextResults
        self.skippedOthers = skippedOthers
    }
}

/// The message `backends.v1.ExplainModelRequest`.
public struct ExplainModelRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.ExplainModelRequest`.
    public var modelID: String = ""
    /// The field `backends` of `backends.v1.ExplainModelRequest`.
    public var backends: [String] = []
    /// The field `autoStart` of `backends.v1.ExplainModelRequest`.
    public var autoStart: Bool = false
    /// As in ResolveModelRequest.
    public var allowInProcess: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backends: [String] = [],
        autoStart: Bool = false,
        allowInProcess: Bool = false
    ) {
        self.modelID = modelID
        self.backends = backends
        self.autoStart = autoStart
        self.allowInProcess = allowInProcess
    }
}

/// What one backend would do for the model.
public struct BackendVerdict: Hashable, Sendable {
    /// The field `backend` of `backends.v1.BackendVerdict`.
    public var backend: String = ""
    /// The field `type` of `backends.v1.BackendVerdict`.
    public var type: String = ""
    /// The field `backendState` of `backends.v1.BackendVerdict`.
    public var backendState: BackendState = .unspecified
    /// The field `modelState` of `backends.v1.BackendVerdict`.
    public var modelState: ModelState = .unspecified
    /// The field `verdict` of `backends.v1.BackendVerdict`.
    public var verdict: ModelVerdict = .unspecified
    /// Set with SKIP: a stable word in UPPER_SNAKE_CASE.
    public var reason: String = ""
    /// One sentence for people.
    public var message: String = ""
    /// The models that would be unloaded to make room.
    public var evicted: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: String = "",
        type: String = "",
        backendState: BackendState = .unspecified,
        modelState: ModelState = .unspecified,
        verdict: ModelVerdict = .unspecified,
        reason: String = "",
        message: String = "",
        evicted: [String] = []
    ) {
        self.backend = backend
        self.type = type
        self.backendState = backendState
        self.modelState = modelState
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.evicted = evicted
    }
}

/// The message `backends.v1.ExplainModelResponse`.
public struct ExplainModelResponse: Hashable, Sendable {
    /// In priority order.
    public var verdicts: [BackendVerdict] = []
    /// The backend that would answer; empty if none would.
    public var backend: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        verdicts: [BackendVerdict] = [],
        backend: String = ""
    ) {
        self.verdicts = verdicts
        self.backend = backend
    }
}

/// The message `backends.v1.LoadModelRequest`.
public struct LoadModelRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.LoadModelRequest`.
    public var modelID: String = ""
    /// Empty: the first in priority order that serves it.
    public var backend: String = ""
    /// Start the backend if it is stopped.
    public var autoStart: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        autoStart: Bool = false
    ) {
        self.modelID = modelID
        self.backend = backend
        self.autoStart = autoStart
    }
}

/// The message `backends.v1.LoadModelResponse`.
public struct LoadModelResponse: Hashable, Sendable {
    /// The field `model` of `backends.v1.LoadModelResponse`.
    public var model: Model? = nil
    /// True if it was already loaded and nothing was done.
    public var alreadyLoaded: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        model: Model? = nil,
        alreadyLoaded: Bool = false
    ) {
        self.model = model
        self.alreadyLoaded = alreadyLoaded
    }
}

/// The message `backends.v1.UnloadModelRequest`.
public struct UnloadModelRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.UnloadModelRequest`.
    public var modelID: String = ""
    /// Empty: every backend that has it.
    public var backend: String = ""
    /// End the current uses instead of waiting for them.
    public var force: Bool = false
    /// How long to wait for the current uses, at most one hour; absent: 30 s.
    public var drain: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        force: Bool = false,
        drain: GoogleDuration? = nil
    ) {
        self.modelID = modelID
        self.backend = backend
        self.force = force
        self.drain = drain
    }
}

/// The message `backends.v1.UnloadModelResponse`.
public struct UnloadModelResponse: Hashable, Sendable {
    /// True if it was not loaded and nothing was done.
    public var alreadyUnloaded: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        alreadyUnloaded: Bool = false
    ) {
        self.alreadyUnloaded = alreadyUnloaded
    }
}

/// The message `backends.v1.ListModelsRequest`.
public struct ListModelsRequest: Hashable, Sendable {
    /// Empty: the models of every backend.
    public var backend: String = ""
    /// The largest number of entries to return; 0 lets the server choose. A page may hold fewer.
    public var pageSize: Int32 = 0
    /// Empty for the first page, then next_page_token of the previous response.
    public var pageToken: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: String = "",
        pageSize: Int32 = 0,
        pageToken: String = ""
    ) {
        self.backend = backend
        self.pageSize = pageSize
        self.pageToken = pageToken
    }
}

/// The message `backends.v1.ListModelsResponse`.
public struct ListModelsResponse: Hashable, Sendable {
    /// By backend in priority order, then by name.
    public var models: [Model] = []
    /// Empty on the last page.
    public var nextPageToken: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        models: [Model] = [],
        nextPageToken: String = ""
    ) {
        self.models = models
        self.nextPageToken = nextPageToken
    }
}

/// The first message names the model. A client sends only this one, and ends the use by closing its
/// half of the stream.
public struct UseModelRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.UseModelRequest`.
    public var modelID: String = ""
    /// Given to every backend first, as by HandleRuntimeContext.
    public var context: RuntimeContext? = nil
    /// Ask only these backends, in priority order; empty: ask all.
    public var backends: [String] = []
    /// Start a backend that is stopped, and load a model that is not loaded.
    public var autoStart: Bool = false
    /// How long to wait for the model and for a free place, at most one hour; absent: fail at once.
    public var wait: GoogleDuration? = nil
    /// As in ResolveModelRequest.
    public var allowInProcess: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        context: RuntimeContext? = nil,
        backends: [String] = [],
        autoStart: Bool = false,
        wait: GoogleDuration? = nil,
        allowInProcess: Bool = false
    ) {
        self.modelID = modelID
        self.context = context
        self.backends = backends
        self.autoStart = autoStart
        self.wait = wait
        self.allowInProcess = allowInProcess
    }
}

/// The message `backends.v1.UseModelResponse`.
public struct UseModelResponse: Hashable, Sendable {
    /// The field `event` of `backends.v1.UseModelResponse`.
    public var event: UseModelResponse.Event? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        event: UseModelResponse.Event? = nil
    ) {
        self.event = event
    }

    /// The one of `backends.v1.UseModelResponse.event` that is set.
    public enum Event: Hashable, Sendable {
        /// The field `backends.v1.UseModelResponse.acquired`.
        case acquired(ModelUseAcquired)
    }
}

/// The message `backends.v1.ModelUseAcquired`.
public struct ModelUseAcquired: Hashable, Sendable {
    /// The field `endpoint` of `backends.v1.ModelUseAcquired`.
    public var endpoint: ModelEndpoint? = nil
    /// As in ResolveModelResponse.
    public var skipped: [SkippedBackend] = []
    /// The field `skippedOthers` of `backends.v1.ModelUseAcquired`.
    public var skippedOthers: UInt32 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        endpoint: ModelEndpoint? = nil,
        skipped: [SkippedBackend] = [],
        skippedOthers: UInt32 = 0
    ) {
        self.endpoint = endpoint
        self.skipped = skipped
        self.skippedOthers = skippedOthers
    }
}

/// The message `backends.v1.ReportFailureRequest`.
public struct ReportFailureRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.ReportFailureRequest`.
    public var modelID: String = ""
    /// Empty: the backend that ResolveModel would choose now.
    public var backend: String = ""
    /// The gRPC status code that the call to the model ended with. ABORTED, DEADLINE_EXCEEDED,
    /// INTERNAL, UNAVAILABLE and UNKNOWN make the backend probe the model.
    public var code: Int32 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        code: Int32 = 0
    ) {
        self.modelID = modelID
        self.backend = backend
        self.code = code
    }
}

/// The message `backends.v1.ReportFailureResponse`.
public struct ReportFailureResponse: Hashable, Sendable {
    /// The field `verdict` of `backends.v1.ReportFailureResponse`.
    public var verdict: FailureVerdict = .unspecified
    /// The field `backend` of `backends.v1.ReportFailureResponse`.
    public var backend: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        verdict: FailureVerdict = .unspecified,
        backend: String = ""
    ) {
        self.verdict = verdict
        self.backend = backend
    }
}

/// The message `backends.v1.LoadPromptArtifactsRequest`.
public struct LoadPromptArtifactsRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.LoadPromptArtifactsRequest`.
    public var modelID: String = ""
    /// Empty: the first in priority order that serves it and has a directory for prompts.
    public var backend: String = ""
    /// Matches [A-Za-z0-9._-]{1,128} and is neither "." nor "..".
    public var promptID: String = ""
    /// Absolute paths of files that the daemon can read.
    public var paths: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        promptID: String = "",
        paths: [String] = []
    ) {
        self.modelID = modelID
        self.backend = backend
        self.promptID = promptID
        self.paths = paths
    }
}

/// The message `backends.v1.LoadPromptArtifactsResponse`.
public struct LoadPromptArtifactsResponse: Hashable, Sendable {
    /// The paths of the copies, where the model's server finds them.
    public var paths: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        paths: [String] = []
    ) {
        self.paths = paths
    }
}

/// The message `backends.v1.UnloadPromptArtifactsRequest`.
public struct UnloadPromptArtifactsRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.UnloadPromptArtifactsRequest`.
    public var modelID: String = ""
    /// The field `backend` of `backends.v1.UnloadPromptArtifactsRequest`.
    public var backend: String = ""
    /// The field `promptIds` of `backends.v1.UnloadPromptArtifactsRequest`.
    public var promptIds: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        backend: String = "",
        promptIds: [String] = []
    ) {
        self.modelID = modelID
        self.backend = backend
        self.promptIds = promptIds
    }
}

/// The message `backends.v1.UnloadPromptArtifactsResponse`.
public struct UnloadPromptArtifactsResponse: Hashable, Sendable {
    /// A message with nothing set.
    public init() {}
}

extension ModelEndpoint: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ModelEndpoint>.size }
    package static let protobufName = "backends.v1.ModelEndpoint"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ModelEndpoint()
        unsafe backends__v1__model_endpoint__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelEndpoint.self)
        address = unsafe MessageFields.string(storage.pointee.address)
        tls = unsafe storage.pointee.tls.map { ModelTLS(copying: $0) }
        backend = unsafe MessageFields.string(storage.pointee.backend)
        instance = unsafe MessageFields.string(storage.pointee.instance)
        kind = unsafe EndpointKind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ModelEndpoint.self, capacity: 1)
        unsafe backends__v1__model_endpoint__init(storage)
        if !address.isEmpty {
            unsafe storage.pointee.address = try arena.string(address, "backends.v1.ModelEndpoint.address")
        }
        if let tls {
            unsafe storage.pointee.tls = try arena.message(tls).assumingMemoryBound(to: Backends__V1__ModelTLS.self)
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ModelEndpoint.backend")
        }
        if !instance.isEmpty {
            unsafe storage.pointee.instance = try arena.string(instance, "backends.v1.ModelEndpoint.instance")
        }
        unsafe storage.pointee.kind = Backends__V1__EndpointKind(rawValue: .init(truncatingIfNeeded: kind.rawValue))
    }
}

extension ModelEndpoint {
    /// A `backends.v1.ModelEndpoint` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ModelEndpoint
        @usableFromInline let storage: UnsafePointer<Backends__V1__ModelEndpoint>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelEndpoint.self)
        }

        /// The message as a value.
        package func copied() -> ModelEndpoint {
            unsafe ModelEndpoint(copying: storage)
        }

        package var address: String { unsafe MessageFields.string(storage.pointee.address) }

        @inlinable package func withAddress<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.address, body)
        }

        @inlinable package var hasTLS: Bool { unsafe storage.pointee.tls != nil }

        @inlinable package func withTLS<Result, Failure: Error>(
            _ body: (borrowing ModelTLS.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.tls else { return nil }
            return try body(ModelTLS.View(message))
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var instance: String { unsafe MessageFields.string(storage.pointee.instance) }

        @inlinable package func withInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.instance, body)
        }

        package var kind: EndpointKind { unsafe EndpointKind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue)) }
    }
}

extension ModelTLS: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ModelTLS>.size }
    package static let protobufName = "backends.v1.ModelTLS"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ModelTLS()
        unsafe backends__v1__model_tls__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelTLS.self)
        caCertFile = unsafe MessageFields.string(storage.pointee.ca_cert_file)
        clientCertFile = unsafe MessageFields.string(storage.pointee.client_cert_file)
        clientKeyFile = unsafe MessageFields.string(storage.pointee.client_key_file)
        serverName = unsafe MessageFields.string(storage.pointee.server_name)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ModelTLS.self, capacity: 1)
        unsafe backends__v1__model_tls__init(storage)
        if !caCertFile.isEmpty {
            unsafe storage.pointee.ca_cert_file = try arena.string(caCertFile, "backends.v1.ModelTLS.ca_cert_file")
        }
        if !clientCertFile.isEmpty {
            unsafe storage.pointee.client_cert_file = try arena.string(clientCertFile, "backends.v1.ModelTLS.client_cert_file")
        }
        if !clientKeyFile.isEmpty {
            unsafe storage.pointee.client_key_file = try arena.string(clientKeyFile, "backends.v1.ModelTLS.client_key_file")
        }
        if !serverName.isEmpty {
            unsafe storage.pointee.server_name = try arena.string(serverName, "backends.v1.ModelTLS.server_name")
        }
    }
}

extension ModelTLS {
    /// A `backends.v1.ModelTLS` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ModelTLS
        @usableFromInline let storage: UnsafePointer<Backends__V1__ModelTLS>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelTLS.self)
        }

        /// The message as a value.
        package func copied() -> ModelTLS {
            unsafe ModelTLS(copying: storage)
        }

        package var caCertFile: String { unsafe MessageFields.string(storage.pointee.ca_cert_file) }

        @inlinable package func withCaCertFile<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.ca_cert_file, body)
        }

        package var clientCertFile: String { unsafe MessageFields.string(storage.pointee.client_cert_file) }

        @inlinable package func withClientCertFile<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.client_cert_file, body)
        }

        package var clientKeyFile: String { unsafe MessageFields.string(storage.pointee.client_key_file) }

        @inlinable package func withClientKeyFile<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.client_key_file, body)
        }

        package var serverName: String { unsafe MessageFields.string(storage.pointee.server_name) }

        @inlinable package func withServerName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_name, body)
        }
    }
}

extension Model: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__Model>.size }
    package static let protobufName = "backends.v1.Model"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__Model()
        unsafe backends__v1__model__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Model.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        state = unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue))
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
        endpoint = unsafe storage.pointee.endpoint.map { ModelEndpoint(copying: $0) }
        uses = unsafe storage.pointee.uses
        waiting = unsafe storage.pointee.waiting
        pinned = unsafe storage.pointee.pinned != 0
        ttl = unsafe storage.pointee.ttl.map { GoogleDuration(copying: $0) }
        stateTime = unsafe storage.pointee.state_time.map { GoogleTimestamp(copying: $0) }
        loadDuration = unsafe storage.pointee.load_duration.map { GoogleDuration(copying: $0) }
        unready = unsafe storage.pointee.unready.map { BackendFailure(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__Model.self, capacity: 1)
        unsafe backends__v1__model__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.Model.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.Model.backend")
        }
        unsafe storage.pointee.state = Backends__V1__ModelState(rawValue: .init(truncatingIfNeeded: state.rawValue))
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if let endpoint {
            unsafe storage.pointee.endpoint = try arena.message(endpoint).assumingMemoryBound(to: Backends__V1__ModelEndpoint.self)
        }
        unsafe storage.pointee.uses = uses
        unsafe storage.pointee.waiting = waiting
        unsafe storage.pointee.pinned = pinned ? 1 : 0
        if let ttl {
            unsafe storage.pointee.ttl = try arena.message(ttl).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        if let stateTime {
            unsafe storage.pointee.state_time = try arena.message(stateTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let loadDuration {
            unsafe storage.pointee.load_duration = try arena.message(loadDuration).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        if let unready {
            unsafe storage.pointee.unready = try arena.message(unready).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
    }
}

extension Model {
    /// A `backends.v1.Model` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = Model
        @usableFromInline let storage: UnsafePointer<Backends__V1__Model>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Model.self)
        }

        /// The message as a value.
        package func copied() -> Model {
            unsafe Model(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var state: ModelState { unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue)) }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }

        @inlinable package var hasEndpoint: Bool { unsafe storage.pointee.endpoint != nil }

        @inlinable package func withEndpoint<Result, Failure: Error>(
            _ body: (borrowing ModelEndpoint.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.endpoint else { return nil }
            return try body(ModelEndpoint.View(message))
        }

        package var uses: UInt32 { unsafe storage.pointee.uses }

        package var waiting: UInt32 { unsafe storage.pointee.waiting }

        package var pinned: Bool { unsafe storage.pointee.pinned != 0 }

        @inlinable package var hasTtl: Bool { unsafe storage.pointee.ttl != nil }

        @inlinable package func withTtl<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.ttl else { return nil }
            return try body(GoogleDuration.View(message))
        }

        @inlinable package var hasStateTime: Bool { unsafe storage.pointee.state_time != nil }

        @inlinable package func withStateTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.state_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        @inlinable package var hasLoadDuration: Bool { unsafe storage.pointee.load_duration != nil }

        @inlinable package func withLoadDuration<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.load_duration else { return nil }
            return try body(GoogleDuration.View(message))
        }

        @inlinable package var hasUnready: Bool { unsafe storage.pointee.unready != nil }

        @inlinable package func withUnready<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.unready else { return nil }
            return try body(BackendFailure.View(message))
        }
    }
}

extension SkippedBackend: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__SkippedBackend>.size }
    package static let protobufName = "backends.v1.SkippedBackend"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__SkippedBackend()
        unsafe backends__v1__skipped_backend__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__SkippedBackend.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        reason = unsafe MessageFields.string(storage.pointee.reason)
        message = unsafe MessageFields.string(storage.pointee.message)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__SkippedBackend.self, capacity: 1)
        unsafe backends__v1__skipped_backend__init(storage)
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.SkippedBackend.backend")
        }
        if !reason.isEmpty {
            unsafe storage.pointee.reason = try arena.string(reason, "backends.v1.SkippedBackend.reason")
        }
        if !message.isEmpty {
            unsafe storage.pointee.message = try arena.string(message, "backends.v1.SkippedBackend.message")
        }
    }
}

extension SkippedBackend {
    /// A `backends.v1.SkippedBackend` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = SkippedBackend
        @usableFromInline let storage: UnsafePointer<Backends__V1__SkippedBackend>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__SkippedBackend.self)
        }

        /// The message as a value.
        package func copied() -> SkippedBackend {
            unsafe SkippedBackend(copying: storage)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var reason: String { unsafe MessageFields.string(storage.pointee.reason) }

        @inlinable package func withReason<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.reason, body)
        }

        package var message: String { unsafe MessageFields.string(storage.pointee.message) }

        @inlinable package func withMessage<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.message, body)
        }
    }
}

extension ResolveModelRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ResolveModelRequest>.size }
    package static let protobufName = "backends.v1.ResolveModelRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ResolveModelRequest()
        unsafe backends__v1__resolve_model_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ResolveModelRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        context = unsafe storage.pointee.context.map { RuntimeContext(copying: $0) }
        backends = unsafe MessageFields.strings(storage.pointee.backends, Int(storage.pointee.n_backends))
        waitReady = unsafe storage.pointee.wait_ready != 0
        autoStart = unsafe storage.pointee.auto_start != 0
        allowInProcess = unsafe storage.pointee.allow_in_process != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ResolveModelRequest.self, capacity: 1)
        unsafe backends__v1__resolve_model_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.ResolveModelRequest.model_id")
        }
        if let context {
            unsafe storage.pointee.context = try arena.message(context).assumingMemoryBound(to: Backends__V1__RuntimeContext.self)
        }
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.strings(backends, "backends.v1.ResolveModelRequest.backends")
            unsafe storage.pointee.n_backends = backends.count
        }
        unsafe storage.pointee.wait_ready = waitReady ? 1 : 0
        unsafe storage.pointee.auto_start = autoStart ? 1 : 0
        unsafe storage.pointee.allow_in_process = allowInProcess ? 1 : 0
    }
}

extension ResolveModelRequest {
    /// A `backends.v1.ResolveModelRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ResolveModelRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ResolveModelRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ResolveModelRequest.self)
        }

        /// The message as a value.
        package func copied() -> ResolveModelRequest {
            unsafe ResolveModelRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        @inlinable package var hasContext: Bool { unsafe storage.pointee.context != nil }

        @inlinable package func withContext<Result, Failure: Error>(
            _ body: (borrowing RuntimeContext.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.context else { return nil }
            return try body(RuntimeContext.View(message))
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.backends[index], body)
        }

        package var waitReady: Bool { unsafe storage.pointee.wait_ready != 0 }

        package var autoStart: Bool { unsafe storage.pointee.auto_start != 0 }

        package var allowInProcess: Bool { unsafe storage.pointee.allow_in_process != 0 }
    }
}

extension ResolveModelResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ResolveModelResponse>.size }
    package static let protobufName = "backends.v1.ResolveModelResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ResolveModelResponse()
        unsafe backends__v1__resolve_model_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ResolveModelResponse.self)
        endpoint = unsafe storage.pointee.endpoint.map { ModelEndpoint(copying: $0) }
        skipped = unsafe MessageFields.messages(storage.pointee.skipped, Int(storage.pointee.n_skipped), SkippedBackend.self)
        contextResults = unsafe MessageFields.messages(storage.pointee.context_results, Int(storage.pointee.n_context_results), BackendContextResult.self)
        skippedOthers = unsafe storage.pointee.skipped_others
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ResolveModelResponse.self, capacity: 1)
        unsafe backends__v1__resolve_model_response__init(storage)
        if let endpoint {
            unsafe storage.pointee.endpoint = try arena.message(endpoint).assumingMemoryBound(to: Backends__V1__ModelEndpoint.self)
        }
        if !skipped.isEmpty {
            unsafe storage.pointee.skipped = try arena.messages(skipped).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__SkippedBackend>?.self)
            unsafe storage.pointee.n_skipped = skipped.count
        }
        if !contextResults.isEmpty {
            unsafe storage.pointee.context_results = try arena.messages(contextResults).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__BackendContextResult>?.self)
            unsafe storage.pointee.n_context_results = contextResults.count
        }
        unsafe storage.pointee.skipped_others = skippedOthers
    }
}

extension ResolveModelResponse {
    /// A `backends.v1.ResolveModelResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ResolveModelResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ResolveModelResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ResolveModelResponse.self)
        }

        /// The message as a value.
        package func copied() -> ResolveModelResponse {
            unsafe ResolveModelResponse(copying: storage)
        }

        @inlinable package var hasEndpoint: Bool { unsafe storage.pointee.endpoint != nil }

        @inlinable package func withEndpoint<Result, Failure: Error>(
            _ body: (borrowing ModelEndpoint.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.endpoint else { return nil }
            return try body(ModelEndpoint.View(message))
        }

        @inlinable package var skippedCount: Int { Int(unsafe storage.pointee.n_skipped) }

        @inlinable package func withSkipped<Result, Failure: Error>(
            at index: Int, _ body: (borrowing SkippedBackend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < skippedCount, "no element has this index")
            guard let message = unsafe storage.pointee.skipped[index] else { return nil }
            return try body(SkippedBackend.View(message))
        }

        @inlinable package var contextResultsCount: Int { Int(unsafe storage.pointee.n_context_results) }

        @inlinable package func withContextResults<Result, Failure: Error>(
            at index: Int, _ body: (borrowing BackendContextResult.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < contextResultsCount, "no element has this index")
            guard let message = unsafe storage.pointee.context_results[index] else { return nil }
            return try body(BackendContextResult.View(message))
        }

        package var skippedOthers: UInt32 { unsafe storage.pointee.skipped_others }
    }
}

extension ExplainModelRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExplainModelRequest>.size }
    package static let protobufName = "backends.v1.ExplainModelRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExplainModelRequest()
        unsafe backends__v1__explain_model_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExplainModelRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backends = unsafe MessageFields.strings(storage.pointee.backends, Int(storage.pointee.n_backends))
        autoStart = unsafe storage.pointee.auto_start != 0
        allowInProcess = unsafe storage.pointee.allow_in_process != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExplainModelRequest.self, capacity: 1)
        unsafe backends__v1__explain_model_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.ExplainModelRequest.model_id")
        }
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.strings(backends, "backends.v1.ExplainModelRequest.backends")
            unsafe storage.pointee.n_backends = backends.count
        }
        unsafe storage.pointee.auto_start = autoStart ? 1 : 0
        unsafe storage.pointee.allow_in_process = allowInProcess ? 1 : 0
    }
}

extension ExplainModelRequest {
    /// A `backends.v1.ExplainModelRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExplainModelRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExplainModelRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExplainModelRequest.self)
        }

        /// The message as a value.
        package func copied() -> ExplainModelRequest {
            unsafe ExplainModelRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.backends[index], body)
        }

        package var autoStart: Bool { unsafe storage.pointee.auto_start != 0 }

        package var allowInProcess: Bool { unsafe storage.pointee.allow_in_process != 0 }
    }
}

extension BackendVerdict: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendVerdict>.size }
    package static let protobufName = "backends.v1.BackendVerdict"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendVerdict()
        unsafe backends__v1__backend_verdict__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendVerdict.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        type = unsafe MessageFields.string(storage.pointee.type)
        backendState = unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.backend_state.rawValue))
        modelState = unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.model_state.rawValue))
        verdict = unsafe ModelVerdict(rawValue: Int32(truncatingIfNeeded: storage.pointee.verdict.rawValue))
        reason = unsafe MessageFields.string(storage.pointee.reason)
        message = unsafe MessageFields.string(storage.pointee.message)
        evicted = unsafe MessageFields.strings(storage.pointee.evicted, Int(storage.pointee.n_evicted))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendVerdict.self, capacity: 1)
        unsafe backends__v1__backend_verdict__init(storage)
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.BackendVerdict.backend")
        }
        if !type.isEmpty {
            unsafe storage.pointee.type = try arena.string(type, "backends.v1.BackendVerdict.type")
        }
        unsafe storage.pointee.backend_state = Backends__V1__BackendState(rawValue: .init(truncatingIfNeeded: backendState.rawValue))
        unsafe storage.pointee.model_state = Backends__V1__ModelState(rawValue: .init(truncatingIfNeeded: modelState.rawValue))
        unsafe storage.pointee.verdict = Backends__V1__ModelVerdict(rawValue: .init(truncatingIfNeeded: verdict.rawValue))
        if !reason.isEmpty {
            unsafe storage.pointee.reason = try arena.string(reason, "backends.v1.BackendVerdict.reason")
        }
        if !message.isEmpty {
            unsafe storage.pointee.message = try arena.string(message, "backends.v1.BackendVerdict.message")
        }
        if !evicted.isEmpty {
            unsafe storage.pointee.evicted = try arena.strings(evicted, "backends.v1.BackendVerdict.evicted")
            unsafe storage.pointee.n_evicted = evicted.count
        }
    }
}

extension BackendVerdict {
    /// A `backends.v1.BackendVerdict` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendVerdict
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendVerdict>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendVerdict.self)
        }

        /// The message as a value.
        package func copied() -> BackendVerdict {
            unsafe BackendVerdict(copying: storage)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var type: String { unsafe MessageFields.string(storage.pointee.type) }

        @inlinable package func withType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.type, body)
        }

        package var backendState: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.backend_state.rawValue)) }

        package var modelState: ModelState { unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.model_state.rawValue)) }

        package var verdict: ModelVerdict { unsafe ModelVerdict(rawValue: Int32(truncatingIfNeeded: storage.pointee.verdict.rawValue)) }

        package var reason: String { unsafe MessageFields.string(storage.pointee.reason) }

        @inlinable package func withReason<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.reason, body)
        }

        package var message: String { unsafe MessageFields.string(storage.pointee.message) }

        @inlinable package func withMessage<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.message, body)
        }

        @inlinable package var evictedCount: Int { Int(unsafe storage.pointee.n_evicted) }

        @inlinable package func withEvicted<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < evictedCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.evicted[index], body)
        }
    }
}

extension ExplainModelResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExplainModelResponse>.size }
    package static let protobufName = "backends.v1.ExplainModelResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExplainModelResponse()
        unsafe backends__v1__explain_model_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExplainModelResponse.self)
        verdicts = unsafe MessageFields.messages(storage.pointee.verdicts, Int(storage.pointee.n_verdicts), BackendVerdict.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExplainModelResponse.self, capacity: 1)
        unsafe backends__v1__explain_model_response__init(storage)
        if !verdicts.isEmpty {
            unsafe storage.pointee.verdicts = try arena.messages(verdicts).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__BackendVerdict>?.self)
            unsafe storage.pointee.n_verdicts = verdicts.count
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ExplainModelResponse.backend")
        }
    }
}

extension ExplainModelResponse {
    /// A `backends.v1.ExplainModelResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExplainModelResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExplainModelResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExplainModelResponse.self)
        }

        /// The message as a value.
        package func copied() -> ExplainModelResponse {
            unsafe ExplainModelResponse(copying: storage)
        }

        @inlinable package var verdictsCount: Int { Int(unsafe storage.pointee.n_verdicts) }

        @inlinable package func withVerdicts<Result, Failure: Error>(
            at index: Int, _ body: (borrowing BackendVerdict.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < verdictsCount, "no element has this index")
            guard let message = unsafe storage.pointee.verdicts[index] else { return nil }
            return try body(BackendVerdict.View(message))
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }
    }
}

extension LoadModelRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__LoadModelRequest>.size }
    package static let protobufName = "backends.v1.LoadModelRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__LoadModelRequest()
        unsafe backends__v1__load_model_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadModelRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        autoStart = unsafe storage.pointee.auto_start != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__LoadModelRequest.self, capacity: 1)
        unsafe backends__v1__load_model_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.LoadModelRequest.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.LoadModelRequest.backend")
        }
        unsafe storage.pointee.auto_start = autoStart ? 1 : 0
    }
}

extension LoadModelRequest {
    /// A `backends.v1.LoadModelRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = LoadModelRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__LoadModelRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadModelRequest.self)
        }

        /// The message as a value.
        package func copied() -> LoadModelRequest {
            unsafe LoadModelRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var autoStart: Bool { unsafe storage.pointee.auto_start != 0 }
    }
}

extension LoadModelResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__LoadModelResponse>.size }
    package static let protobufName = "backends.v1.LoadModelResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__LoadModelResponse()
        unsafe backends__v1__load_model_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadModelResponse.self)
        model = unsafe storage.pointee.model.map { Model(copying: $0) }
        alreadyLoaded = unsafe storage.pointee.already_loaded != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__LoadModelResponse.self, capacity: 1)
        unsafe backends__v1__load_model_response__init(storage)
        if let model {
            unsafe storage.pointee.model = try arena.message(model).assumingMemoryBound(to: Backends__V1__Model.self)
        }
        unsafe storage.pointee.already_loaded = alreadyLoaded ? 1 : 0
    }
}

extension LoadModelResponse {
    /// A `backends.v1.LoadModelResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = LoadModelResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__LoadModelResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadModelResponse.self)
        }

        /// The message as a value.
        package func copied() -> LoadModelResponse {
            unsafe LoadModelResponse(copying: storage)
        }

        @inlinable package var hasModel: Bool { unsafe storage.pointee.model != nil }

        @inlinable package func withModel<Result, Failure: Error>(
            _ body: (borrowing Model.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.model else { return nil }
            return try body(Model.View(message))
        }

        package var alreadyLoaded: Bool { unsafe storage.pointee.already_loaded != 0 }
    }
}

extension UnloadModelRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UnloadModelRequest>.size }
    package static let protobufName = "backends.v1.UnloadModelRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UnloadModelRequest()
        unsafe backends__v1__unload_model_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadModelRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        force = unsafe storage.pointee.force != 0
        drain = unsafe storage.pointee.drain.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UnloadModelRequest.self, capacity: 1)
        unsafe backends__v1__unload_model_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.UnloadModelRequest.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.UnloadModelRequest.backend")
        }
        unsafe storage.pointee.force = force ? 1 : 0
        if let drain {
            unsafe storage.pointee.drain = try arena.message(drain).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension UnloadModelRequest {
    /// A `backends.v1.UnloadModelRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UnloadModelRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__UnloadModelRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadModelRequest.self)
        }

        /// The message as a value.
        package func copied() -> UnloadModelRequest {
            unsafe UnloadModelRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var force: Bool { unsafe storage.pointee.force != 0 }

        @inlinable package var hasDrain: Bool { unsafe storage.pointee.drain != nil }

        @inlinable package func withDrain<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.drain else { return nil }
            return try body(GoogleDuration.View(message))
        }
    }
}

extension UnloadModelResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UnloadModelResponse>.size }
    package static let protobufName = "backends.v1.UnloadModelResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UnloadModelResponse()
        unsafe backends__v1__unload_model_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadModelResponse.self)
        alreadyUnloaded = unsafe storage.pointee.already_unloaded != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UnloadModelResponse.self, capacity: 1)
        unsafe backends__v1__unload_model_response__init(storage)
        unsafe storage.pointee.already_unloaded = alreadyUnloaded ? 1 : 0
    }
}

extension UnloadModelResponse {
    /// A `backends.v1.UnloadModelResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UnloadModelResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__UnloadModelResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadModelResponse.self)
        }

        /// The message as a value.
        package func copied() -> UnloadModelResponse {
            unsafe UnloadModelResponse(copying: storage)
        }

        package var alreadyUnloaded: Bool { unsafe storage.pointee.already_unloaded != 0 }
    }
}

extension ListModelsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListModelsRequest>.size }
    package static let protobufName = "backends.v1.ListModelsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListModelsRequest()
        unsafe backends__v1__list_models_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListModelsRequest.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        pageSize = unsafe storage.pointee.page_size
        pageToken = unsafe MessageFields.string(storage.pointee.page_token)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListModelsRequest.self, capacity: 1)
        unsafe backends__v1__list_models_request__init(storage)
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ListModelsRequest.backend")
        }
        unsafe storage.pointee.page_size = pageSize
        if !pageToken.isEmpty {
            unsafe storage.pointee.page_token = try arena.string(pageToken, "backends.v1.ListModelsRequest.page_token")
        }
    }
}

extension ListModelsRequest {
    /// A `backends.v1.ListModelsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListModelsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListModelsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListModelsRequest.self)
        }

        /// The message as a value.
        package func copied() -> ListModelsRequest {
            unsafe ListModelsRequest(copying: storage)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var pageSize: Int32 { unsafe storage.pointee.page_size }

        package var pageToken: String { unsafe MessageFields.string(storage.pointee.page_token) }

        @inlinable package func withPageToken<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.page_token, body)
        }
    }
}

extension ListModelsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListModelsResponse>.size }
    package static let protobufName = "backends.v1.ListModelsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListModelsResponse()
        unsafe backends__v1__list_models_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListModelsResponse.self)
        models = unsafe MessageFields.messages(storage.pointee.models, Int(storage.pointee.n_models), Model.self)
        nextPageToken = unsafe MessageFields.string(storage.pointee.next_page_token)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListModelsResponse.self, capacity: 1)
        unsafe backends__v1__list_models_response__init(storage)
        if !models.isEmpty {
            unsafe storage.pointee.models = try arena.messages(models).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__Model>?.self)
            unsafe storage.pointee.n_models = models.count
        }
        if !nextPageToken.isEmpty {
            unsafe storage.pointee.next_page_token = try arena.string(nextPageToken, "backends.v1.ListModelsResponse.next_page_token")
        }
    }
}

extension ListModelsResponse {
    /// A `backends.v1.ListModelsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListModelsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListModelsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListModelsResponse.self)
        }

        /// The message as a value.
        package func copied() -> ListModelsResponse {
            unsafe ListModelsResponse(copying: storage)
        }

        @inlinable package var modelsCount: Int { Int(unsafe storage.pointee.n_models) }

        @inlinable package func withModels<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Model.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < modelsCount, "no element has this index")
            guard let message = unsafe storage.pointee.models[index] else { return nil }
            return try body(Model.View(message))
        }

        package var nextPageToken: String { unsafe MessageFields.string(storage.pointee.next_page_token) }

        @inlinable package func withNextPageToken<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.next_page_token, body)
        }
    }
}

extension UseModelRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UseModelRequest>.size }
    package static let protobufName = "backends.v1.UseModelRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UseModelRequest()
        unsafe backends__v1__use_model_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UseModelRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        context = unsafe storage.pointee.context.map { RuntimeContext(copying: $0) }
        backends = unsafe MessageFields.strings(storage.pointee.backends, Int(storage.pointee.n_backends))
        autoStart = unsafe storage.pointee.auto_start != 0
        wait = unsafe storage.pointee.wait.map { GoogleDuration(copying: $0) }
        allowInProcess = unsafe storage.pointee.allow_in_process != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UseModelRequest.self, capacity: 1)
        unsafe backends__v1__use_model_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.UseModelRequest.model_id")
        }
        if let context {
            unsafe storage.pointee.context = try arena.message(context).assumingMemoryBound(to: Backends__V1__RuntimeContext.self)
        }
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.strings(backends, "backends.v1.UseModelRequest.backends")
            unsafe storage.pointee.n_backends = backends.count
        }
        unsafe storage.pointee.auto_start = autoStart ? 1 : 0
        if let wait {
            unsafe storage.pointee.wait = try arena.message(wait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        unsafe storage.pointee.allow_in_process = allowInProcess ? 1 : 0
    }
}

extension UseModelRequest {
    /// A `backends.v1.UseModelRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UseModelRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__UseModelRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UseModelRequest.self)
        }

        /// The message as a value.
        package func copied() -> UseModelRequest {
            unsafe UseModelRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        @inlinable package var hasContext: Bool { unsafe storage.pointee.context != nil }

        @inlinable package func withContext<Result, Failure: Error>(
            _ body: (borrowing RuntimeContext.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.context else { return nil }
            return try body(RuntimeContext.View(message))
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.backends[index], body)
        }

        package var autoStart: Bool { unsafe storage.pointee.auto_start != 0 }

        @inlinable package var hasWait: Bool { unsafe storage.pointee.wait != nil }

        @inlinable package func withWait<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.wait else { return nil }
            return try body(GoogleDuration.View(message))
        }

        package var allowInProcess: Bool { unsafe storage.pointee.allow_in_process != 0 }
    }
}

extension UseModelResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UseModelResponse>.size }
    package static let protobufName = "backends.v1.UseModelResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UseModelResponse()
        unsafe backends__v1__use_model_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UseModelResponse.self)
        switch unsafe storage.pointee.event_case.rawValue {
        case 1: event = unsafe .acquired(storage.pointee.acquired.map { ModelUseAcquired(copying: $0) } ?? ModelUseAcquired())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UseModelResponse.self, capacity: 1)
        unsafe backends__v1__use_model_response__init(storage)
        switch event {
        case .acquired(let value):
            unsafe storage.pointee.event_case = Backends__V1__UseModelResponse__EventCase(rawValue: 1)
            unsafe storage.pointee.acquired = try arena.message(value).assumingMemoryBound(to: Backends__V1__ModelUseAcquired.self)
        case nil: break
        }
    }
}

extension UseModelResponse {
    /// A `backends.v1.UseModelResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UseModelResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__UseModelResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UseModelResponse.self)
        }

        /// The message as a value.
        package func copied() -> UseModelResponse {
            unsafe UseModelResponse(copying: storage)
        }

        @inlinable package var hasAcquired: Bool { unsafe storage.pointee.event_case.rawValue == 1 }

        @inlinable package func withAcquired<Result, Failure: Error>(
            _ body: (borrowing ModelUseAcquired.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasAcquired else { return nil }
            guard let message = unsafe storage.pointee.acquired else { return nil }
            return try body(ModelUseAcquired.View(message))
        }
    }
}

extension ModelUseAcquired: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ModelUseAcquired>.size }
    package static let protobufName = "backends.v1.ModelUseAcquired"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ModelUseAcquired()
        unsafe backends__v1__model_use_acquired__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelUseAcquired.self)
        endpoint = unsafe storage.pointee.endpoint.map { ModelEndpoint(copying: $0) }
        skipped = unsafe MessageFields.messages(storage.pointee.skipped, Int(storage.pointee.n_skipped), SkippedBackend.self)
        skippedOthers = unsafe storage.pointee.skipped_others
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ModelUseAcquired.self, capacity: 1)
        unsafe backends__v1__model_use_acquired__init(storage)
        if let endpoint {
            unsafe storage.pointee.endpoint = try arena.message(endpoint).assumingMemoryBound(to: Backends__V1__ModelEndpoint.self)
        }
        if !skipped.isEmpty {
            unsafe storage.pointee.skipped = try arena.messages(skipped).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__SkippedBackend>?.self)
            unsafe storage.pointee.n_skipped = skipped.count
        }
        unsafe storage.pointee.skipped_others = skippedOthers
    }
}

extension ModelUseAcquired {
    /// A `backends.v1.ModelUseAcquired` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ModelUseAcquired
        @usableFromInline let storage: UnsafePointer<Backends__V1__ModelUseAcquired>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelUseAcquired.self)
        }

        /// The message as a value.
        package func copied() -> ModelUseAcquired {
            unsafe ModelUseAcquired(copying: storage)
        }

        @inlinable package var hasEndpoint: Bool { unsafe storage.pointee.endpoint != nil }

        @inlinable package func withEndpoint<Result, Failure: Error>(
            _ body: (borrowing ModelEndpoint.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.endpoint else { return nil }
            return try body(ModelEndpoint.View(message))
        }

        @inlinable package var skippedCount: Int { Int(unsafe storage.pointee.n_skipped) }

        @inlinable package func withSkipped<Result, Failure: Error>(
            at index: Int, _ body: (borrowing SkippedBackend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < skippedCount, "no element has this index")
            guard let message = unsafe storage.pointee.skipped[index] else { return nil }
            return try body(SkippedBackend.View(message))
        }

        package var skippedOthers: UInt32 { unsafe storage.pointee.skipped_others }
    }
}

extension ReportFailureRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReportFailureRequest>.size }
    package static let protobufName = "backends.v1.ReportFailureRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReportFailureRequest()
        unsafe backends__v1__report_failure_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReportFailureRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        code = unsafe storage.pointee.code
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReportFailureRequest.self, capacity: 1)
        unsafe backends__v1__report_failure_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.ReportFailureRequest.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ReportFailureRequest.backend")
        }
        unsafe storage.pointee.code = code
    }
}

extension ReportFailureRequest {
    /// A `backends.v1.ReportFailureRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReportFailureRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReportFailureRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReportFailureRequest.self)
        }

        /// The message as a value.
        package func copied() -> ReportFailureRequest {
            unsafe ReportFailureRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var code: Int32 { unsafe storage.pointee.code }
    }
}

extension ReportFailureResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReportFailureResponse>.size }
    package static let protobufName = "backends.v1.ReportFailureResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReportFailureResponse()
        unsafe backends__v1__report_failure_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReportFailureResponse.self)
        verdict = unsafe FailureVerdict(rawValue: Int32(truncatingIfNeeded: storage.pointee.verdict.rawValue))
        backend = unsafe MessageFields.string(storage.pointee.backend)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReportFailureResponse.self, capacity: 1)
        unsafe backends__v1__report_failure_response__init(storage)
        unsafe storage.pointee.verdict = Backends__V1__FailureVerdict(rawValue: .init(truncatingIfNeeded: verdict.rawValue))
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ReportFailureResponse.backend")
        }
    }
}

extension ReportFailureResponse {
    /// A `backends.v1.ReportFailureResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReportFailureResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReportFailureResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReportFailureResponse.self)
        }

        /// The message as a value.
        package func copied() -> ReportFailureResponse {
            unsafe ReportFailureResponse(copying: storage)
        }

        package var verdict: FailureVerdict { unsafe FailureVerdict(rawValue: Int32(truncatingIfNeeded: storage.pointee.verdict.rawValue)) }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }
    }
}

extension LoadPromptArtifactsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__LoadPromptArtifactsRequest>.size }
    package static let protobufName = "backends.v1.LoadPromptArtifactsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__LoadPromptArtifactsRequest()
        unsafe backends__v1__load_prompt_artifacts_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadPromptArtifactsRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        promptID = unsafe MessageFields.string(storage.pointee.prompt_id)
        paths = unsafe MessageFields.strings(storage.pointee.paths, Int(storage.pointee.n_paths))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__LoadPromptArtifactsRequest.self, capacity: 1)
        unsafe backends__v1__load_prompt_artifacts_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.LoadPromptArtifactsRequest.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.LoadPromptArtifactsRequest.backend")
        }
        if !promptID.isEmpty {
            unsafe storage.pointee.prompt_id = try arena.string(promptID, "backends.v1.LoadPromptArtifactsRequest.prompt_id")
        }
        if !paths.isEmpty {
            unsafe storage.pointee.paths = try arena.strings(paths, "backends.v1.LoadPromptArtifactsRequest.paths")
            unsafe storage.pointee.n_paths = paths.count
        }
    }
}

extension LoadPromptArtifactsRequest {
    /// A `backends.v1.LoadPromptArtifactsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = LoadPromptArtifactsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__LoadPromptArtifactsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadPromptArtifactsRequest.self)
        }

        /// The message as a value.
        package func copied() -> LoadPromptArtifactsRequest {
            unsafe LoadPromptArtifactsRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var promptID: String { unsafe MessageFields.string(storage.pointee.prompt_id) }

        @inlinable package func withPromptID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.prompt_id, body)
        }

        @inlinable package var pathsCount: Int { Int(unsafe storage.pointee.n_paths) }

        @inlinable package func withPaths<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < pathsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.paths[index], body)
        }
    }
}

extension LoadPromptArtifactsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__LoadPromptArtifactsResponse>.size }
    package static let protobufName = "backends.v1.LoadPromptArtifactsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__LoadPromptArtifactsResponse()
        unsafe backends__v1__load_prompt_artifacts_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadPromptArtifactsResponse.self)
        paths = unsafe MessageFields.strings(storage.pointee.paths, Int(storage.pointee.n_paths))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__LoadPromptArtifactsResponse.self, capacity: 1)
        unsafe backends__v1__load_prompt_artifacts_response__init(storage)
        if !paths.isEmpty {
            unsafe storage.pointee.paths = try arena.strings(paths, "backends.v1.LoadPromptArtifactsResponse.paths")
            unsafe storage.pointee.n_paths = paths.count
        }
    }
}

extension LoadPromptArtifactsResponse {
    /// A `backends.v1.LoadPromptArtifactsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = LoadPromptArtifactsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__LoadPromptArtifactsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LoadPromptArtifactsResponse.self)
        }

        /// The message as a value.
        package func copied() -> LoadPromptArtifactsResponse {
            unsafe LoadPromptArtifactsResponse(copying: storage)
        }

        @inlinable package var pathsCount: Int { Int(unsafe storage.pointee.n_paths) }

        @inlinable package func withPaths<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < pathsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.paths[index], body)
        }
    }
}

extension UnloadPromptArtifactsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UnloadPromptArtifactsRequest>.size }
    package static let protobufName = "backends.v1.UnloadPromptArtifactsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UnloadPromptArtifactsRequest()
        unsafe backends__v1__unload_prompt_artifacts_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadPromptArtifactsRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        promptIds = unsafe MessageFields.strings(storage.pointee.prompt_ids, Int(storage.pointee.n_prompt_ids))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UnloadPromptArtifactsRequest.self, capacity: 1)
        unsafe backends__v1__unload_prompt_artifacts_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.UnloadPromptArtifactsRequest.model_id")
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.UnloadPromptArtifactsRequest.backend")
        }
        if !promptIds.isEmpty {
            unsafe storage.pointee.prompt_ids = try arena.strings(promptIds, "backends.v1.UnloadPromptArtifactsRequest.prompt_ids")
            unsafe storage.pointee.n_prompt_ids = promptIds.count
        }
    }
}

extension UnloadPromptArtifactsRequest {
    /// A `backends.v1.UnloadPromptArtifactsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UnloadPromptArtifactsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__UnloadPromptArtifactsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadPromptArtifactsRequest.self)
        }

        /// The message as a value.
        package func copied() -> UnloadPromptArtifactsRequest {
            unsafe UnloadPromptArtifactsRequest(copying: storage)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        @inlinable package var promptIdsCount: Int { Int(unsafe storage.pointee.n_prompt_ids) }

        @inlinable package func withPromptIds<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < promptIdsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.prompt_ids[index], body)
        }
    }
}

extension UnloadPromptArtifactsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__UnloadPromptArtifactsResponse>.size }
    package static let protobufName = "backends.v1.UnloadPromptArtifactsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__UnloadPromptArtifactsResponse()
        unsafe backends__v1__unload_prompt_artifacts_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__UnloadPromptArtifactsResponse.self, capacity: 1)
        unsafe backends__v1__unload_prompt_artifacts_response__init(storage)
    }
}

extension UnloadPromptArtifactsResponse {
    /// A `backends.v1.UnloadPromptArtifactsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = UnloadPromptArtifactsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__UnloadPromptArtifactsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__UnloadPromptArtifactsResponse.self)
        }

        /// The message as a value.
        package func copied() -> UnloadPromptArtifactsResponse {
            unsafe UnloadPromptArtifactsResponse(copying: storage)
        }
    }
}

/// The methods of `backends.v1.ModelService`.
package enum ModelServiceMethods {
    package static let resolveModel = RPCMethod<ResolveModelRequest, ResolveModelResponse>(
        service: "backends.v1.ModelService", name: "ResolveModel", kind: .unary)
    package static let explainModel = RPCMethod<ExplainModelRequest, ExplainModelResponse>(
        service: "backends.v1.ModelService", name: "ExplainModel", kind: .unary)
    package static let loadModel = RPCMethod<LoadModelRequest, LoadModelResponse>(
        service: "backends.v1.ModelService", name: "LoadModel", kind: .unary)
    package static let unloadModel = RPCMethod<UnloadModelRequest, UnloadModelResponse>(
        service: "backends.v1.ModelService", name: "UnloadModel", kind: .unary)
    package static let listModels = RPCMethod<ListModelsRequest, ListModelsResponse>(
        service: "backends.v1.ModelService", name: "ListModels", kind: .unary)
    package static let useModel = RPCMethod<UseModelRequest, UseModelResponse>(
        service: "backends.v1.ModelService", name: "UseModel", kind: .bidirectionalStreaming)
    package static let reportFailure = RPCMethod<ReportFailureRequest, ReportFailureResponse>(
        service: "backends.v1.ModelService", name: "ReportFailure", kind: .unary)
    package static let loadPromptArtifacts = RPCMethod<LoadPromptArtifactsRequest, LoadPromptArtifactsResponse>(
        service: "backends.v1.ModelService", name: "LoadPromptArtifacts", kind: .unary)
    package static let unloadPromptArtifacts = RPCMethod<UnloadPromptArtifactsRequest, UnloadPromptArtifactsResponse>(
        service: "backends.v1.ModelService", name: "UnloadPromptArtifacts", kind: .unary)
}

/// Finds, loads, uses and unloads models. The daemon returns endpoints; inference requests go
/// directly from the client to the endpoint.
package protocol ModelService: Sendable {
    /// Returns where the model can be reached: the endpoint of the first backend in priority order
    /// that serves it.
    func resolveModel(
        _ request: borrowing ResolveModelRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ResolveModelResponse>

    /// Tells what ResolveModel would do and why, without doing it.
    func explainModel(
        _ request: ExplainModelRequest, context: CallContext
    ) async throws(RPCStatus) -> ExplainModelResponse

    /// Loads a model and waits until it is ready; joins a load in progress.
    func loadModel(
        _ request: LoadModelRequest, context: CallContext
    ) async throws(RPCStatus) -> LoadModelResponse

    /// Waits until the model is not in use, then unloads it.
    func unloadModel(
        _ request: UnloadModelRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadModelResponse

    /// Lists the models that are loaded, being loaded or failed, one page per call.
    func listModels(
        _ request: ListModelsRequest, context: CallContext
    ) async throws(RPCStatus) -> ListModelsResponse

    /// Keeps a model in use for as long as the stream is open: a model in use is not unloaded.
    func useModel(
        _ requests: RequestStream<UseModelRequest>, responses: ResponseStream<UseModelResponse>,
        context: CallContext
    ) async throws(RPCStatus)

    /// Reports that a call to a model failed; the backend probes the model and restarts it if it is
    /// unhealthy.
    func reportFailure(
        _ request: ReportFailureRequest, context: CallContext
    ) async throws(RPCStatus) -> ReportFailureResponse

    /// Copies the files of a tuned prompt to the directory where the model's server finds them.
    func loadPromptArtifacts(
        _ request: LoadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> LoadPromptArtifactsResponse

    /// Removes tuned prompts from that directory.
    func unloadPromptArtifacts(
        _ request: UnloadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadPromptArtifactsResponse
}

extension ModelService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.ModelService",
            methods: [
                MethodHandler(name: "ResolveModel", kind: .unary, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe ResolveModelRequest.View(try arena.decoding(ResolveModelRequest.descriptor, payload))
                    switch try self.resolveModel(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
                MethodHandler(ModelServiceMethods.explainModel) {
                    (request, context) async throws(RPCStatus) in
                    try await self.explainModel(request, context: context)
                },
                MethodHandler(ModelServiceMethods.loadModel) {
                    (request, context) async throws(RPCStatus) in
                    try await self.loadModel(request, context: context)
                },
                MethodHandler(ModelServiceMethods.unloadModel) {
                    (request, context) async throws(RPCStatus) in
                    try await self.unloadModel(request, context: context)
                },
                MethodHandler(ModelServiceMethods.listModels) {
                    (request, context) async throws(RPCStatus) in
                    try await self.listModels(request, context: context)
                },
                MethodHandler(ModelServiceMethods.useModel) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.useModel(request, responses: responses, context: context)
                },
                MethodHandler(ModelServiceMethods.reportFailure) {
                    (request, context) async throws(RPCStatus) in
                    try await self.reportFailure(request, context: context)
                },
                MethodHandler(ModelServiceMethods.loadPromptArtifacts) {
                    (request, context) async throws(RPCStatus) in
                    try await self.loadPromptArtifacts(request, context: context)
                },
                MethodHandler(ModelServiceMethods.unloadPromptArtifacts) {
                    (request, context) async throws(RPCStatus) in
                    try await self.unloadPromptArtifacts(request, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.ModelService`.
package struct ModelServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Returns where the model can be reached: the endpoint of the first backend in priority order
    /// that serves it.
    package nonisolated(nonsending) func resolveModel(
        _ request: ResolveModelRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ResolveModelResponse {
        try await caller.unary(ModelServiceMethods.resolveModel, request, options: options)
    }

    /// Tells what ResolveModel would do and why, without doing it.
    package nonisolated(nonsending) func explainModel(
        _ request: ExplainModelRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ExplainModelResponse {
        try await caller.unary(ModelServiceMethods.explainModel, request, options: options)
    }

    /// Loads a model and waits until it is ready; joins a load in progress.
    package nonisolated(nonsending) func loadModel(
        _ request: LoadModelRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> LoadModelResponse {
        try await caller.unary(ModelServiceMethods.loadModel, request, options: options)
    }

    /// Waits until the model is not in use, then unloads it.
    package nonisolated(nonsending) func unloadModel(
        _ request: UnloadModelRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> UnloadModelResponse {
        try await caller.unary(ModelServiceMethods.unloadModel, request, options: options)
    }

    /// Lists the models that are loaded, being loaded or failed, one page per call.
    package nonisolated(nonsending) func listModels(
        _ request: ListModelsRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ListModelsResponse {
        try await caller.unary(ModelServiceMethods.listModels, request, options: options)
    }

    /// Keeps a model in use for as long as the stream is open: a model in use is not unloaded.
    package nonisolated(nonsending) func useModel<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<UseModelRequest, UseModelResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(ModelServiceMethods.useModel, options: options, body)
    }

    /// Reports that a call to a model failed; the backend probes the model and restarts it if it is
    /// unhealthy.
    package nonisolated(nonsending) func reportFailure(
        _ request: ReportFailureRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ReportFailureResponse {
        try await caller.unary(ModelServiceMethods.reportFailure, request, options: options)
    }

    /// Copies the files of a tuned prompt to the directory where the model's server finds them.
    package nonisolated(nonsending) func loadPromptArtifacts(
        _ request: LoadPromptArtifactsRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> LoadPromptArtifactsResponse {
        try await caller.unary(ModelServiceMethods.loadPromptArtifacts, request, options: options)
    }

    /// Removes tuned prompts from that directory.
    package nonisolated(nonsending) func unloadPromptArtifacts(
        _ request: UnloadPromptArtifactsRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> UnloadPromptArtifactsResponse {
        try await caller.unary(ModelServiceMethods.unloadPromptArtifacts, request, options: options)
    }
}
