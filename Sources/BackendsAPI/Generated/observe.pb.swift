// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/observe.proto; do not edit.

package import CProtos
public import SocketRPC

/// The enum `backends.v1.LogStream`.
public enum LogStream: Hashable, Sendable {
    /// `LOG_STREAM_UNSPECIFIED`, 0.
    case unspecified
    /// `LOG_STREAM_STDOUT`, 1.
    case stdout
    /// `LOG_STREAM_STDERR`, 2.
    case stderr
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .stdout
        case 2: self = .stderr
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .stdout: 1
        case .stderr: 2
        case .unrecognized(let number): number
        }
    }
}

/// The message `backends.v1.GetServerInfoRequest`.
public struct GetServerInfoRequest: Hashable, Sendable {
    /// A message with nothing set.
    public init() {}
}

/// The message `backends.v1.GetServerInfoResponse`.
public struct GetServerInfoResponse: Hashable, Sendable {
    /// The field `version` of `backends.v1.GetServerInfoResponse`.
    public var version: String = ""
    /// The ID of this run of the daemon.
    public var serverInstance: String = ""
    /// The field `startTime` of `backends.v1.GetServerInfoResponse`.
    public var startTime: GoogleTimestamp? = nil
    /// The field `pid` of `backends.v1.GetServerInfoResponse`.
    public var pid: Int32 = 0
    /// "ttrpc" and, if it is served, "grpc".
    public var protocols: [String] = []
    /// The field `socketPath` of `backends.v1.GetServerInfoResponse`.
    public var socketPath: String = ""
    /// The number of open connections, including this one.
    public var connections: UInt32 = 0
    /// The field `backends` of `backends.v1.GetServerInfoResponse`.
    public var backends: UInt32 = 0
    /// The sequence number of the newest event.
    public var sequence: UInt64 = 0
    /// Requests of all clients, kept until their handlers take them; limited by limits.input_bytes.
    public var input: MemoryBudget? = nil
    /// Output that waits until the clients read it; limited by limits.output_bytes.
    public var output: MemoryBudget? = nil
    /// The bytes of output of all instances that could not be written to their files, as far as this run
    /// of the daemon has learned of them. Only grows.
    public var lostOutputBytes: UInt64 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        version: String = "",
        serverInstance: String = "",
        startTime: GoogleTimestamp? = nil,
        pid: Int32 = 0,
        protocols: [String] = [],
        socketPath: String = "",
        connections: UInt32 = 0,
        backends: UInt32 = 0,
        sequence: UInt64 = 0,
        input: MemoryBudget? = nil,
        output: MemoryBudget? = nil,
        lostOutputBytes: UInt64 = 0
    ) {
        self.version = version
        self.serverInstance = serverInstance
        self.startTime = startTime
        self.pid = pid
        self.protocols = protocols
        self.socketPath = socketPath
        self.connections = connections
        self.backends = backends
        self.sequence = sequence
        self.input = input
        self.output = output
        self.lostOutputBytes = lostOutputBytes
    }
}

/// A limit on the memory that all connections use together.
public struct MemoryBudget: Hashable, Sendable {
    /// How much is kept now. Connections that keep less than 4 KiB are not counted.
    public var bytes: UInt64 = 0
    /// The field `limitBytes` of `backends.v1.MemoryBudget`.
    public var limitBytes: UInt64 = 0
    /// How many calls and connections have ended because the limit was reached.
    public var refusals: UInt64 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        bytes: UInt64 = 0,
        limitBytes: UInt64 = 0,
        refusals: UInt64 = 0
    ) {
        self.bytes = bytes
        self.limitBytes = limitBytes
        self.refusals = refusals
    }
}

/// The message `backends.v1.WatchBackendsRequest`.
public struct WatchBackendsRequest: Hashable, Sendable {
    /// The run whose events the caller has seen; empty: begin with a snapshot.
    public var serverInstance: String = ""
    /// The last sequence number that the caller has seen of that run.
    public var sinceSequence: UInt64 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        serverInstance: String = "",
        sinceSequence: UInt64 = 0
    ) {
        self.serverInstance = serverInstance
        self.sinceSequence = sinceSequence
    }
}

/// The message `backends.v1.WatchBackendsResponse`.
public struct WatchBackendsResponse: Hashable, Sendable {
    /// The field `event` of `backends.v1.WatchBackendsResponse`.
    public var event: WatchBackendsResponse.Event? = nil
    /// The events right after `event`, in order: a burst comes in few messages, also for a slow
    /// reader. `following` is empty in each of them.
    public var following: [WatchBackendsResponse] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        event: WatchBackendsResponse.Event? = nil,
        following: [WatchBackendsResponse] = []
    ) {
        self.event = event
        self.following = following
    }

    /// The one of `backends.v1.WatchBackendsResponse.event` that is set.
    public enum Event: Hashable, Sendable {
        /// The field `backends.v1.WatchBackendsResponse.snapshot`.
        case snapshot(BackendsSnapshot)
        /// The field `backends.v1.WatchBackendsResponse.change`.
        case change(BackendEvent)
        /// Events were lost; a snapshot follows.
        case gap(EventGap)
        /// The field `backends.v1.WatchBackendsResponse.instance`.
        case instance(InstanceEvent)
        /// The field `backends.v1.WatchBackendsResponse.model`.
        case model(ModelEvent)
    }
}

/// All backends and models as they were right after the event `sequence`, or later: the snapshot may
/// already include events that follow. If it is too large for one message, it comes in consecutive
/// parts.
public struct BackendsSnapshot: Hashable, Sendable {
    /// The field `serverInstance` of `backends.v1.BackendsSnapshot`.
    public var serverInstance: String = ""
    /// The field `sequence` of `backends.v1.BackendsSnapshot`.
    public var sequence: UInt64 = 0
    /// The field `backends` of `backends.v1.BackendsSnapshot`.
    public var backends: [Backend] = []
    /// The field `models` of `backends.v1.BackendsSnapshot`.
    public var models: [Model] = []
    /// Another part of this snapshot follows.
    public var more: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        serverInstance: String = "",
        sequence: UInt64 = 0,
        backends: [Backend] = [],
        models: [Model] = [],
        more: Bool = false
    ) {
        self.serverInstance = serverInstance
        self.sequence = sequence
        self.backends = backends
        self.models = models
        self.more = more
    }
}

