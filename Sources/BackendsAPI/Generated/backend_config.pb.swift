// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/backend_config.proto; do not edit.

package import CProtos
public import SocketRPC

/// The enum `backends.v1.BackendState`.
public enum BackendState: Hashable, Sendable {
    /// `BACKEND_STATE_UNSPECIFIED`, 0.
    case unspecified
    /// `BACKEND_STATE_STOPPED`, 1.
    case stopped
    /// `BACKEND_STATE_STARTING`, 2.
    case starting
    /// `BACKEND_STATE_STARTED`, 3.
    case started
    /// `BACKEND_STATE_STOPPING`, 4.
    case stopping
    /// `BACKEND_STATE_FAILED`, 5.
    case failed
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .stopped
        case 2: self = .starting
        case 3: self = .started
        case 4: self = .stopping
        case 5: self = .failed
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .stopped: 1
        case .starting: 2
        case .started: 3
        case .stopping: 4
        case .failed: 5
        case .unrecognized(let number): number
        }
    }
}

/// Who may start a backend, besides a client that calls StartBackend or RestartBackend.
public enum StartPolicy: Hashable, Sendable {
    /// The same as ON_DEMAND.
    case unspecified
    /// The daemon, when it starts itself; requests too.
    case boot
    /// Requests for models that it serves, with auto_start.
    case onDemand
    /// `START_POLICY_MANUAL`, 3.
    case manual
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .boot
        case 2: self = .onDemand
        case 3: self = .manual
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .boot: 1
        case .onDemand: 2
        case .manual: 3
        case .unrecognized(let number): number
        }
    }
}

/// The enum `backends.v1.ConfigApply`.
public enum ConfigApply: Hashable, Sendable {
    /// The same as NOW.
    case unspecified
    /// Apply at once; refused while the backend is starting, started or stopping.
    case now
    /// Keep the patch for the next start if it cannot be applied at once.
    case nextStart
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .now
        case 2: self = .nextStart
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .now: 1
        case .nextStart: 2
        case .unrecognized(let number): number
        }
    }
}

/// The enum `backends.v1.InstanceState`.
public enum InstanceState: Hashable, Sendable {
    /// `INSTANCE_STATE_UNSPECIFIED`, 0.
    case unspecified
    /// Its process runs or is about to run, but does not serve yet.
    case starting
    /// `INSTANCE_STATE_READY`, 2.
    case ready
    /// Its process runs, but its readiness probe fails.
    case unready
    /// Its process has ended and is restarted after a pause.
    case backoff
    /// `INSTANCE_STATE_STOPPING`, 5.
    case stopping
    /// Its process has ended and is not restarted.
    case exited
    /// `INSTANCE_STATE_FAILED`, 7.
    case failed
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .starting
        case 2: self = .ready
        case 3: self = .unready
        case 4: self = .backoff
        case 5: self = .stopping
        case 6: self = .exited
        case 7: self = .failed
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .starting: 1
        case .ready: 2
        case .unready: 3
        case .backoff: 4
        case .stopping: 5
        case .exited: 6
        case .failed: 7
        case .unrecognized(let number): number
        }
    }
}

/// The message `backends.v1.Backend`.
public struct Backend: Hashable, Sendable {
    /// Matches [a-z][a-z0-9-]{0,62}.
    public var name: String = ""
    /// The field `type` of `backends.v1.Backend`.
    public var type: String = ""
    /// Backends with a lower number are asked first; with the same number, the older backend is.
    public var priority: Int32 = 0
    /// The field `state` of `backends.v1.Backend`.
    public var state: BackendState = .unspecified
    /// True only while the state is STARTED.
    public var started: Bool = false
    /// The number of the configuration: 1 at first, and one more with each change.
    public var generation: UInt64 = 0
    /// Set while the state is FAILED.
    public var failure: BackendFailure? = nil
    /// The effective configuration; secrets are shown as "***".
    public var config: GoogleStruct? = nil
    /// True while a patch waits for the next start.
    public var configStaged: Bool = false
    /// The field `createTime` of `backends.v1.Backend`.
    public var createTime: GoogleTimestamp? = nil
    /// When the state last changed.
    public var stateTime: GoogleTimestamp? = nil
    /// Set while a client holds the start lock.
    public var startLockHolder: StartLockHolder? = nil
    /// The processes that it runs, sorted by name.
    public var instances: [Instance] = []
    /// Why the backend cannot serve; set while its state is STARTED and it cannot.
    public var unready: BackendFailure? = nil
    /// The IDs of the models that it serves according to its configuration; "*" stands for any text,
    /// "?" for any character.
    public var models: [String] = []
    /// The field `start` of `backends.v1.Backend`.
    public var start: StartPolicy = .unspecified
    /// The backends that are started before it when the daemon starts.
    public var after: [String] = []
    /// Whether requests and the boot may start it.
    public var enabled: Bool = false
    /// Set from a stop by a client until a start by a client.
    public var hold: BackendHold? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        type: String = "",
        priority: Int32 = 0,
        state: BackendState = .unspecified,
        started: Bool = false,
        generation: UInt64 = 0,
        failure: BackendFailure? = nil,
        config: GoogleStruct? = nil,
        configStaged: Bool = false,
        createTime: GoogleTimestamp? = nil,
        stateTime: GoogleTimestamp? = nil,
        startLockHolder: StartLockHolder? = nil,
        instances: [Instance] = [],
        unready: BackendFailure? = nil,
        models: [String] = [],
        start: StartPolicy = .unspecified,
        after: [String] = [],
        enabled: Bool = false,
        hold: BackendHold? = nil
    ) {
        self.name = name
        self.type = type
        self.priority = priority
        self.state = state
        self.started = started
        self.generation = generation
        self.failure = failure
        self.config = config
        self.configStaged = configStaged
        self.createTime = createTime
        self.stateTime = stateTime
        self.startLockHolder = startLockHolder
        self.instances = instances
        self.unready = unready
        self.models = models
        self.start = start
        self.after = after
        self.enabled = enabled
        self.hold = hold
    }
}

