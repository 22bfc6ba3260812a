// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/observe.proto; do not edit.

package import CProtos
public import SocketRPC

/// The message `backends.v1.GetServerInfoRequest`.
public struct GetServerInfoRequest: Hashable, Sendable {
    /// A message with nothing set.
    public init() {}
}

/// The message `backends.v1.GetServerInfoResponse`.
public struct GetServerInfoResponse: Hashable, Sendable {
    /// The field `version` of `backends.v1.GetServerInfoResponse`.
    public var version: String = ""
    /// An id of this run of the daemon.
    public var serverInstance: String = ""
    /// The field `startTime` of `backends.v1.GetServerInfoResponse`.
    public var startTime: GoogleTimestamp? = nil
    /// The field `pid` of `backends.v1.GetServerInfoResponse`.
    public var pid: Int32 = 0
    /// "ttrpc" and, where it is served, "grpc".
    public var protocols: [String] = []
    /// The field `socketPath` of `backends.v1.GetServerInfoResponse`.
    public var socketPath: String = ""
    /// Connections open now, this one included.
    public var connections: UInt32 = 0
    /// The field `backends` of `backends.v1.GetServerInfoResponse`.
    public var backends: UInt32 = 0
    /// The sequence of the newest event.
    public var sequence: UInt64 = 0

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
        sequence: UInt64 = 0
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
    }
}

/// The message `backends.v1.WatchBackendsRequest`.
public struct WatchBackendsRequest: Hashable, Sendable {
    /// The run whose events the caller has seen; empty: start with a snapshot.
    public var serverInstance: String = ""
    /// The last sequence the caller has seen of that run.
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

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        event: WatchBackendsResponse.Event? = nil
    ) {
        self.event = event
    }

    /// The one of `backends.v1.WatchBackendsResponse.event` that is set.
    public enum Event: Hashable, Sendable {
        /// The field `backends.v1.WatchBackendsResponse.snapshot`.
        case snapshot(BackendsSnapshot)
        /// The field `backends.v1.WatchBackendsResponse.change`.
        case change(BackendEvent)
        /// Events were lost; a snapshot follows.
        case gap(EventGap)
    }
}

/// All backends as they were right after the event `sequence`.
public struct BackendsSnapshot: Hashable, Sendable {
    /// The field `serverInstance` of `backends.v1.BackendsSnapshot`.
    public var serverInstance: String = ""
    /// The field `sequence` of `backends.v1.BackendsSnapshot`.
    public var sequence: UInt64 = 0
    /// The field `backends` of `backends.v1.BackendsSnapshot`.
    public var backends: [Backend] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        serverInstance: String = "",
        sequence: UInt64 = 0,
        backends: [Backend] = []
    ) {
        self.serverInstance = serverInstance
        self.sequence = sequence
        self.backends = backends
    }
}

/// The message `backends.v1.BackendEvent`.
public struct BackendEvent: Hashable, Sendable {
    /// Grows by one with every event of a run.
    public var sequence: UInt64 = 0
    /// The field `serverInstance` of `backends.v1.BackendEvent`.
    public var serverInstance: String = ""
    /// The field `time` of `backends.v1.BackendEvent`.
    public var time: GoogleTimestamp? = nil
    /// The field `backend` of `backends.v1.BackendEvent`.
    public var backend: String = ""
    /// UNSPECIFIED when the backend was created by this event.
    public var oldState: BackendState = .unspecified
    /// UNSPECIFIED when the backend was deleted by this event.
    public var newState: BackendState = .unspecified
    /// The field `generation` of `backends.v1.BackendEvent`.
    public var generation: UInt64 = 0
    /// A stable UPPER_SNAKE word: CREATED, CONFIG_REGISTERED, START_REQUESTED, ...
    public var cause: String = ""
    /// Set when new_state is FAILED.
    public var failure: BackendFailure? = nil

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
        failure: BackendFailure? = nil
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
    }
}