/// The message `backends.v1.BackendEvent`.
public struct BackendEvent: Hashable, Sendable {
    /// Grows by one with each event of a run.
    public var sequence: UInt64 = 0
    /// The field `serverInstance` of `backends.v1.BackendEvent`.
    public var serverInstance: String = ""
    /// The field `time` of `backends.v1.BackendEvent`.
    public var time: GoogleTimestamp? = nil
    /// The field `backend` of `backends.v1.BackendEvent`.
    public var backend: String = ""
    /// UNSPECIFIED if this event created the backend.
    public var oldState: BackendState = .unspecified
    /// UNSPECIFIED if this event deleted the backend.
    public var newState: BackendState = .unspecified
    /// The field `generation` of `backends.v1.BackendEvent`.
    public var generation: UInt64 = 0
    /// A stable word in UPPER_SNAKE_CASE: CREATED, CONFIG_REGISTERED, START_REQUESTED, ...
    public var cause: String = ""
    /// Set if new_state is FAILED.
    public var failure: BackendFailure? = nil
    /// The stop that keeps the backend down after this event.
    public var hold: BackendHold? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        sequence: UInt64 = 0,
        serverInstance: String = "",
        time: GoogleTimestamp? = nil,
        backend: String = "",
        oldState: BackendState = .unspecified,
        newState: BackendState = .unspecified,
        generation: UInt64 = 0,
        cause: String = "",
        failure: BackendFailure? = nil,
        hold: BackendHold? = nil
    ) {
        self.sequence = sequence
        self.serverInstance = serverInstance
        self.time = time
        self.backend = backend
        self.oldState = oldState
        self.newState = newState
        self.generation = generation
        self.cause = cause
        self.failure = failure
        self.hold = hold
    }
}

/// The message `backends.v1.InstanceEvent`.
public struct InstanceEvent: Hashable, Sendable {
    /// Events of all kinds share one sequence.
    public var sequence: UInt64 = 0
    /// The field `serverInstance` of `backends.v1.InstanceEvent`.
    public var serverInstance: String = ""
    /// The field `time` of `backends.v1.InstanceEvent`.
    public var time: GoogleTimestamp? = nil
    /// The field `backend` of `backends.v1.InstanceEvent`.
    public var backend: String = ""
    /// The name of the instance.
    public var instance: String = ""
    /// The field `modelID` of `backends.v1.InstanceEvent`.
    public var modelID: String = ""
    /// UNSPECIFIED if this event created the instance.
    public var oldState: InstanceState = .unspecified
    /// UNSPECIFIED if the instance is gone.
    public var newState: InstanceState = .unspecified
    /// 0 while there is no process.
    public var pid: Int32 = 0
    /// The field `restarts` of `backends.v1.InstanceEvent`.
    public var restarts: UInt32 = 0
    /// Set if it ended by itself or failed: EXITED, KILLED, LIVENESS_FAILED, CRASH_LOOP, ...
    public var failure: BackendFailure? = nil
    /// When it is restarted; set while it is in BACKOFF.
    public var retryTime: GoogleTimestamp? = nil
    /// Why its output is not written to its files now; absent while it is written.
    public var logFailure: BackendFailure? = nil
    /// LOG_LOST or LOG_KEPT if only the writing of its output to files has changed; otherwise empty.
    public var cause: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        sequence: UInt64 = 0,
        serverInstance: String = "",
        time: GoogleTimestamp? = nil,
        backend: String = "",
        instance: String = "",
        modelID: String = "",
        oldState: InstanceState = .unspecified,
        newState: InstanceState = .unspecified,
        pid: Int32 = 0,
        restarts: UInt32 = 0,
        failure: BackendFailure? = nil,
        retryTime: GoogleTimestamp? = nil,
        logFailure: BackendFailure? = nil,
        cause: String = ""
    ) {
        self.sequence = sequence
        self.serverInstance = serverInstance
        self.time = time
        self.backend = backend
        self.instance = instance
        self.modelID = modelID
        self.oldState = oldState
        self.newState = newState
        self.pid = pid
        self.restarts = restarts
        self.failure = failure
        self.retryTime = retryTime
        self.logFailure = logFailure
        self.cause = cause
    }
}

/// The message `backends.v1.ModelEvent`.
public struct ModelEvent: Hashable, Sendable {
    /// Events of all kinds share one sequence.
    public var sequence: UInt64 = 0
    /// The field `serverInstance` of `backends.v1.ModelEvent`.
    public var serverInstance: String = ""
    /// The field `time` of `backends.v1.ModelEvent`.
    public var time: GoogleTimestamp? = nil
    /// The field `backend` of `backends.v1.ModelEvent`.
    public var backend: String = ""
    /// The field `modelID` of `backends.v1.ModelEvent`.
    public var modelID: String = ""
    /// The field `oldState` of `backends.v1.ModelEvent`.
    public var oldState: ModelState = .unspecified
    /// The field `newState` of `backends.v1.ModelEvent`.
    public var newState: ModelState = .unspecified
    /// A stable word in UPPER_SNAKE_CASE: LOAD_REQUESTED, LOADED, IDLE, EVICTED, ...
    public var cause: String = ""
    /// Set if new_state is FAILED.
    public var failure: BackendFailure? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        sequence: UInt64 = 0,
        serverInstance: String = "",
        time: GoogleTimestamp? = nil,
        backend: String = "",
        modelID: String = "",
        oldState: ModelState = .unspecified,
        newState: ModelState = .unspecified,
        cause: String = "",
        failure: BackendFailure? = nil
    ) {
        self.sequence = sequence
        self.serverInstance = serverInstance
        self.time = time
        self.backend = backend
        self.modelID = modelID
        self.oldState = oldState
        self.newState = newState
        self.cause = cause
        self.failure = failure
    }
}