/// A stop that keeps a backend down: neither requests nor the boot start it.
public struct BackendHold: Hashable, Sendable {
    /// Who stopped it.
    public var pid: Int32 = 0
    /// The field `uid` of `backends.v1.BackendHold`.
    public var uid: UInt32 = 0
    /// The field `time` of `backends.v1.BackendHold`.
    public var time: GoogleTimestamp? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        pid: Int32 = 0,
        uid: UInt32 = 0,
        time: GoogleTimestamp? = nil
    ) {
        self.pid = pid
        self.uid = uid
        self.time = time
    }
}

/// One supervised process.
public struct Instance: Hashable, Sendable {
    /// "BACKEND", or "BACKEND/MODEL" if each model has a process of its own.
    public var name: String = ""
    /// Empty if it serves every model of its backend.
    public var modelID: String = ""
    /// The field `state` of `backends.v1.Instance`.
    public var state: InstanceState = .unspecified
    /// 0 while there is no process.
    public var pid: Int32 = 0
    /// The address at which it can be reached; empty if it has none.
    public var address: String = ""
    /// The number of restarts since the backend was started or the model was loaded.
    public var restarts: UInt32 = 0
    /// When the process was started; absent while no process runs.
    public var startTime: GoogleTimestamp? = nil
    /// Why it last ended by itself, or failed.
    public var failure: BackendFailure? = nil
    /// The resident memory of its process and all descendants.
    public var rssBytes: UInt64 = 0
    /// The CPU time of its process and all descendants.
    public var cpuTime: GoogleDuration? = nil
    /// The number of uses in progress.
    public var uses: UInt32 = 0
    /// When it is restarted; set while it is in BACKOFF.
    public var retryTime: GoogleTimestamp? = nil
    /// Why its output is not written to its files now; absent while it is written.
    public var logFailure: BackendFailure? = nil
    /// The bytes of its output that could not be written to its files, since its process was started.
    public var lostOutputBytes: UInt64 = 0
    /// Whether its process was started with another configuration than the one that the next start of its backend uses, and a restart is needed to
    /// take the difference over.
    public var outdated: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        modelID: String = "",
        state: InstanceState = .unspecified,
        pid: Int32 = 0,
        address: String = "",
        restarts: UInt32 = 0,
        startTime: GoogleTimestamp? = nil,
        failure: BackendFailure? = nil,
        rssBytes: UInt64 = 0,
        cpuTime: GoogleDuration? = nil,
        uses: UInt32 = 0,
        retryTime: GoogleTimestamp? = nil,
        logFailure: BackendFailure? = nil,
        lostOutputBytes: UInt64 = 0,
        outdated: Bool = false
    ) {
        self.name = name
        self.modelID = modelID
        self.state = state
        self.pid = pid
        self.address = address
        self.restarts = restarts
        self.startTime = startTime
        self.failure = failure
        self.rssBytes = rssBytes
        self.cpuTime = cpuTime
        self.uses = uses
        self.retryTime = retryTime
        self.logFailure = logFailure
        self.lostOutputBytes = lostOutputBytes
        self.outdated = outdated
    }
}

/// The message `backends.v1.BackendFailure`.
public struct BackendFailure: Hashable, Sendable {
    /// A stable word in UPPER_SNAKE_CASE.
    public var reason: String = ""
    /// The field `message` of `backends.v1.BackendFailure`.
    public var message: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        reason: String = "",
        message: String = ""
    ) {
        self.reason = reason
        self.message = message
    }
}

/// The message `backends.v1.StartLockHolder`.
public struct StartLockHolder: Hashable, Sendable {
    /// The field `pid` of `backends.v1.StartLockHolder`.
    public var pid: Int32 = 0
    /// The field `uid` of `backends.v1.StartLockHolder`.
    public var uid: UInt32 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        pid: Int32 = 0,
        uid: UInt32 = 0
    ) {
        self.pid = pid
        self.uid = uid
    }
}

/// Which layer set the value at one path of the effective configuration.
public struct ConfigOrigin: Hashable, Sendable {
    /// Keys joined by dots, for example "connection.hostname".
    public var path: String = ""
    /// "defaults", "base" or "owner:NAME".
    public var layer: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        path: String = "",
        layer: String = ""
    ) {
        self.path = path
        self.layer = layer
    }
}

/// The message `backends.v1.CreateBackendRequest`.
public struct CreateBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.CreateBackendRequest`.
    public var name: String = ""
    /// The field `type` of `backends.v1.CreateBackendRequest`.
    public var type: String = ""
    /// The field `config` of `backends.v1.CreateBackendRequest`.
    public var config: GoogleStruct? = nil
    /// Absent: after the last backend, with a priority that is higher by 10.
    public var order: CreateBackendRequest.Order? = nil
    /// The field `start` of `backends.v1.CreateBackendRequest`.
    public var start: StartPolicy = .unspecified
    /// Existing backends that are started before it when the daemon starts, at most 64.
    public var after: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        type: String = "",
        config: GoogleStruct? = nil,
        order: CreateBackendRequest.Order? = nil,
        start: StartPolicy = .unspecified,
        after: [String] = []
    ) {
        self.name = name
        self.type = type
        self.config = config
        self.order = order
        self.start = start
        self.after = after
    }

    /// The one of `backends.v1.CreateBackendRequest.order` that is set.
    public enum Order: Hashable, Sendable {
        /// The field `backends.v1.CreateBackendRequest.priority`.
        case priority(Int32)
    }
}

/// The message `backends.v1.CreateBackendResponse`.
public struct CreateBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.CreateBackendResponse`.
    public var backend: Backend? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil
    ) {
        self.backend = backend
    }
}