/// The lost sequences, both ends included.
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

        package func withVersion<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.version, body)
        }

        package var serverInstance: String { unsafe MessageFields.string(storage.pointee.server_instance) }

        package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        package var hasStartTime: Bool { unsafe storage.pointee.start_time != nil }

        package func withStartTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.start_time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var pid: Int32 { unsafe storage.pointee.pid }

        package var protocolsCount: Int { Int(unsafe storage.pointee.n_protocols) }

        package func withProtocols<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < protocolsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.protocols[index], body)
        }

        package var socketPath: String { unsafe MessageFields.string(storage.pointee.socket_path) }

        package func withSocketPath<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.socket_path, body)
        }

        package var connections: UInt32 { unsafe storage.pointee.connections }

        package var backends: UInt32 { unsafe storage.pointee.backends }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }
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

        package func withServerInstance<Result, Failure: Error>(
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
        default: break
        }
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
        case nil: break
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

        package var hasSnapshot: Bool { unsafe storage.pointee.event_case.rawValue == 1 }

        package func withSnapshot<Result, Failure: Error>(
            _ body: (borrowing BackendsSnapshot.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasSnapshot else { return nil }
            guard let message = unsafe storage.pointee.snapshot else { return nil }
            return try body(BackendsSnapshot.View(message))
        }

        package var hasChange: Bool { unsafe storage.pointee.event_case.rawValue == 2 }

        package func withChange<Result, Failure: Error>(
            _ body: (borrowing BackendEvent.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasChange else { return nil }
            guard let message = unsafe storage.pointee.change else { return nil }
            return try body(BackendEvent.View(message))
        }

        package var hasGap: Bool { unsafe storage.pointee.event_case.rawValue == 3 }

        package func withGap<Result, Failure: Error>(
            _ body: (borrowing EventGap.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasGap else { return nil }
            guard let message = unsafe storage.pointee.gap else { return nil }
            return try body(EventGap.View(message))
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

        package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        package var sequence: UInt64 { unsafe storage.pointee.sequence }

        package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(Backend.View(message))
        }
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

        package func withServerInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.server_instance, body)
        }

        package var hasTime: Bool { unsafe storage.pointee.time != nil }

        package func withTime<Result, Failure: Error>(
            _ body: (borrowing GoogleTimestamp.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time else { return nil }
            return try body(GoogleTimestamp.View(message))
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var oldState: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.old_state.rawValue)) }

        package var newState: BackendState { unsafe BackendState(rawValue: Int32(truncatingIfNeeded: storage.pointee.new_state.rawValue)) }

        package var generation: UInt64 { unsafe storage.pointee.generation }

        package var cause: String { unsafe MessageFields.string(storage.pointee.cause) }

        package func withCause<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.cause, body)
        }

        package var hasFailure: Bool { unsafe storage.pointee.failure != nil }

        package func withFailure<Result, Failure: Error>(
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

/// The methods of `backends.v1.ObserveService`.
package enum ObserveServiceMethods {
    package static let getServerInfo = RPCMethod<GetServerInfoRequest, GetServerInfoResponse>(
        service: "backends.v1.ObserveService", name: "GetServerInfo", kind: .unary)
    package static let watchBackends = RPCMethod<WatchBackendsRequest, WatchBackendsResponse>(
        service: "backends.v1.ObserveService", name: "WatchBackends", kind: .serverStreaming)
}

/// Tells what the daemon is and what happens in it.
package protocol ObserveService: Sendable {
    /// Answers `backends.v1.ObserveService.GetServerInfo`.
    func getServerInfo(
        _ request: GetServerInfoRequest, context: CallContext
    ) async throws(RPCStatus) -> GetServerInfoResponse

    /// Streams every change of a backend, after a snapshot or a replay.
    func watchBackends(
        _ request: WatchBackendsRequest, responses: ResponseStream<WatchBackendsResponse>, context: CallContext
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
            ])
    }
}

/// Calls the methods of `backends.v1.ObserveService`.
package struct ObserveServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Calls `backends.v1.ObserveService.GetServerInfo`.
    package nonisolated(nonsending) func getServerInfo(
        _ request: GetServerInfoRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> GetServerInfoResponse {
        try await caller.unary(ObserveServiceMethods.getServerInfo, request, options: options)
    }

    /// Streams every change of a backend, after a snapshot or a replay.
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
}