/// The range of lost sequence numbers, both ends included.
public struct EventGap: Hashable, Sendable {
    /// The field `from` of `backends.v1.EventGap`.
    public var from: UInt64 = 0
    /// The field `to` of `backends.v1.EventGap`.
    public var to: UInt64 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        from: UInt64 = 0,
        to: UInt64 = 0
    ) {
        self.from = from
        self.to = to
    }
}

/// The message `backends.v1.ReadLogsRequest`.
public struct ReadLogsRequest: Hashable, Sendable {
    /// The field `backend` of `backends.v1.ReadLogsRequest`.
    public var backend: String = ""
    /// Only the instance of this model; empty: every instance.
    public var modelID: String = ""
    /// How many of the newest lines to begin with; 0: 200, or all if `since` is set. At most the lines
    /// that are kept in memory.
    public var lines: UInt32 = 0
    /// Continue with new lines. With a model: of its instance, until it is gone. Without a model: of
    /// every current and future instance, until the backend is deleted.
    public var follow: Bool = false
    /// Only this stream; UNSPECIFIED: both streams.
    public var stream: LogStream = .unspecified
    /// Leave out lines that are older. Lines of an earlier run of the daemon do not have a time: they
    /// are left out if their file was last written before this time.
    public var since: GoogleTimestamp? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: String = "",
        modelID: String = "",
        lines: UInt32 = 0,
        follow: Bool = false,
        stream: LogStream = .unspecified,
        since: GoogleTimestamp? = nil
    ) {
        self.backend = backend
        self.modelID = modelID
        self.lines = lines
        self.follow = follow
        self.stream = stream
        self.since = since
    }
}

/// The message `backends.v1.ReadLogsResponse`.
public struct ReadLogsResponse: Hashable, Sendable {
    /// The field `lines` of `backends.v1.ReadLogsResponse`.
    public var lines: [LogLine] = []
    /// With `follow`, true in the one message that completes the newest lines; it may be without
    /// lines. Later messages hold what was written after that.
    public var caughtUp: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        lines: [LogLine] = [],
        caughtUp: Bool = false
    ) {
        self.lines = lines
        self.caughtUp = caughtUp
    }
}

/// The message `backends.v1.LogLine`.
public struct LogLine: Hashable, Sendable {
    /// The field `instance` of `backends.v1.LogLine`.
    public var instance: String = ""
    /// The field `stream` of `backends.v1.LogLine`.
    public var stream: LogStream = .unspecified
    /// When the daemon read it; absent for a line of an earlier run of the daemon.
    public var time: GoogleTimestamp? = nil
    /// The line without its end. Control characters are written as escapes such as \u{1b}, bytes that are not UTF-8 are replaced, and a
    /// long line is cut.
    public var text: String = ""
    /// True if this reader lost lines before it.
    public var afterGap: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        instance: String = "",
        stream: LogStream = .unspecified,
        time: GoogleTimestamp? = nil,
        text: String = "",
        afterGap: Bool = false
    ) {
        self.instance = instance
        self.stream = stream
        self.time = time
        self.text = text
        self.afterGap = afterGap
    }
}

extension GetServerInfoRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__GetServerInfoRequest>.size }
    package static let protobufName = "backends.v1.GetServerInfoRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__GetServerInfoRequest()
        unsafe backends__v1__get_server_info_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__GetServerInfoRequest.self, capacity: 1)
        unsafe backends__v1__get_server_info_request__init(storage)
    }
}

extension GetServerInfoRequest {
    /// A `backends.v1.GetServerInfoRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GetServerInfoRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__GetServerInfoRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetServerInfoRequest.self)
        }

        /// The message as a value.
        package func copied() -> GetServerInfoRequest {
            unsafe GetServerInfoRequest(copying: storage)
        }
    }
}

extension GetServerInfoResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__GetServerInfoResponse>.size }
    package static let protobufName = "backends.v1.GetServerInfoResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__GetServerInfoResponse()
        unsafe backends__v1__get_server_info_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetServerInfoResponse.self)
        version = unsafe MessageFields.string(storage.pointee.version)
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        startTime = unsafe storage.pointee.start_time.map { GoogleTimestamp(copying: $0) }
        pid = unsafe storage.pointee.pid
        protocols = unsafe MessageFields.strings(storage.pointee.protocols, Int(storage.pointee.n_protocols))
        socketPath = unsafe MessageFields.string(storage.pointee.socket_path)
        connections = unsafe storage.pointee.connections
        backends = unsafe storage.pointee.backends
        sequence = unsafe storage.pointee.sequence
        input = unsafe storage.pointee.input.map { MemoryBudget(copying: $0) }
        output = unsafe storage.pointee.output.map { MemoryBudget(copying: $0) }
        lostOutputBytes = unsafe storage.pointee.lost_output_bytes
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__GetServerInfoResponse.self, capacity: 1)
        unsafe backends__v1__get_server_info_response__init(storage)
        if !version.isEmpty {
            unsafe storage.pointee.version = try arena.string(version, "backends.v1.GetServerInfoResponse.version")
        }
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.GetServerInfoResponse.server_instance")
        }
        if let startTime {
            unsafe storage.pointee.start_time = try arena.message(startTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        unsafe storage.pointee.pid = pid
        if !protocols.isEmpty {
            unsafe storage.pointee.protocols = try arena.strings(protocols, "backends.v1.GetServerInfoResponse.protocols")
            unsafe storage.pointee.n_protocols = protocols.count
        }
        if !socketPath.isEmpty {
            unsafe storage.pointee.socket_path = try arena.string(socketPath, "backends.v1.GetServerInfoResponse.socket_path")
        }
        unsafe storage.pointee.connections = connections
        unsafe storage.pointee.backends = backends
        unsafe storage.pointee.sequence = sequence
        if let input {
            unsafe storage.pointee.input = try arena.message(input).assumingMemoryBound(to: Backends__V1__MemoryBudget.self)
        }
        if let output {
            unsafe storage.pointee.output = try arena.message(output).assumingMemoryBound(to: Backends__V1__MemoryBudget.self)
        }
        unsafe storage.pointee.lost_output_bytes = lostOutputBytes
    }
}