/// The message `backends.v1.GetBackendRequest`.
public struct GetBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.GetBackendRequest`.
    public var name: String = ""
    /// The field `includeOrigins` of `backends.v1.GetBackendRequest`.
    public var includeOrigins: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        includeOrigins: Bool = false
    ) {
        self.name = name
        self.includeOrigins = includeOrigins
    }
}

/// The message `backends.v1.GetBackendResponse`.
public struct GetBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.GetBackendResponse`.
    public var backend: Backend? = nil
    /// The field `origins` of `backends.v1.GetBackendResponse`.
    public var origins: [ConfigOrigin] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        origins: [ConfigOrigin] = []
    ) {
        self.backend = backend
        self.origins = origins
    }
}

/// The message `backends.v1.ListBackendsRequest`.
public struct ListBackendsRequest: Hashable, Sendable {
    /// The largest number of entries to return; 0 lets the server choose. A page may hold fewer.
    public var pageSize: Int32 = 0
    /// Empty for the first page, then next_page_token of the previous response.
    public var pageToken: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        pageSize: Int32 = 0,
        pageToken: String = ""
    ) {
        self.pageSize = pageSize
        self.pageToken = pageToken
    }
}

/// The message `backends.v1.ListBackendsResponse`.
public struct ListBackendsResponse: Hashable, Sendable {
    /// The field `backends` of `backends.v1.ListBackendsResponse`.
    public var backends: [Backend] = []
    /// Empty on the last page.
    public var nextPageToken: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backends: [Backend] = [],
        nextPageToken: String = ""
    ) {
        self.backends = backends
        self.nextPageToken = nextPageToken
    }
}

/// The message `backends.v1.DeleteBackendRequest`.
public struct DeleteBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.DeleteBackendRequest`.
    public var name: String = ""
    /// Stop the backend first, and ignore a start lock that another client holds.
    public var force: Bool = false
    /// The token of the start lock, if the caller holds it.
    public var lockToken: UInt64 = 0
    /// How long to wait for a start lock that another client holds; absent: fail at once.
    public var lockWait: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        force: Bool = false,
        lockToken: UInt64 = 0,
        lockWait: GoogleDuration? = nil
    ) {
        self.name = name
        self.force = force
        self.lockToken = lockToken
        self.lockWait = lockWait
    }
}

/// The message `backends.v1.DeleteBackendResponse`.
public struct DeleteBackendResponse: Hashable, Sendable {
    /// A message with nothing set.
    public init() {}
}

/// The message `backends.v1.RegisterConfigRequest`.
public struct RegisterConfigRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.RegisterConfigRequest`.
    public var name: String = ""
    /// The owner of the layer that the patch is merged into; must not be empty.
    public var owner: String = ""
    /// An RFC 7396 merge patch; null deletes what lower layers set.
    public var config: GoogleStruct? = nil
    /// If not 0, the generation that the caller has seen; the patch is refused if it has changed.
    public var expectedGeneration: UInt64 = 0
    /// The field `apply` of `backends.v1.RegisterConfigRequest`.
    public var apply: ConfigApply = .unspecified
    /// The field `lockToken` of `backends.v1.RegisterConfigRequest`.
    public var lockToken: UInt64 = 0
    /// The field `lockWait` of `backends.v1.RegisterConfigRequest`.
    public var lockWait: GoogleDuration? = nil
    /// The field `includeOrigins` of `backends.v1.RegisterConfigRequest`.
    public var includeOrigins: Bool = false
    /// Ignore a start lock that another client holds.
    public var force: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        owner: String = "",
        config: GoogleStruct? = nil,
        expectedGeneration: UInt64 = 0,
        apply: ConfigApply = .unspecified,
        lockToken: UInt64 = 0,
        lockWait: GoogleDuration? = nil,
        includeOrigins: Bool = false,
        force: Bool = false
    ) {
        self.name = name
        self.owner = owner
        self.config = config
        self.expectedGeneration = expectedGeneration
        self.apply = apply
        self.lockToken = lockToken
        self.lockWait = lockWait
        self.includeOrigins = includeOrigins
        self.force = force
    }
}