extension GetServerInfoResponse {
    /// A `backends.v1.GetServerInfoResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GetServerInfoResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__GetServerInfoResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GetServerInfoResponse.self)
        }

        /// The message as a value.
        package func copied() -> GetServerInfoResponse {
            unsafe GetServerInfoResponse(copying: storage)
        }

        package var version: String { unsafe MessageFields.string(storage.pointee.version) }

        @inlinable package func withVersion<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.version, body)
        }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        @inlinable package var hasStartTime: Bool { unsafe storage.pointee.start_time != nil }

        @inlinable package func withStartTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.start_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var pid: Int32 { unsafe storage.pointee.pid }

        @inlinable package var protocolsCount: Int { Int(unsafe storage.pointee.n_protocols) }

        @inlinable package func withProtocols<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < protocolsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.protocols[index], body)
        }

        package var socketPath: String { unsafe MessageFields.string(storage.pointee.socket_path) }

        @inlinable package func withSocketPath<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.socket_path, body)
        }

        package var connections: UInt32 { unsafe storage.pointee.connections }

        package var backends: UInt32 { unsafe storage.pointee.backends }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        @inlinable package var hasInput: Bool { unsafe storage.pointee.input != nil }

        @inlinable package func withInput<Result, Failure: Error>(
            _ body: (borrowing MemoryBudget.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.input else { return nil }
            return try body(MemoryBudget.View(message))
        }

        @inlinable package var hasOutput: Bool { unsafe storage.pointee.output != nil }

        @inlinable package func withOutput<Result, Failure: Error>(
            _ body: (borrowing MemoryBudget.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.output else { return nil }
            return try body(MemoryBudget.View(message))
        }

        package var lostOutputBytes: UInt64 { unsafe storage.pointee.lost_output_bytes }
    }
}

extension MemoryBudget: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__MemoryBudget>.size }
    package static let protobufName = "backends.v1.MemoryBudget"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__MemoryBudget()
        unsafe backends__v1__memory_budget__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__MemoryBudget.self)
        bytes = unsafe storage.pointee.bytes
        limitBytes = unsafe storage.pointee.limit_bytes
        refusals = unsafe storage.pointee.refusals
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__MemoryBudget.self, capacity: 1)
        unsafe backends__v1__memory_budget__init(storage)
        unsafe storage.pointee.bytes = bytes
        unsafe storage.pointee.limit_bytes = limitBytes
        unsafe storage.pointee.refusals = refusals
    }
}

extension MemoryBudget {
    /// A `backends.v1.MemoryBudget` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = MemoryBudget
        @usableFromInline let storage: UnsafePointer<Backends__V1__MemoryBudget>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__MemoryBudget.self)
        }

        /// The message as a value.
        package func copied() -> MemoryBudget {
            unsafe MemoryBudget(copying: storage)
        }

        package var bytes: UInt64 { unsafe storage.pointee.bytes }

        package var limitBytes: UInt64 { unsafe storage.pointee.limit_bytes }

        package var refusals: UInt64 { unsafe storage.pointee.refusals }
    }
}

extension WatchBackendsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__WatchBackendsRequest>.size }
    package static let protobufName = "backends.v1.WatchBackendsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__WatchBackendsRequest()
        unsafe backends__v1__watch_backends_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__WatchBackendsRequest.self)
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        sinceSequence = unsafe storage.pointee.since_sequence
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__WatchBackendsRequest.self, capacity: 1)
        unsafe backends__v1__watch_backends_request__init(storage)
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.WatchBackendsRequest.server_instance")
        }
        unsafe storage.pointee.since_sequence = sinceSequence
    }
}

extension WatchBackendsRequest {
    /// A `backends.v1.WatchBackendsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = WatchBackendsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__WatchBackendsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__WatchBackendsRequest.self)
        }

        /// The message as a value.
        package func copied() -> WatchBackendsRequest {
            unsafe WatchBackendsRequest(copying: storage)
        }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        package var sinceSequence: UInt64 { unsafe storage.pointee.since_sequence }
    }
}