/// The message `backends.v1.RegisterConfigResponse`.
public struct RegisterConfigResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.RegisterConfigResponse`.
    public var backend: Backend? = nil
    /// The field `origins` of `backends.v1.RegisterConfigResponse`.
    public var origins: [ConfigOrigin] = []
    /// False when the patch changed nothing.
    public var changed: Bool = false
    /// True when the patch waits for the next start.
    public var staged: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        origins: [ConfigOrigin] = [],
        changed: Bool = false,
        staged: Bool = false
    ) {
        self.backend = backend
        self.origins = origins
        self.changed = changed
        self.staged = staged
    }
}

extension Backend: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__Backend>.size }
    package static let protobufName = "backends.v1.Backend"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__Backend()
        unsafe backends__v1__backend__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Backend.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        type = unsafe MessageFields.string(storage.pointee.type)
        priority = unsafe storage.pointee.priority
        state = unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue))
        started = unsafe storage.pointee.started != 0
        generation = unsafe storage.pointee.generation
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
        config = unsafe storage.pointee.config.map { GoogleStruct(copying: $0) }
        configStaged = unsafe storage.pointee.config_staged != 0
        createTime = unsafe storage.pointee.create_time.map { GoogleTimestamp(copying: $0) }
        stateTime = unsafe storage.pointee.state_time.map { GoogleTimestamp(copying: $0) }
        startLockHolder = unsafe storage.pointee.start_lock_holder.map { StartLockHolder(copying: $0) }
        instances = unsafe MessageFields.messages(storage.pointee.instances, Int(storage.pointee.n_instances), Instance.self)
        unready = unsafe storage.pointee.unready.map { BackendFailure(copying: $0) }
        models = unsafe MessageFields.strings(storage.pointee.models, Int(storage.pointee.n_models))
        start = unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue))
        after = unsafe MessageFields.strings(storage.pointee.after, Int(storage.pointee.n_after))
        enabled = unsafe storage.pointee.enabled != 0
        hold = unsafe storage.pointee.hold.map { BackendHold(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__Backend.self, capacity: 1)
        unsafe backends__v1__backend__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.Backend.name")
        }
        if !type.isEmpty {
            unsafe storage.pointee.type = try arena.string(type, "backends.v1.Backend.type")
        }
        unsafe storage.pointee.priority = priority
        unsafe storage.pointee.state = Backends__V1__BackendState(rawValue: .init(truncatingIfNeeded: state.rawValue))
        unsafe storage.pointee.started = started ? 1 : 0
        unsafe storage.pointee.generation = generation
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if let config {
            unsafe storage.pointee.config = try arena.message(config).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
        unsafe storage.pointee.config_staged = configStaged ? 1 : 0
        if let createTime {
            unsafe storage.pointee.create_time = try arena.message(createTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let stateTime {
            unsafe storage.pointee.state_time = try arena.message(stateTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let startLockHolder {
            unsafe storage.pointee.start_lock_holder = try arena.message(startLockHolder).assumingMemoryBound(to: Backends__V1__StartLockHolder.self)
        }
        if !instances.isEmpty {
            unsafe storage.pointee.instances = try arena.messages(instances).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__Instance>?.self)
            unsafe storage.pointee.n_instances = instances.count
        }
        if let unready {
            unsafe storage.pointee.unready = try arena.message(unready).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if !models.isEmpty {
            unsafe storage.pointee.models = try arena.strings(models, "backends.v1.Backend.models")
            unsafe storage.pointee.n_models = models.count
        }
        unsafe storage.pointee.start = Backends__V1__StartPolicy(rawValue: .init(truncatingIfNeeded: start.rawValue))
        if !after.isEmpty {
            unsafe storage.pointee.after = try arena.strings(after, "backends.v1.Backend.after")
            unsafe storage.pointee.n_after = after.count
        }
        unsafe storage.pointee.enabled = enabled ? 1 : 0
        if let hold {
            unsafe storage.pointee.hold = try arena.message(hold).assumingMemoryBound(to: Backends__V1__BackendHold.self)
        }
    }
}

extension Backend {
    /// A `backends.v1.Backend` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = Backend
        @usableFromInline let storage: UnsafePointer<Backends__V1__Backend>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Backend.self)
        }

        /// The message as a value.
        package func copied() -> Backend {
            unsafe Backend(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var type: String { unsafe MessageFields.string(storage.pointee.type) }

        @inlinable package func withType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.type, body)
        }

        package var priority: Int32 { unsafe storage.pointee.priority }

        package var state: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue)) }

        package var started: Bool { unsafe storage.pointee.started != 0 }

        package var generation: UInt64 { unsafe storage.pointee.generation }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }

        @inlinable package var hasConfig: Bool { unsafe storage.pointee.config != nil }

        @inlinable package func withConfig<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config else { return nil }
            return try body(GoogleStruct.View(message))
        }

        package var configStaged: Bool { unsafe storage.pointee.config_staged != 0 }

        @inlinable package var hasCreateTime: Bool { unsafe storage.pointee.create_time != nil }

        @inlinable package func withCreateTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.create_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        @inlinable package var hasStateTime: Bool { unsafe storage.pointee.state_time != nil }

        @inlinable package func withStateTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.state_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        @inlinable package var hasStartLockHolder: Bool { unsafe storage.pointee.start_lock_holder != nil }

        @inlinable package func withStartLockHolder<Result, Failure: Error>(
            _ body: (borrowing StartLockHolder.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.start_lock_holder else { return nil }
            return try body(StartLockHolder.View(message))
        }

        @inlinable package var instancesCount: Int { Int(unsafe storage.pointee.n_instances) }

        @inlinable package func withInstances<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Instance.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < instancesCount, "no element has this index")
            guard let message = unsafe storage.pointee.instances[index] else { return nil }
            return try body(Instance.View(message))
        }

        @inlinable package var hasUnready: Bool { unsafe storage.pointee.unready != nil }

        @inlinable package func withUnready<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.unready else { return nil }
            return try body(BackendFailure.View(message))
        }

        @inlinable package var modelsCount: Int { Int(unsafe storage.pointee.n_models) }

        @inlinable package func withModels<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < modelsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.models[index], body)
        }

        package var start: StartPolicy { unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue)) }

        @inlinable package var afterCount: Int { Int(unsafe storage.pointee.n_after) }

        @inlinable package func withAfter<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < afterCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.after[index], body)
        }

        package var enabled: Bool { unsafe storage.pointee.enabled != 0 }

        @inlinable package var hasHold: Bool { unsafe storage.pointee.hold != nil }

        @inlinable package func withHold<Result, Failure: Error>(
            _ body: (borrowing BackendHold.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.hold else { return nil }
            return try body(BackendHold.View(message))
        }
    }
}

extension BackendHold: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendHold>.size }
    package static let protobufName = "backends.v1.BackendHold"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendHold()
        unsafe backends__v1__backend_hold__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendHold.self)
        pid = unsafe storage.pointee.pid
        uid = unsafe storage.pointee.uid
        time = unsafe storage.pointee.time.map { GoogleTimestamp(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendHold.self, capacity: 1)
        unsafe backends__v1__backend_hold__init(storage)
        unsafe storage.pointee.pid = pid
        unsafe storage.pointee.uid = uid
        if let time {
            unsafe storage.pointee.time = try arena.message(time).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
    }
}

extension BackendHold {
    /// A `backends.v1.BackendHold` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendHold
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendHold>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendHold.self)
        }

        /// The message as a value.
        package func copied() -> BackendHold {
            unsafe BackendHold(copying: storage)
        }

        package var pid: Int32 { unsafe storage.pointee.pid }

        package var uid: UInt32 { unsafe storage.pointee.uid }

        @inlinable package var hasTime: Bool { unsafe storage.pointee.time != nil }

        @inlinable package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }
    }
}

extension Instance: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__Instance>.size }
    package static let protobufName = "backends.v1.Instance"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__Instance()
        unsafe backends__v1__instance__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Instance.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        state = unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue))
        pid = unsafe storage.pointee.pid
        address = unsafe MessageFields.string(storage.pointee.address)
        restarts = unsafe storage.pointee.restarts
        startTime = unsafe storage.pointee.start_time.map { GoogleTimestamp(copying: $0) }
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
        rssBytes = unsafe storage.pointee.rss_bytes
        cpuTime = unsafe storage.pointee.cpu_time.map { GoogleDuration(copying: $0) }
        uses = unsafe storage.pointee.uses
        retryTime = unsafe storage.pointee.retry_time.map { GoogleTimestamp(copying: $0) }
        logFailure = unsafe storage.pointee.log_failure.map { BackendFailure(copying: $0) }
        lostOutputBytes = unsafe storage.pointee.lost_output_bytes
        outdated = unsafe storage.pointee.outdated != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__Instance.self, capacity: 1)
        unsafe backends__v1__instance__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.Instance.name")
        }
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.Instance.model_id")
        }
        unsafe storage.pointee.state = Backends__V1__InstanceState(rawValue: .init(truncatingIfNeeded: state.rawValue))
        unsafe storage.pointee.pid = pid
        if !address.isEmpty {
            unsafe storage.pointee.address = try arena.string(address, "backends.v1.Instance.address")
        }
        unsafe storage.pointee.restarts = restarts
        if let startTime {
            unsafe storage.pointee.start_time = try arena.message(startTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        unsafe storage.pointee.rss_bytes = rssBytes
        if let cpuTime {
            unsafe storage.pointee.cpu_time = try arena.message(cpuTime).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        unsafe storage.pointee.uses = uses
        if let retryTime {
            unsafe storage.pointee.retry_time = try arena.message(retryTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let logFailure {
            unsafe storage.pointee.log_failure = try arena.message(logFailure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        unsafe storage.pointee.lost_output_bytes = lostOutputBytes
        unsafe storage.pointee.outdated = outdated ? 1 : 0
    }
}

extension Instance {
    /// A `backends.v1.Instance` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = Instance
        @usableFromInline let storage: UnsafePointer<Backends__V1__Instance>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__Instance.self)
        }

        /// The message as a value.
        package func copied() -> Instance {
            unsafe Instance(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var state: InstanceState { unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue)) }

        package var pid: Int32 { unsafe storage.pointee.pid }

        package var address: String { unsafe MessageFields.string(storage.pointee.address) }

        @inlinable package func withAddress<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.address, body)
        }

        package var restarts: UInt32 { unsafe storage.pointee.restarts }

        @inlinable package var hasStartTime: Bool { unsafe storage.pointee.start_time != nil }

        @inlinable package func withStartTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.start_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }

        package var rssBytes: UInt64 { unsafe storage.pointee.rss_bytes }

        @inlinable package var hasCpuTime: Bool { unsafe storage.pointee.cpu_time != nil }

        @inlinable package func withCpuTime<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.cpu_time else { return nil }
            return try body(GoogleDuration.View(message))
        }

        package var uses: UInt32 { unsafe storage.pointee.uses }

        @inlinable package var hasRetryTime: Bool { unsafe storage.pointee.retry_time != nil }

        @inlinable package func withRetryTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.retry_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        @inlinable package var hasLogFailure: Bool { unsafe storage.pointee.log_failure != nil }

        @inlinable package func withLogFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.log_failure else { return nil }
            return try body(BackendFailure.View(message))
        }

        package var lostOutputBytes: UInt64 { unsafe storage.pointee.lost_output_bytes }

        package var outdated: Bool { unsafe storage.pointee.outdated != 0 }
    }
}

extension BackendFailure: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendFailure>.size }
    package static let protobufName = "backends.v1.BackendFailure"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendFailure()
        unsafe backends__v1__backend_failure__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        reason = unsafe MessageFields.string(storage.pointee.reason)
        message = unsafe MessageFields.string(storage.pointee.message)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendFailure.self, capacity: 1)
        unsafe backends__v1__backend_failure__init(storage)
        if !reason.isEmpty {
            unsafe storage.pointee.reason = try arena.string(reason, "backends.v1.BackendFailure.reason")
        }
        if !message.isEmpty {
            unsafe storage.pointee.message = try arena.string(message, "backends.v1.BackendFailure.message")
        }
    }
}

extension BackendFailure {
    /// A `backends.v1.BackendFailure` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendFailure
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendFailure>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }

        /// The message as a value.
        package func copied() -> BackendFailure {
            unsafe BackendFailure(copying: storage)
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

extension StartLockHolder: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StartLockHolder>.size }
    package static let protobufName = "backends.v1.StartLockHolder"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StartLockHolder()
        unsafe backends__v1__start_lock_holder__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartLockHolder.self)
        pid = unsafe storage.pointee.pid
        uid = unsafe storage.pointee.uid
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StartLockHolder.self, capacity: 1)
        unsafe backends__v1__start_lock_holder__init(storage)
        unsafe storage.pointee.pid = pid
        unsafe storage.pointee.uid = uid
    }
}

extension StartLockHolder {
    /// A `backends.v1.StartLockHolder` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StartLockHolder
        @usableFromInline let storage: UnsafePointer<Backends__V1__StartLockHolder>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartLockHolder.self)
        }

        /// The message as a value.
        package func copied() -> StartLockHolder {
            unsafe StartLockHolder(copying: storage)
        }

        package var pid: Int32 { unsafe storage.pointee.pid }

        package var uid: UInt32 { unsafe storage.pointee.uid }
    }
}

extension ConfigOrigin: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ConfigOrigin>.size }
    package static let protobufName = "backends.v1.ConfigOrigin"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ConfigOrigin()
        unsafe backends__v1__config_origin__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ConfigOrigin.self)
        path = unsafe MessageFields.string(storage.pointee.path)
        layer = unsafe MessageFields.string(storage.pointee.layer)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ConfigOrigin.self, capacity: 1)
        unsafe backends__v1__config_origin__init(storage)
        if !path.isEmpty {
            unsafe storage.pointee.path = try arena.string(path, "backends.v1.ConfigOrigin.path")
        }
        if !layer.isEmpty {
            unsafe storage.pointee.layer = try arena.string(layer, "backends.v1.ConfigOrigin.layer")
        }
    }
}

extension ConfigOrigin {
    /// A `backends.v1.ConfigOrigin` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ConfigOrigin
        @usableFromInline let storage: UnsafePointer<Backends__V1__ConfigOrigin>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ConfigOrigin.self)
        }

        /// The message as a value.
        package func copied() -> ConfigOrigin {
            unsafe ConfigOrigin(copying: storage)
        }

        package var path: String { unsafe MessageFields.string(storage.pointee.path) }

        @inlinable package func withPath<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.path, body)
        }

        package var layer: String { unsafe MessageFields.string(storage.pointee.layer) }

        @inlinable package func withLayer<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.layer, body)
        }
    }
}

extension CreateBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__CreateBackendRequest>.size }
    package static let protobufName = "backends.v1.CreateBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__CreateBackendRequest()
        unsafe backends__v1__create_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__CreateBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        type = unsafe MessageFields.string(storage.pointee.type)
        config = unsafe storage.pointee.config.map { GoogleStruct(copying: $0) }
        switch unsafe storage.pointee.order_case.rawValue {
        case 4: order = unsafe .priority(storage.pointee.priority)
        default: break
        }
        start = unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue))
        after = unsafe MessageFields.strings(storage.pointee.after, Int(storage.pointee.n_after))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__CreateBackendRequest.self, capacity: 1)
        unsafe backends__v1__create_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.CreateBackendRequest.name")
        }
        if !type.isEmpty {
            unsafe storage.pointee.type = try arena.string(type, "backends.v1.CreateBackendRequest.type")
        }
        if let config {
            unsafe storage.pointee.config = try arena.message(config).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
        switch order {
        case .priority(let value):
            unsafe storage.pointee.order_case = Backends__V1__CreateBackendRequest__OrderCase(rawValue: 4)
            unsafe storage.pointee.priority = value
        case nil: break
        }
        unsafe storage.pointee.start = Backends__V1__StartPolicy(rawValue: .init(truncatingIfNeeded: start.rawValue))
        if !after.isEmpty {
            unsafe storage.pointee.after = try arena.strings(after, "backends.v1.CreateBackendRequest.after")
            unsafe storage.pointee.n_after = after.count
        }
    }
}

extension CreateBackendRequest {
    /// A `backends.v1.CreateBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = CreateBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__CreateBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__CreateBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> CreateBackendRequest {
            unsafe CreateBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var type: String { unsafe MessageFields.string(storage.pointee.type) }

        @inlinable package func withType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.type, body)
        }

        @inlinable package var hasConfig: Bool { unsafe storage.pointee.config != nil }

        @inlinable package func withConfig<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config else { return nil }
            return try body(GoogleStruct.View(message))
        }

        @inlinable package var hasPriority: Bool { unsafe storage.pointee.order_case.rawValue == 4 }

        package var priority: Int32? {
            guard hasPriority else { return nil }
            return unsafe storage.pointee.priority
        }

        package var start: StartPolicy { unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue)) }

        @inlinable package var afterCount: Int { Int(unsafe storage.pointee.n_after) }

        @inlinable package func withAfter<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < afterCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.after[index], body)
        }
    }
}