extension WatchBackendsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__WatchBackendsResponse>.size }
    package static let protobufName = "backends.v1.WatchBackendsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__WatchBackendsResponse()
        unsafe backends__v1__watch_backends_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__WatchBackendsResponse.self)
        switch unsafe storage.pointee.event_case.rawValue {
        case 1: event = unsafe .snapshot(storage.pointee.snapshot.map { BackendsSnapshot(copying: $0) } ?? BackendsSnapshot())
        case 2: event = unsafe .change(storage.pointee.change.map { BackendEvent(copying: $0) } ?? BackendEvent())
        case 3: event = unsafe .gap(storage.pointee.gap.map { EventGap(copying: $0) } ?? EventGap())
        case 4: event = unsafe .instance(storage.pointee.instance.map { InstanceEvent(copying: $0) } ?? InstanceEvent())
        case 5: event = unsafe .model(storage.pointee.model.map { ModelEvent(copying: $0) } ?? ModelEvent())
        default: break
        }
        following = unsafe MessageFields.messages(storage.pointee.following, Int(storage.pointee.n_following), WatchBackendsResponse.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__WatchBackendsResponse.self, capacity: 1)
        unsafe backends__v1__watch_backends_response__init(storage)
        switch event {
        case .snapshot(let value):
            unsafe storage.pointee.event_case = Backends__V1__WatchBackendsResponse__EventCase(rawValue: 1)
            unsafe storage.pointee.snapshot = try arena.message(value).assumingMemoryBound(to: Backends__V1__BackendsSnapshot.self)
        case .change(let value):
            unsafe storage.pointee.event_case = Backends__V1__WatchBackendsResponse__EventCase(rawValue: 2)
            unsafe storage.pointee.change = try arena.message(value).assumingMemoryBound(to: Backends__V1__BackendEvent.self)
        case .gap(let value):
            unsafe storage.pointee.event_case = Backends__V1__WatchBackendsResponse__EventCase(rawValue: 3)
            unsafe storage.pointee.gap = try arena.message(value).assumingMemoryBound(to: Backends__V1__EventGap.self)
        case .instance(let value):
            unsafe storage.pointee.event_case = Backends__V1__WatchBackendsResponse__EventCase(rawValue: 4)
            unsafe storage.pointee.instance = try arena.message(value).assumingMemoryBound(to: Backends__V1__InstanceEvent.self)
        case .model(let value):
            unsafe storage.pointee.event_case = Backends__V1__WatchBackendsResponse__EventCase(rawValue: 5)
            unsafe storage.pointee.model = try arena.message(value).assumingMemoryBound(to: Backends__V1__ModelEvent.self)
        case nil: break
        }
        if !following.isEmpty {
            unsafe storage.pointee.following = try arena.messages(following).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__WatchBackendsResponse>?.self)
            unsafe storage.pointee.n_following = following.count
        }
    }
}

extension WatchBackendsResponse {
    /// A `backends.v1.WatchBackendsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = WatchBackendsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__WatchBackendsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__WatchBackendsResponse.self)
        }

        /// The message as a value.
        package func copied() -> WatchBackendsResponse {
            unsafe WatchBackendsResponse(copying: storage)
        }

        @inlinable package var hasSnapshot: Bool { unsafe storage.pointee.event_case.rawValue == 1 }

        @inlinable package func withSnapshot<Result, Failure: Error>(
            _ body: (borrowing BackendsSnapshot.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasSnapshot else { return nil }
            guard let message = unsafe storage.pointee.snapshot else { return nil }
            return try body(BackendsSnapshot.View(message))
        }

        @inlinable package var hasChange: Bool { unsafe storage.pointee.event_case.rawValue == 2 }

        @inlinable package func withChange<Result, Failure: Error>(
            _ body: (borrowing BackendEvent.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasChange else { return nil }
            guard let message = unsafe storage.pointee.change else { return nil }
            return try body(BackendEvent.View(message))
        }

        @inlinable package var hasGap: Bool { unsafe storage.pointee.event_case.rawValue == 3 }

        @inlinable package func withGap<Result, Failure: Error>(
            _ body: (borrowing EventGap.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasGap else { return nil }
            guard let message = unsafe storage.pointee.gap else { return nil }
            return try body(EventGap.View(message))
        }

        @inlinable package var hasInstance: Bool { unsafe storage.pointee.event_case.rawValue == 4 }

        @inlinable package func withInstance<Result, Failure: Error>(
            _ body: (borrowing InstanceEvent.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasInstance else { return nil }
            guard let message = unsafe storage.pointee.instance else { return nil }
            return try body(InstanceEvent.View(message))
        }

        @inlinable package var hasModel: Bool { unsafe storage.pointee.event_case.rawValue == 5 }

        @inlinable package func withModel<Result, Failure: Error>(
            _ body: (borrowing ModelEvent.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasModel else { return nil }
            guard let message = unsafe storage.pointee.model else { return nil }
            return try body(ModelEvent.View(message))
        }

        @inlinable package var followingCount: Int { Int(unsafe storage.pointee.n_following) }

        @inlinable package func withFollowing<Result, Failure: Error>(
            at index: Int, _ body: (borrowing WatchBackendsResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < followingCount, "no element has this index")
            guard let message = unsafe storage.pointee.following[index] else { return nil }
            return try body(WatchBackendsResponse.View(message))
        }
    }
}

extension BackendsSnapshot: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendsSnapshot>.size }
    package static let protobufName = "backends.v1.BackendsSnapshot"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendsSnapshot()
        unsafe backends__v1__backends_snapshot__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendsSnapshot.self)
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        sequence = unsafe storage.pointee.sequence
        backends = unsafe MessageFields.messages(storage.pointee.backends, Int(storage.pointee.n_backends), Backend.self)
        models = unsafe MessageFields.messages(storage.pointee.models, Int(storage.pointee.n_models), Model.self)
        more = unsafe storage.pointee.more != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendsSnapshot.self, capacity: 1)
        unsafe backends__v1__backends_snapshot__init(storage)
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.BackendsSnapshot.server_instance")
        }
        unsafe storage.pointee.sequence = sequence
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.messages(backends).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__Backend>?.self)
            unsafe storage.pointee.n_backends = backends.count
        }
        if !models.isEmpty {
            unsafe storage.pointee.models = try arena.messages(models).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__Model>?.self)
            unsafe storage.pointee.n_models = models.count
        }
        unsafe storage.pointee.more = more ? 1 : 0
    }
}

extension BackendsSnapshot {
    /// A `backends.v1.BackendsSnapshot` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendsSnapshot
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendsSnapshot>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendsSnapshot.self)
        }

        /// The message as a value.
        package func copied() -> BackendsSnapshot {
            unsafe BackendsSnapshot(copying: storage)
        }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(Backend.View(message))
        }

        @inlinable package var modelsCount: Int { Int(unsafe storage.pointee.n_models) }

        @inlinable package func withModels<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Model.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < modelsCount, "no element has this index")
            guard let message = unsafe storage.pointee.models[index] else { return nil }
            return try body(Model.View(message))
        }

        package var more: Bool { unsafe storage.pointee.more != 0 }
    }
}