extension CreateBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__CreateBackendResponse>.size }
    package static let protobufName = "backends.v1.CreateBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__CreateBackendResponse()
        unsafe backends__v1__create_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__CreateBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__CreateBackendResponse.self, capacity: 1)
        unsafe backends__v1__create_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
    }
}

extension CreateBackendResponse {
    /// A `backends.v1.CreateBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = CreateBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__CreateBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__CreateBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> CreateBackendResponse {
            unsafe CreateBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }
    }
}

extension GetBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__GetBackendRequest>.size }
    package static let protobufName = "backends.v1.GetBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__GetBackendRequest()
        unsafe backends__v1__get_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        includeOrigins = unsafe storage.pointee.include_origins != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__GetBackendRequest.self, capacity: 1)
        unsafe backends__v1__get_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.GetBackendRequest.name")
        }
        unsafe storage.pointee.include_origins = includeOrigins ? 1 : 0
    }
}

extension GetBackendRequest {
    /// A `backends.v1.GetBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GetBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__GetBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> GetBackendRequest {
            unsafe GetBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var includeOrigins: Bool { unsafe storage.pointee.include_origins != 0 }
    }
}

extension GetBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__GetBackendResponse>.size }
    package static let protobufName = "backends.v1.GetBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__GetBackendResponse()
        unsafe backends__v1__get_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        origins = unsafe MessageFields.messages(storage.pointee.origins, Int(storage.pointee.n_origins), ConfigOrigin.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__GetBackendResponse.self, capacity: 1)
        unsafe backends__v1__get_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        if !origins.isEmpty {
            unsafe storage.pointee.origins = try arena.messages(origins).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__ConfigOrigin>?.self)
            unsafe storage.pointee.n_origins = origins.count
        }
    }
}

extension GetBackendResponse {
    /// A `backends.v1.GetBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GetBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__GetBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> GetBackendResponse {
            unsafe GetBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        @inlinable package var originsCount: Int { Int(unsafe storage.pointee.n_origins) }

        @inlinable package func withOrigins<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ConfigOrigin.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < originsCount, "no element has this index")
            guard let message = unsafe storage.pointee.origins[index] else { return nil }
            return try body(ConfigOrigin.View(message))
        }
    }
}

extension ListBackendsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListBackendsRequest>.size }
    package static let protobufName = "backends.v1.ListBackendsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListBackendsRequest()
        unsafe backends__v1__list_backends_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendsRequest.self)
        pageSize = unsafe storage.pointee.page_size
        pageToken = unsafe MessageFields.string(storage.pointee.page_token)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListBackendsRequest.self, capacity: 1)
        unsafe backends__v1__list_backends_request__init(storage)
        unsafe storage.pointee.page_size = pageSize
        if !pageToken.isEmpty {
            unsafe storage.pointee.page_token = try arena.string(pageToken, "backends.v1.ListBackendsRequest.page_token")
        }
    }
}

extension ListBackendsRequest {
    /// A `backends.v1.ListBackendsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListBackendsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListBackendsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendsRequest.self)
        }

        /// The message as a value.
        package func copied() -> ListBackendsRequest {
            unsafe ListBackendsRequest(copying: storage)
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

extension ListBackendsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListBackendsResponse>.size }
    package static let protobufName = "backends.v1.ListBackendsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListBackendsResponse()
        unsafe backends__v1__list_backends_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendsResponse.self)
        backends = unsafe MessageFields.messages(storage.pointee.backends, Int(storage.pointee.n_backends), Backend.self)
        nextPageToken = unsafe MessageFields.string(storage.pointee.next_page_token)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListBackendsResponse.self, capacity: 1)
        unsafe backends__v1__list_backends_response__init(storage)
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.messages(backends).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__Backend>?.self)
            unsafe storage.pointee.n_backends = backends.count
        }
        if !nextPageToken.isEmpty {
            unsafe storage.pointee.next_page_token = try arena.string(nextPageToken, "backends.v1.ListBackendsResponse.next_page_token")
        }
    }
}