extension BackendEvent: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendEvent>.size }
    package static let protobufName = "backends.v1.BackendEvent"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendEvent()
        unsafe backends__v1__backend_event__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendEvent.self)
        sequence = unsafe storage.pointee.sequence
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        time = unsafe storage.pointee.time.map { GoogleTimestamp(copying: $0) }
        backend = unsafe MessageFields.string(storage.pointee.backend)
        oldState = unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue))
        newState = unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue))
        generation = unsafe storage.pointee.generation
        cause = unsafe MessageFields.string(storage.pointee.cause)
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
        hold = unsafe storage.pointee.hold.map { BackendHold(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendEvent.self, capacity: 1)
        unsafe backends__v1__backend_event__init(storage)
        unsafe storage.pointee.sequence = sequence
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.BackendEvent.server_instance")
        }
        if let time {
            unsafe storage.pointee.time = try arena.message(time).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.BackendEvent.backend")
        }
        unsafe storage.pointee.old_state = Backends__V1__BackendState(rawValue: .init(truncatingIfNeeded: oldState.rawValue))
        unsafe storage.pointee.new_state = Backends__V1__BackendState(rawValue: .init(truncatingIfNeeded: newState.rawValue))
        unsafe storage.pointee.generation = generation
        if !cause.isEmpty {
            unsafe storage.pointee.cause = try arena.string(cause, "backends.v1.BackendEvent.cause")
        }
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if let hold {
            unsafe storage.pointee.hold = try arena.message(hold).assumingMemoryBound(to: Backends__V1__BackendHold.self)
        }
    }
}

extension BackendEvent {
    /// A `backends.v1.BackendEvent` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendEvent
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendEvent>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendEvent.self)
        }

        /// The message as a value.
        package func copied() -> BackendEvent {
            unsafe BackendEvent(copying: storage)
        }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        @inlinable package var hasTime: Bool { unsafe storage.pointee.time != nil }

        @inlinable package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var oldState: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue)) }

        package var newState: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue)) }

        package var generation: UInt64 { unsafe storage.pointee.generation }

        package var cause: String { unsafe MessageFields.string(storage.pointee.cause) }

        @inlinable package func withCause<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.cause, body)
        }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }

        @inlinable package var hasHold: Bool { unsafe storage.pointee.hold != nil }

        @inlinable package func withHold<Result, Failure: Error>(
            _ body: (borrowing BackendHold.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.hold else { return nil }
            return try body(BackendHold.View(message))
        }
    }
}

extension InstanceEvent: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__InstanceEvent>.size }
    package static let protobufName = "backends.v1.InstanceEvent"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__InstanceEvent()
        unsafe backends__v1__instance_event__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__InstanceEvent.self)
        sequence = unsafe storage.pointee.sequence
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        time = unsafe storage.pointee.time.map { GoogleTimestamp(copying: $0) }
        backend = unsafe MessageFields.string(storage.pointee.backend)
        instance = unsafe MessageFields.string(storage.pointee.instance)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        oldState = unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue))
        newState = unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue))
        pid = unsafe storage.pointee.pid
        restarts = unsafe storage.pointee.restarts
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
        retryTime = unsafe storage.pointee.retry_time.map { GoogleTimestamp(copying: $0) }
        logFailure = unsafe storage.pointee.log_failure.map { BackendFailure(copying: $0) }
        cause = unsafe MessageFields.string(storage.pointee.cause)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__InstanceEvent.self, capacity: 1)
        unsafe backends__v1__instance_event__init(storage)
        unsafe storage.pointee.sequence = sequence
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.InstanceEvent.server_instance")
        }
        if let time {
            unsafe storage.pointee.time = try arena.message(time).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.InstanceEvent.backend")
        }
        if !instance.isEmpty {
            unsafe storage.pointee.instance = try arena.string(instance, "backends.v1.InstanceEvent.instance")
        }
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.InstanceEvent.model_id")
        }
        unsafe storage.pointee.old_state = Backends__V1__InstanceState(rawValue: .init(truncatingIfNeeded: oldState.rawValue))
        unsafe storage.pointee.new_state = Backends__V1__InstanceState(rawValue: .init(truncatingIfNeeded: newState.rawValue))
        unsafe storage.pointee.pid = pid
        unsafe storage.pointee.restarts = restarts
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if let retryTime {
            unsafe storage.pointee.retry_time = try arena.message(retryTime).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if let logFailure {
            unsafe storage.pointee.log_failure = try arena.message(logFailure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
        if !cause.isEmpty {
            unsafe storage.pointee.cause = try arena.string(cause, "backends.v1.InstanceEvent.cause")
        }
    }
}

extension InstanceEvent {
    /// A `backends.v1.InstanceEvent` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = InstanceEvent
        @usableFromInline let storage: UnsafePointer<Backends__V1__InstanceEvent>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__InstanceEvent.self)
        }

        /// The message as a value.
        package func copied() -> InstanceEvent {
            unsafe InstanceEvent(copying: storage)
        }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        @inlinable package var hasTime: Bool { unsafe storage.pointee.time != nil }

        @inlinable package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
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

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var oldState: InstanceState { unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue)) }

        package var newState: InstanceState { unsafe InstanceState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue)) }

        package var pid: Int32 { unsafe storage.pointee.pid }

        package var restarts: UInt32 { unsafe storage.pointee.restarts }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }

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

        package var cause: String { unsafe MessageFields.string(storage.pointee.cause) }

        @inlinable package func withCause<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.cause, body)
        }
    }
}