extension ListBackendsResponse {
    /// A `backends.v1.ListBackendsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListBackendsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListBackendsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendsResponse.self)
        }

        /// The message as a value.
        package func copied() -> ListBackendsResponse {
            unsafe ListBackendsResponse(copying: storage)
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(Backend.View(message))
        }

        package var nextPageToken: String { unsafe MessageFields.string(storage.pointee.next_page_token) }

        @inlinable package func withNextPageToken<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.next_page_token, body)
        }
    }
}

extension DeleteBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__DeleteBackendRequest>.size }
    package static let protobufName = "backends.v1.DeleteBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__DeleteBackendRequest()
        unsafe backends__v1__delete_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DeleteBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        force = unsafe storage.pointee.force != 0
        lockToken = unsafe storage.pointee.lock_token
        lockWait = unsafe storage.pointee.lock_wait.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__DeleteBackendRequest.self, capacity: 1)
        unsafe backends__v1__delete_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.DeleteBackendRequest.name")
        }
        unsafe storage.pointee.force = force ? 1 : 0
        unsafe storage.pointee.lock_token = lockToken
        if let lockWait {
            unsafe storage.pointee.lock_wait = try arena.message(lockWait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension DeleteBackendRequest {
    /// A `backends.v1.DeleteBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = DeleteBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__DeleteBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DeleteBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> DeleteBackendRequest {
            unsafe DeleteBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var force: Bool { unsafe storage.pointee.force != 0 }

        package var lockToken: UInt64 { unsafe storage.pointee.lock_token }

        @inlinable package var hasLockWait: Bool { unsafe storage.pointee.lock_wait != nil }

        @inlinable package func withLockWait<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.lock_wait else { return nil }
            return try body(GoogleDuration.View(message))
        }
    }
}

extension DeleteBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__DeleteBackendResponse>.size }
    package static let protobufName = "backends.v1.DeleteBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__DeleteBackendResponse()
        unsafe backends__v1__delete_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__DeleteBackendResponse.self, capacity: 1)
        unsafe backends__v1__delete_backend_response__init(storage)
    }
}

extension DeleteBackendResponse {
    /// A `backends.v1.DeleteBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = DeleteBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__DeleteBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DeleteBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> DeleteBackendResponse {
            unsafe DeleteBackendResponse(copying: storage)
        }
    }
}

extension RegisterConfigRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__RegisterConfigRequest>.size }
    package static let protobufName = "backends.v1.RegisterConfigRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__RegisterConfigRequest()
        unsafe backends__v1__register_config_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RegisterConfigRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        owner = unsafe MessageFields.string(storage.pointee.owner)
        config = unsafe storage.pointee.config.map { GoogleStruct(copying: $0) }
        expectedGeneration = unsafe storage.pointee.expected_generation
        apply = unsafe ConfigApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue))
        lockToken = unsafe storage.pointee.lock_token
        lockWait = unsafe storage.pointee.lock_wait.map { GoogleDuration(copying: $0) }
        includeOrigins = unsafe storage.pointee.include_origins != 0
        force = unsafe storage.pointee.force != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__RegisterConfigRequest.self, capacity: 1)
        unsafe backends__v1__register_config_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.RegisterConfigRequest.name")
        }
        if !owner.isEmpty {
            unsafe storage.pointee.owner = try arena.string(owner, "backends.v1.RegisterConfigRequest.owner")
        }
        if let config {
            unsafe storage.pointee.config = try arena.message(config).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
        unsafe storage.pointee.expected_generation = expectedGeneration
        unsafe storage.pointee.apply = Backends__V1__ConfigApply(rawValue: .init(truncatingIfNeeded: apply.rawValue))
        unsafe storage.pointee.lock_token = lockToken
        if let lockWait {
            unsafe storage.pointee.lock_wait = try arena.message(lockWait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        unsafe storage.pointee.include_origins = includeOrigins ? 1 : 0
        unsafe storage.pointee.force = force ? 1 : 0
    }
}

extension RegisterConfigRequest {
    /// A `backends.v1.RegisterConfigRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = RegisterConfigRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__RegisterConfigRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RegisterConfigRequest.self)
        }

        /// The message as a value.
        package func copied() -> RegisterConfigRequest {
            unsafe RegisterConfigRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var owner: String { unsafe MessageFields.string(storage.pointee.owner) }

        @inlinable package func withOwner<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.owner, body)
        }

        @inlinable package var hasConfig: Bool { unsafe storage.pointee.config != nil }

        @inlinable package func withConfig<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config else { return nil }
            return try body(GoogleStruct.View(message))
        }

        package var expectedGeneration: UInt64 { unsafe storage.pointee.expected_generation }

        package var apply: ConfigApply { unsafe ConfigApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue)) }

        package var lockToken: UInt64 { unsafe storage.pointee.lock_token }

        @inlinable package var hasLockWait: Bool { unsafe storage.pointee.lock_wait != nil }

        @inlinable package func withLockWait<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.lock_wait else { return nil }
            return try body(GoogleDuration.View(message))
        }

        package var includeOrigins: Bool { unsafe storage.pointee.include_origins != 0 }

        package var force: Bool { unsafe storage.pointee.force != 0 }
    }
}