extension ModelEvent: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ModelEvent>.size }
    package static let protobufName = "backends.v1.ModelEvent"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ModelEvent()
        unsafe backends__v1__model_event__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelEvent.self)
        sequence = unsafe storage.pointee.sequence
        serverInstance = unsafe MessageFields.string(storage.pointee.server_instance)
        time = unsafe storage.pointee.time.map { GoogleTimestamp(copying: $0) }
        backend = unsafe MessageFields.string(storage.pointee.backend)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        oldState = unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue))
        newState = unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue))
        cause = unsafe MessageFields.string(storage.pointee.cause)
        failure = unsafe storage.pointee.failure.map { BackendFailure(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ModelEvent.self, capacity: 1)
        unsafe backends__v1__model_event__init(storage)
        unsafe storage.pointee.sequence = sequence
        if !serverInstance.isEmpty {
            unsafe storage.pointee.server_instance = try arena.string(serverInstance, "backends.v1.ModelEvent.server_instance")
        }
        if let time {
            unsafe storage.pointee.time = try arena.message(time).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ModelEvent.backend")
        }
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.ModelEvent.model_id")
        }
        unsafe storage.pointee.old_state = Backends__V1__ModelState(rawValue: .init(truncatingIfNeeded: oldState.rawValue))
        unsafe storage.pointee.new_state = Backends__V1__ModelState(rawValue: .init(truncatingIfNeeded: newState.rawValue))
        if !cause.isEmpty {
            unsafe storage.pointee.cause = try arena.string(cause, "backends.v1.ModelEvent.cause")
        }
        if let failure {
            unsafe storage.pointee.failure = try arena.message(failure).assumingMemoryBound(to: Backends__V1__BackendFailure.self)
        }
    }
}

extension ModelEvent {
    /// A `backends.v1.ModelEvent` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ModelEvent
        @usableFromInline let storage: UnsafePointer<Backends__V1__ModelEvent>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ModelEvent.self)
        }

        /// The message as a value.
        package func copied() -> ModelEvent {
            unsafe ModelEvent(copying: storage)
        }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        @inlinable package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        @inlinable package var hasTime: Bool { unsafe storage.pointee.time != nil }

        @inlinable package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var oldState: ModelState { unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue)) }

        package var newState: ModelState { unsafe ModelState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue)) }

        package var cause: String { unsafe MessageFields.string(storage.pointee.cause) }

        @inlinable package func withCause<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.cause, body)
        }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing BackendFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(BackendFailure.View(message))
        }
    }
}

extension EventGap: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__EventGap>.size }
    package static let protobufName = "backends.v1.EventGap"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__EventGap()
        unsafe backends__v1__event_gap__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EventGap.self)
        from = unsafe storage.pointee.from
        to = unsafe storage.pointee.to
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__EventGap.self, capacity: 1)
        unsafe backends__v1__event_gap__init(storage)
        unsafe storage.pointee.from = from
        unsafe storage.pointee.to = to
    }
}

extension EventGap {
    /// A `backends.v1.EventGap` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = EventGap
        @usableFromInline let storage: UnsafePointer<Backends__V1__EventGap>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EventGap.self)
        }

        /// The message as a value.
        package func copied() -> EventGap {
            unsafe EventGap(copying: storage)
        }

        package var from: UInt64 { unsafe storage.pointee.from }

        package var to: UInt64 { unsafe storage.pointee.to }
    }
}

extension ReadLogsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReadLogsRequest>.size }
    package static let protobufName = "backends.v1.ReadLogsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReadLogsRequest()
        unsafe backends__v1__read_logs_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReadLogsRequest.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        lines = unsafe storage.pointee.lines
        follow = unsafe storage.pointee.follow != 0
        stream = unsafe LogStream(rawValue: Int32(truncatingIfNeeded: storage.pointee.stream.rawValue))
        since = unsafe storage.pointee.since.map { GoogleTimestamp(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReadLogsRequest.self, capacity: 1)
        unsafe backends__v1__read_logs_request__init(storage)
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.ReadLogsRequest.backend")
        }
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.ReadLogsRequest.model_id")
        }
        unsafe storage.pointee.lines = lines
        unsafe storage.pointee.follow = follow ? 1 : 0
        unsafe storage.pointee.stream = Backends__V1__LogStream(rawValue: .init(truncatingIfNeeded: stream.rawValue))
        if let since {
            unsafe storage.pointee.since = try arena.message(since).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
    }
}

extension ReadLogsRequest {
    /// A `backends.v1.ReadLogsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReadLogsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReadLogsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReadLogsRequest.self)
        }

        /// The message as a value.
        package func copied() -> ReadLogsRequest {
            unsafe ReadLogsRequest(copying: storage)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var lines: UInt32 { unsafe storage.pointee.lines }

        package var follow: Bool { unsafe storage.pointee.follow != 0 }

        package var stream: LogStream { unsafe LogStream(rawValue: Int32(truncatingIfNeeded: storage.pointee.stream.rawValue)) }

        @inlinable package var hasSince: Bool { unsafe storage.pointee.since != nil }

        @inlinable package func withSince<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.since else { return nil }
            return try body(GoogleTimestamp.View(message))
        }
    }
}

extension ReadLogsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReadLogsResponse>.size }
    package static let protobufName = "backends.v1.ReadLogsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReadLogsResponse()
        unsafe backends__v1__read_logs_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReadLogsResponse.self)
        lines = unsafe MessageFields.messages(storage.pointee.lines, Int(storage.pointee.n_lines), LogLine.self)
        caughtUp = unsafe storage.pointee.caught_up != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReadLogsResponse.self, capacity: 1)
        unsafe backends__v1__read_logs_response__init(storage)
        if !lines.isEmpty {
            unsafe storage.pointee.lines = try arena.messages(lines).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__LogLine>?.self)
            unsafe storage.pointee.n_lines = lines.count
        }
        unsafe storage.pointee.caught_up = caughtUp ? 1 : 0
    }
}

extension ReadLogsResponse {
    /// A `backends.v1.ReadLogsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReadLogsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReadLogsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReadLogsResponse.self)
        }

        /// The message as a value.
        package func copied() -> ReadLogsResponse {
            unsafe ReadLogsResponse(copying: storage)
        }

        @inlinable package var linesCount: Int { Int(unsafe storage.pointee.n_lines) }

        @inlinable package func withLines<Result, Failure: Error>(
            at index: Int, _ body: (borrowing LogLine.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < linesCount, "no element has this index")
            guard let message = unsafe storage.pointee.lines[index] else { return nil }
            return try body(LogLine.View(message))
        }

        package var caughtUp: Bool { unsafe storage.pointee.caught_up != 0 }
    }
}

extension LogLine: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__LogLine>.size }
    package static let protobufName = "backends.v1.LogLine"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__LogLine()
        unsafe backends__v1__log_line__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LogLine.self)
        instance = unsafe MessageFields.string(storage.pointee.instance)
        stream = unsafe LogStream(rawValue: Int32(truncatingIfNeeded: storage.pointee.stream.rawValue))
        time = unsafe storage.pointee.time.map { GoogleTimestamp(copying: $0) }
        text = unsafe MessageFields.string(storage.pointee.text)
        afterGap = unsafe storage.pointee.after_gap != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__LogLine.self, capacity: 1)
        unsafe backends__v1__log_line__init(storage)
        if !instance.isEmpty {
            unsafe storage.pointee.instance = try arena.string(instance, "backends.v1.LogLine.instance")
        }
        unsafe storage.pointee.stream = Backends__V1__LogStream(rawValue: .init(truncatingIfNeeded: stream.rawValue))
        if let time {
            unsafe storage.pointee.time = try arena.message(time).assumingMemoryBound(to: Google__Protobuf__Timestamp.self)
        }
        if !text.isEmpty {
            unsafe storage.pointee.text = try arena.string(text, "backends.v1.LogLine.text")
        }
        unsafe storage.pointee.after_gap = afterGap ? 1 : 0
    }
}

extension LogLine {
    /// A `backends.v1.LogLine` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = LogLine
        @usableFromInline let storage: UnsafePointer<Backends__V1__LogLine>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__LogLine.self)
        }

        /// The message as a value.
        package func copied() -> LogLine {
            unsafe LogLine(copying: storage)
        }

        package var instance: String { unsafe MessageFields.string(storage.pointee.instance) }

        @inlinable package func withInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.instance, body)
        }

        package var stream: LogStream { unsafe LogStream(rawValue: Int32(truncatingIfNeeded: storage.pointee.stream.rawValue)) }

        @inlinable package var hasTime: Bool { unsafe storage.pointee.time != nil }

        @inlinable package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var text: String { unsafe MessageFields.string(storage.pointee.text) }

        @inlinable package func withText<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.text, body)
        }

        package var afterGap: Bool { unsafe storage.pointee.after_gap != 0 }
    }
}

/// The methods of `backends.v1.ObserveService`.
package enum ObserveServiceMethods {
    package static let getServerInfo = RPCMethod<GetServerInfoRequest, GetServerInfoResponse>(
        service: "backends.v1.ObserveService", name: "GetServerInfo", kind: .unary)
    package static let watchBackends = RPCMethod<WatchBackendsRequest, WatchBackendsResponse>(
        service: "backends.v1.ObserveService", name: "WatchBackends", kind: .serverStreaming)
    package static let readLogs = RPCMethod<ReadLogsRequest, ReadLogsResponse>(
        service: "backends.v1.ObserveService", name: "ReadLogs", kind: .serverStreaming)
}

/// Describes the daemon and reports changes.
package protocol ObserveService: Sendable {
    /// Returns the version of the daemon, the ID of this run, and how much it keeps for its clients.
    func getServerInfo(
        _ request: GetServerInfoRequest, context: CallContext
    ) async throws(RPCStatus) -> GetServerInfoResponse

    /// Streams each change of a backend, an instance or a model, after a snapshot or a replay.
    func watchBackends(
        _ request: WatchBackendsRequest, responses: ResponseStream<WatchBackendsResponse>, context: CallContext
    ) async throws(RPCStatus)

    /// Streams what the instances of a backend wrote to their standard output and error, also in
    /// earlier runs of the daemon.
    func readLogs(
        _ request: ReadLogsRequest, responses: ResponseStream<ReadLogsResponse>, context: CallContext
    ) async throws(RPCStatus)
}

extension ObserveService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.ObserveService",
            methods: [
                MethodHandler(ObserveServiceMethods.getServerInfo) {
                    (request, context) async throws(RPCStatus) in
                    try await self.getServerInfo(request, context: context)
                },
                MethodHandler(ObserveServiceMethods.watchBackends) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.watchBackends(request, responses: responses, context: context)
                },
                MethodHandler(ObserveServiceMethods.readLogs) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.readLogs(request, responses: responses, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.ObserveService`.
package struct ObserveServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Returns the version of the daemon, the ID of this run, and how much it keeps for its clients.
    package nonisolated(nonsending) func getServerInfo(
        _ request: GetServerInfoRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> GetServerInfoResponse {
        try await caller.unary(ObserveServiceMethods.getServerInfo, request, options: options)
    }

    /// Streams each change of a backend, an instance or a model, after a snapshot or a replay.
    package nonisolated(nonsending) func watchBackends<Result>(
        _ request: WatchBackendsRequest, options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<WatchBackendsRequest, WatchBackendsResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(ObserveServiceMethods.watchBackends, options: options) { stream in
            try await stream.send(request)
            try await stream.finishSending()
            return try await body(stream)
        }
    }

    /// Streams what the instances of a backend wrote to their standard output and error, also in
    /// earlier runs of the daemon.
    package nonisolated(nonsending) func readLogs<Result>(
        _ request: ReadLogsRequest, options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<ReadLogsRequest, ReadLogsResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(ObserveServiceMethods.readLogs, options: options) { stream in
            try await stream.send(request)
            try await stream.finishSending()
            return try await body(stream)
        }
    }
}