extension RegisterConfigResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__RegisterConfigResponse>.size }
    package static let protobufName = "backends.v1.RegisterConfigResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__RegisterConfigResponse()
        unsafe backends__v1__register_config_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RegisterConfigResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        origins = unsafe MessageFields.messages(storage.pointee.origins, Int(storage.pointee.n_origins), ConfigOrigin.self)
        changed = unsafe storage.pointee.changed != 0
        staged = unsafe storage.pointee.staged != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__RegisterConfigResponse.self, capacity: 1)
        unsafe backends__v1__register_config_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        if !origins.isEmpty {
            unsafe storage.pointee.origins = try arena.messages(origins).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__ConfigOrigin>?.self)
            unsafe storage.pointee.n_origins = origins.count
        }
        unsafe storage.pointee.changed = changed ? 1 : 0
        unsafe storage.pointee.staged = staged ? 1 : 0
    }
}

extension RegisterConfigResponse {
    /// A `backends.v1.RegisterConfigResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = RegisterConfigResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__RegisterConfigResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RegisterConfigResponse.self)
        }

        /// The message as a value.
        package func copied() -> RegisterConfigResponse {
            unsafe RegisterConfigResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        @inlinable package var originsCount: Int { Int(unsafe storage.pointee.n_origins) }

        @inlinable package func withOrigins<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ConfigOrigin.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < originsCount, "no element has this index")
            guard let message = unsafe storage.pointee.origins[index] else { return nil }
            return try body(ConfigOrigin.View(message))
        }

        package var changed: Bool { unsafe storage.pointee.changed != 0 }

        package var staged: Bool { unsafe storage.pointee.staged != 0 }
    }
}

/// The methods of `backends.v1.BackendConfigService`.
package enum BackendConfigServiceMethods {
    package static let createBackend = RPCMethod<CreateBackendRequest, CreateBackendResponse>(
        service: "backends.v1.BackendConfigService", name: "CreateBackend", kind: .unary)
    package static let getBackend = RPCMethod<GetBackendRequest, GetBackendResponse>(
        service: "backends.v1.BackendConfigService", name: "GetBackend", kind: .unary)
    package static let listBackends = RPCMethod<ListBackendsRequest, ListBackendsResponse>(
        service: "backends.v1.BackendConfigService", name: "ListBackends", kind: .unary)
    package static let deleteBackend = RPCMethod<DeleteBackendRequest, DeleteBackendResponse>(
        service: "backends.v1.BackendConfigService", name: "DeleteBackend", kind: .unary)
    package static let registerConfig = RPCMethod<RegisterConfigRequest, RegisterConfigResponse>(
        service: "backends.v1.BackendConfigService", name: "RegisterConfig", kind: .unary)
}

/// Creates, shows, configures and deletes backends.
package protocol BackendConfigService: Sendable {
    /// Creates a stopped backend; its type checks the configuration.
    func createBackend(
        _ request: CreateBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> CreateBackendResponse

    /// Returns one backend, on request with the origin of each path of its configuration.
    func getBackend(
        _ request: GetBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> GetBackendResponse

    /// Lists backends in priority order, one page per call.
    func listBackends(
        _ request: ListBackendsRequest, context: CallContext
    ) async throws(RPCStatus) -> ListBackendsResponse

    /// Deletes a stopped or failed backend; with force, stops it first.
    func deleteBackend(
        _ request: DeleteBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DeleteBackendResponse

    /// Merges a patch (RFC 7396) into the layer of one owner.
    func registerConfig(
        _ request: RegisterConfigRequest, context: CallContext
    ) async throws(RPCStatus) -> RegisterConfigResponse
}

extension BackendConfigService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.BackendConfigService",
            methods: [
                MethodHandler(BackendConfigServiceMethods.createBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.createBackend(request, context: context)
                },
                MethodHandler(BackendConfigServiceMethods.getBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.getBackend(request, context: context)
                },
                MethodHandler(BackendConfigServiceMethods.listBackends) {
                    (request, context) async throws(RPCStatus) in
                    try await self.listBackends(request, context: context)
                },
                MethodHandler(BackendConfigServiceMethods.deleteBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.deleteBackend(request, context: context)
                },
                MethodHandler(BackendConfigServiceMethods.registerConfig) {
                    (request, context) async throws(RPCStatus) in
                    try await self.registerConfig(request, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.BackendConfigService`.
package struct BackendConfigServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Creates a stopped backend; its type checks the configuration.
    package nonisolated(nonsending) func createBackend(
        _ request: CreateBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> CreateBackendResponse {
        try await caller.unary(BackendConfigServiceMethods.createBackend, request, options: options)
    }

    /// Returns one backend, on request with the origin of each path of its configuration.
    package nonisolated(nonsending) func getBackend(
        _ request: GetBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> GetBackendResponse {
        try await caller.unary(BackendConfigServiceMethods.getBackend, request, options: options)
    }

    /// Lists backends in priority order, one page per call.
    package nonisolated(nonsending) func listBackends(
        _ request: ListBackendsRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ListBackendsResponse {
        try await caller.unary(BackendConfigServiceMethods.listBackends, request, options: options)
    }

    /// Deletes a stopped or failed backend; with force, stops it first.
    package nonisolated(nonsending) func deleteBackend(
        _ request: DeleteBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> DeleteBackendResponse {
        try await caller.unary(BackendConfigServiceMethods.deleteBackend, request, options: options)
    }

    /// Merges a patch (RFC 7396) into the layer of one owner.
    package nonisolated(nonsending) func registerConfig(
        _ request: RegisterConfigRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> RegisterConfigResponse {
        try await caller.unary(BackendConfigServiceMethods.registerConfig, request, options: options)
    }
}
