// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/lifecycle.proto; do not edit.

package import CProtos
public import SocketRPC

/// The message `backends.v1.StartBackendRequest`.
public struct StartBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.StartBackendRequest`.
    public var name: String = ""
    /// Ignore a start lock that another client holds, and break it.
    public var force: Bool = false
    /// The token of the start lock, if the caller holds it.
    public var lockToken: UInt64 = 0
    /// How long to wait for a start lock that another client holds; absent: fail at once.
    public var lockWait: GoogleDuration? = nil
    /// If the backend is started, restart at once the instances that are in BACKOFF, with their
    /// counters of restarts at 0.
    public var fresh: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        force: Bool = false,
        lockToken: UInt64 = 0,
        lockWait: GoogleDuration? = nil,
        fresh: Bool = false
    ) {
        self.name = name
        self.force = force
        self.lockToken = lockToken
        self.lockWait = lockWait
        self.fresh = fresh
    }
}

/// The message `backends.v1.StartBackendResponse`.
public struct StartBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.StartBackendResponse`.
    public var backend: Backend? = nil
    /// True if the backend was already started and nothing was done.
    public var alreadyStarted: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        alreadyStarted: Bool = false
    ) {
        self.backend = backend
        self.alreadyStarted = alreadyStarted
    }
}

/// The message `backends.v1.StopBackendRequest`.
public struct StopBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.StopBackendRequest`.
    public var name: String = ""
    /// The field `force` of `backends.v1.StopBackendRequest`.
    public var force: Bool = false
    /// The field `lockToken` of `backends.v1.StopBackendRequest`.
    public var lockToken: UInt64 = 0
    /// The field `lockWait` of `backends.v1.StopBackendRequest`.
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

/// The message `backends.v1.StopBackendResponse`.
public struct StopBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.StopBackendResponse`.
    public var backend: Backend? = nil
    /// True if the backend was already stopped and nothing was done.
    public var alreadyStopped: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        alreadyStopped: Bool = false
    ) {
        self.backend = backend
        self.alreadyStopped = alreadyStopped
    }
}

/// The message `backends.v1.RestartBackendRequest`.
public struct RestartBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.RestartBackendRequest`.
    public var name: String = ""
    /// Absent: the whole backend. Otherwise it must be STARTED.
    public var part: RestartBackendRequest.Part? = nil
    /// Ignore a start lock that another client holds, and break it. End the uses of the model at once.
    public var force: Bool = false
    /// The field `lockToken` of `backends.v1.RestartBackendRequest`.
    public var lockToken: UInt64 = 0
    /// The field `lockWait` of `backends.v1.RestartBackendRequest`.
    public var lockWait: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        part: RestartBackendRequest.Part? = nil,
        force: Bool = false,
        lockToken: UInt64 = 0,
        lockWait: GoogleDuration? = nil
    ) {
        self.name = name
        self.part = part
        self.force = force
        self.lockToken = lockToken
        self.lockWait = lockWait
    }

    /// The one of `backends.v1.RestartBackendRequest.part` that is set.
    public enum Part: Hashable, Sendable {
        /// A model that the backend loads: it is unloaded and loaded again.
        case modelID(String)
        /// The name of an instance; uses of its models stay.
        case instance(String)
    }
}

/// The message `backends.v1.RestartBackendResponse`.
public struct RestartBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.RestartBackendResponse`.
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

/// The message `backends.v1.EnableBackendRequest`.
public struct EnableBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.EnableBackendRequest`.
    public var name: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = ""
    ) {
        self.name = name
    }
}

/// The message `backends.v1.EnableBackendResponse`.
public struct EnableBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.EnableBackendResponse`.
    public var backend: Backend? = nil
    /// True if the backend was already enabled and nothing was done.
    public var alreadyEnabled: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        alreadyEnabled: Bool = false
    ) {
        self.backend = backend
        self.alreadyEnabled = alreadyEnabled
    }
}

/// The message `backends.v1.DisableBackendRequest`.
public struct DisableBackendRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.DisableBackendRequest`.
    public var name: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = ""
    ) {
        self.name = name
    }
}

/// The message `backends.v1.DisableBackendResponse`.
public struct DisableBackendResponse: Hashable, Sendable {
    /// The field `backend` of `backends.v1.DisableBackendResponse`.
    public var backend: Backend? = nil
    /// True if the backend was already disabled and nothing was done.
    public var alreadyDisabled: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: Backend? = nil,
        alreadyDisabled: Bool = false
    ) {
        self.backend = backend
        self.alreadyDisabled = alreadyDisabled
    }
}

/// The first message names the lock; a client sends only this one.
public struct HoldStartLockRequest: Hashable, Sendable {
    /// The field `name` of `backends.v1.HoldStartLockRequest`.
    public var name: String = ""
    /// How long to wait for the lock, at most one hour; absent: fail at once.
    public var wait: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        wait: GoogleDuration? = nil
    ) {
        self.name = name
        self.wait = wait
    }
}

/// The message `backends.v1.HoldStartLockResponse`.
public struct HoldStartLockResponse: Hashable, Sendable {
    /// The field `event` of `backends.v1.HoldStartLockResponse`.
    public var event: HoldStartLockResponse.Event? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        event: HoldStartLockResponse.Event? = nil
    ) {
        self.event = event
    }

    /// The one of `backends.v1.HoldStartLockResponse.event` that is set.
    public enum Event: Hashable, Sendable {
        /// The field `backends.v1.HoldStartLockResponse.acquired`.
        case acquired(StartLockAcquired)
    }
}

/// The message `backends.v1.StartLockAcquired`.
public struct StartLockAcquired: Hashable, Sendable {
    /// Larger than every earlier token, also after a restart of the daemon.
    public var token: UInt64 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        token: UInt64 = 0
    ) {
        self.token = token
    }
}

extension StartBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StartBackendRequest>.size }
    package static let protobufName = "backends.v1.StartBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StartBackendRequest()
        unsafe backends__v1__start_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        force = unsafe storage.pointee.force != 0
        lockToken = unsafe storage.pointee.lock_token
        lockWait = unsafe storage.pointee.lock_wait.map { GoogleDuration(copying: $0) }
        fresh = unsafe storage.pointee.fresh != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StartBackendRequest.self, capacity: 1)
        unsafe backends__v1__start_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.StartBackendRequest.name")
        }
        unsafe storage.pointee.force = force ? 1 : 0
        unsafe storage.pointee.lock_token = lockToken
        if let lockWait {
            unsafe storage.pointee.lock_wait = try arena.message(lockWait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
        unsafe storage.pointee.fresh = fresh ? 1 : 0
    }
}

extension StartBackendRequest {
    /// A `backends.v1.StartBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StartBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__StartBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> StartBackendRequest {
            unsafe StartBackendRequest(copying: storage)
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

        package var fresh: Bool { unsafe storage.pointee.fresh != 0 }
    }
}

extension StartBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StartBackendResponse>.size }
    package static let protobufName = "backends.v1.StartBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StartBackendResponse()
        unsafe backends__v1__start_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        alreadyStarted = unsafe storage.pointee.already_started != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StartBackendResponse.self, capacity: 1)
        unsafe backends__v1__start_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        unsafe storage.pointee.already_started = alreadyStarted ? 1 : 0
    }
}

extension StartBackendResponse {
    /// A `backends.v1.StartBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StartBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__StartBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> StartBackendResponse {
            unsafe StartBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        package var alreadyStarted: Bool { unsafe storage.pointee.already_started != 0 }
    }
}

extension StopBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StopBackendRequest>.size }
    package static let protobufName = "backends.v1.StopBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StopBackendRequest()
        unsafe backends__v1__stop_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StopBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        force = unsafe storage.pointee.force != 0
        lockToken = unsafe storage.pointee.lock_token
        lockWait = unsafe storage.pointee.lock_wait.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StopBackendRequest.self, capacity: 1)
        unsafe backends__v1__stop_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.StopBackendRequest.name")
        }
        unsafe storage.pointee.force = force ? 1 : 0
        unsafe storage.pointee.lock_token = lockToken
        if let lockWait {
            unsafe storage.pointee.lock_wait = try arena.message(lockWait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension StopBackendRequest {
    /// A `backends.v1.StopBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StopBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__StopBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StopBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> StopBackendRequest {
            unsafe StopBackendRequest(copying: storage)
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

extension StopBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StopBackendResponse>.size }
    package static let protobufName = "backends.v1.StopBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StopBackendResponse()
        unsafe backends__v1__stop_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StopBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        alreadyStopped = unsafe storage.pointee.already_stopped != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StopBackendResponse.self, capacity: 1)
        unsafe backends__v1__stop_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        unsafe storage.pointee.already_stopped = alreadyStopped ? 1 : 0
    }
}

extension StopBackendResponse {
    /// A `backends.v1.StopBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StopBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__StopBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StopBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> StopBackendResponse {
            unsafe StopBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        package var alreadyStopped: Bool { unsafe storage.pointee.already_stopped != 0 }
    }
}

extension RestartBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__RestartBackendRequest>.size }
    package static let protobufName = "backends.v1.RestartBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__RestartBackendRequest()
        unsafe backends__v1__restart_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RestartBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        switch unsafe storage.pointee.part_case.rawValue {
        case 2: part = unsafe .modelID(MessageFields.string(storage.pointee.model_id))
        case 3: part = unsafe .instance(MessageFields.string(storage.pointee.instance))
        default: break
        }
        force = unsafe storage.pointee.force != 0
        lockToken = unsafe storage.pointee.lock_token
        lockWait = unsafe storage.pointee.lock_wait.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__RestartBackendRequest.self, capacity: 1)
        unsafe backends__v1__restart_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.RestartBackendRequest.name")
        }
        switch part {
        case .modelID(let value):
            unsafe storage.pointee.part_case = Backends__V1__RestartBackendRequest__PartCase(rawValue: 2)
            unsafe storage.pointee.model_id = try arena.string(value, "backends.v1.RestartBackendRequest.model_id")
        case .instance(let value):
            unsafe storage.pointee.part_case = Backends__V1__RestartBackendRequest__PartCase(rawValue: 3)
            unsafe storage.pointee.instance = try arena.string(value, "backends.v1.RestartBackendRequest.instance")
        case nil: break
        }
        unsafe storage.pointee.force = force ? 1 : 0
        unsafe storage.pointee.lock_token = lockToken
        if let lockWait {
            unsafe storage.pointee.lock_wait = try arena.message(lockWait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension RestartBackendRequest {
    /// A `backends.v1.RestartBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = RestartBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__RestartBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RestartBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> RestartBackendRequest {
            unsafe RestartBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        @inlinable package var hasModelID: Bool { unsafe storage.pointee.part_case.rawValue == 2 }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasModelID else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        @inlinable package var hasInstance: Bool { unsafe storage.pointee.part_case.rawValue == 3 }

        @inlinable package func withInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasInstance else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.instance, body)
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

extension RestartBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__RestartBackendResponse>.size }
    package static let protobufName = "backends.v1.RestartBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__RestartBackendResponse()
        unsafe backends__v1__restart_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RestartBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__RestartBackendResponse.self, capacity: 1)
        unsafe backends__v1__restart_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
    }
}

extension RestartBackendResponse {
    /// A `backends.v1.RestartBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = RestartBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__RestartBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RestartBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> RestartBackendResponse {
            unsafe RestartBackendResponse(copying: storage)
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

extension EnableBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__EnableBackendRequest>.size }
    package static let protobufName = "backends.v1.EnableBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__EnableBackendRequest()
        unsafe backends__v1__enable_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EnableBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__EnableBackendRequest.self, capacity: 1)
        unsafe backends__v1__enable_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.EnableBackendRequest.name")
        }
    }
}

extension EnableBackendRequest {
    /// A `backends.v1.EnableBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = EnableBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__EnableBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EnableBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> EnableBackendRequest {
            unsafe EnableBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }
    }
}

extension EnableBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__EnableBackendResponse>.size }
    package static let protobufName = "backends.v1.EnableBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__EnableBackendResponse()
        unsafe backends__v1__enable_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EnableBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        alreadyEnabled = unsafe storage.pointee.already_enabled != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__EnableBackendResponse.self, capacity: 1)
        unsafe backends__v1__enable_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        unsafe storage.pointee.already_enabled = alreadyEnabled ? 1 : 0
    }
}

extension EnableBackendResponse {
    /// A `backends.v1.EnableBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = EnableBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__EnableBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__EnableBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> EnableBackendResponse {
            unsafe EnableBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        package var alreadyEnabled: Bool { unsafe storage.pointee.already_enabled != 0 }
    }
}

extension DisableBackendRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__DisableBackendRequest>.size }
    package static let protobufName = "backends.v1.DisableBackendRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__DisableBackendRequest()
        unsafe backends__v1__disable_backend_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DisableBackendRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__DisableBackendRequest.self, capacity: 1)
        unsafe backends__v1__disable_backend_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.DisableBackendRequest.name")
        }
    }
}

extension DisableBackendRequest {
    /// A `backends.v1.DisableBackendRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = DisableBackendRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__DisableBackendRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DisableBackendRequest.self)
        }

        /// The message as a value.
        package func copied() -> DisableBackendRequest {
            unsafe DisableBackendRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }
    }
}

extension DisableBackendResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__DisableBackendResponse>.size }
    package static let protobufName = "backends.v1.DisableBackendResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__DisableBackendResponse()
        unsafe backends__v1__disable_backend_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DisableBackendResponse.self)
        backend = unsafe storage.pointee.backend.map { Backend(copying: $0) }
        alreadyDisabled = unsafe storage.pointee.already_disabled != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__DisableBackendResponse.self, capacity: 1)
        unsafe backends__v1__disable_backend_response__init(storage)
        if let backend {
            unsafe storage.pointee.backend = try arena.message(backend).assumingMemoryBound(to: Backends__V1__Backend.self)
        }
        unsafe storage.pointee.already_disabled = alreadyDisabled ? 1 : 0
    }
}

extension DisableBackendResponse {
    /// A `backends.v1.DisableBackendResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = DisableBackendResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__DisableBackendResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DisableBackendResponse.self)
        }

        /// The message as a value.
        package func copied() -> DisableBackendResponse {
            unsafe DisableBackendResponse(copying: storage)
        }

        @inlinable package var hasBackend: Bool { unsafe storage.pointee.backend != nil }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (borrowing Backend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.backend else { return nil }
            return try body(Backend.View(message))
        }

        package var alreadyDisabled: Bool { unsafe storage.pointee.already_disabled != 0 }
    }
}

extension HoldStartLockRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HoldStartLockRequest>.size }
    package static let protobufName = "backends.v1.HoldStartLockRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HoldStartLockRequest()
        unsafe backends__v1__hold_start_lock_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HoldStartLockRequest.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        wait = unsafe storage.pointee.wait.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HoldStartLockRequest.self, capacity: 1)
        unsafe backends__v1__hold_start_lock_request__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.HoldStartLockRequest.name")
        }
        if let wait {
            unsafe storage.pointee.wait = try arena.message(wait).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension HoldStartLockRequest {
    /// A `backends.v1.HoldStartLockRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HoldStartLockRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__HoldStartLockRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HoldStartLockRequest.self)
        }

        /// The message as a value.
        package func copied() -> HoldStartLockRequest {
            unsafe HoldStartLockRequest(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        @inlinable package var hasWait: Bool { unsafe storage.pointee.wait != nil }

        @inlinable package func withWait<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.wait else { return nil }
            return try body(GoogleDuration.View(message))
        }
    }
}

extension HoldStartLockResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HoldStartLockResponse>.size }
    package static let protobufName = "backends.v1.HoldStartLockResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HoldStartLockResponse()
        unsafe backends__v1__hold_start_lock_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HoldStartLockResponse.self)
        switch unsafe storage.pointee.event_case.rawValue {
        case 1: event = unsafe .acquired(storage.pointee.acquired.map { StartLockAcquired(copying: $0) } ?? StartLockAcquired())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HoldStartLockResponse.self, capacity: 1)
        unsafe backends__v1__hold_start_lock_response__init(storage)
        switch event {
        case .acquired(let value):
            unsafe storage.pointee.event_case = Backends__V1__HoldStartLockResponse__EventCase(rawValue: 1)
            unsafe storage.pointee.acquired = try arena.message(value).assumingMemoryBound(to: Backends__V1__StartLockAcquired.self)
        case nil: break
        }
    }
}

extension HoldStartLockResponse {
    /// A `backends.v1.HoldStartLockResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HoldStartLockResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__HoldStartLockResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HoldStartLockResponse.self)
        }

        /// The message as a value.
        package func copied() -> HoldStartLockResponse {
            unsafe HoldStartLockResponse(copying: storage)
        }

        @inlinable package var hasAcquired: Bool { unsafe storage.pointee.event_case.rawValue == 1 }

        @inlinable package func withAcquired<Result, Failure: Error>(
            _ body: (borrowing StartLockAcquired.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasAcquired else { return nil }
            guard let message = unsafe storage.pointee.acquired else { return nil }
            return try body(StartLockAcquired.View(message))
        }
    }
}

extension StartLockAcquired: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StartLockAcquired>.size }
    package static let protobufName = "backends.v1.StartLockAcquired"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StartLockAcquired()
        unsafe backends__v1__start_lock_acquired__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartLockAcquired.self)
        token = unsafe storage.pointee.token
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StartLockAcquired.self, capacity: 1)
        unsafe backends__v1__start_lock_acquired__init(storage)
        unsafe storage.pointee.token = token
    }
}

extension StartLockAcquired {
    /// A `backends.v1.StartLockAcquired` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StartLockAcquired
        @usableFromInline let storage: UnsafePointer<Backends__V1__StartLockAcquired>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StartLockAcquired.self)
        }

        /// The message as a value.
        package func copied() -> StartLockAcquired {
            unsafe StartLockAcquired(copying: storage)
        }

        package var token: UInt64 { unsafe storage.pointee.token }
    }
}

/// The methods of `backends.v1.LifecycleService`.
package enum LifecycleServiceMethods {
    package static let startBackend = RPCMethod<StartBackendRequest, StartBackendResponse>(
        service: "backends.v1.LifecycleService", name: "StartBackend", kind: .unary)
    package static let stopBackend = RPCMethod<StopBackendRequest, StopBackendResponse>(
        service: "backends.v1.LifecycleService", name: "StopBackend", kind: .unary)
    package static let restartBackend = RPCMethod<RestartBackendRequest, RestartBackendResponse>(
        service: "backends.v1.LifecycleService", name: "RestartBackend", kind: .unary)
    package static let enableBackend = RPCMethod<EnableBackendRequest, EnableBackendResponse>(
        service: "backends.v1.LifecycleService", name: "EnableBackend", kind: .unary)
    package static let disableBackend = RPCMethod<DisableBackendRequest, DisableBackendResponse>(
        service: "backends.v1.LifecycleService", name: "DisableBackend", kind: .unary)
    package static let holdStartLock = RPCMethod<HoldStartLockRequest, HoldStartLockResponse>(
        service: "backends.v1.LifecycleService", name: "HoldStartLock", kind: .bidirectionalStreaming)
}

/// Starts and stops backends, and locks their start across processes.
package protocol LifecycleService: Sendable {
    /// Starts the backend; joins a start in progress. Ends the hold of an earlier stop.
    func startBackend(
        _ request: StartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StartBackendResponse

    /// Stops the backend; joins a stop in progress. Until a client starts the backend, requests for its
    /// models get FAILED_PRECONDITION BACKEND_HELD, and the daemon does not start it at boot.
    func stopBackend(
        _ request: StopBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StopBackendResponse

    /// Stops the backend if it runs, and starts it; or restarts one of its models or instances. Ends
    /// the hold of an earlier stop.
    func restartBackend(
        _ request: RestartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> RestartBackendResponse

    /// Allows requests and the boot to start the backend, as its start policy says.
    func enableBackend(
        _ request: EnableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> EnableBackendResponse

    /// Keeps requests and the boot from starting the backend. Does not stop it.
    func disableBackend(
        _ request: DisableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DisableBackendResponse

    /// Holds the start lock for as long as the stream is open.
    func holdStartLock(
        _ requests: RequestStream<HoldStartLockRequest>, responses: ResponseStream<HoldStartLockResponse>,
        context: CallContext
    ) async throws(RPCStatus)
}

extension LifecycleService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.LifecycleService",
            methods: [
                MethodHandler(LifecycleServiceMethods.startBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.startBackend(request, context: context)
                },
                MethodHandler(LifecycleServiceMethods.stopBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.stopBackend(request, context: context)
                },
                MethodHandler(LifecycleServiceMethods.restartBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.restartBackend(request, context: context)
                },
                MethodHandler(LifecycleServiceMethods.enableBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.enableBackend(request, context: context)
                },
                MethodHandler(LifecycleServiceMethods.disableBackend) {
                    (request, context) async throws(RPCStatus) in
                    try await self.disableBackend(request, context: context)
                },
                MethodHandler(LifecycleServiceMethods.holdStartLock) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.holdStartLock(request, responses: responses, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.LifecycleService`.
package struct LifecycleServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Starts the backend; joins a start in progress. Ends the hold of an earlier stop.
    package nonisolated(nonsending) func startBackend(
        _ request: StartBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> StartBackendResponse {
        try await caller.unary(LifecycleServiceMethods.startBackend, request, options: options)
    }

    /// Stops the backend; joins a stop in progress. Until a client starts the backend, requests for its
    /// models get FAILED_PRECONDITION BACKEND_HELD, and the daemon does not start it at boot.
    package nonisolated(nonsending) func stopBackend(
        _ request: StopBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> StopBackendResponse {
        try await caller.unary(LifecycleServiceMethods.stopBackend, request, options: options)
    }

    /// Stops the backend if it runs, and starts it; or restarts one of its models or instances. Ends
    /// the hold of an earlier stop.
    package nonisolated(nonsending) func restartBackend(
        _ request: RestartBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> RestartBackendResponse {
        try await caller.unary(LifecycleServiceMethods.restartBackend, request, options: options)
    }

    /// Allows requests and the boot to start the backend, as its start policy says.
    package nonisolated(nonsending) func enableBackend(
        _ request: EnableBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> EnableBackendResponse {
        try await caller.unary(LifecycleServiceMethods.enableBackend, request, options: options)
    }

    /// Keeps requests and the boot from starting the backend. Does not stop it.
    package nonisolated(nonsending) func disableBackend(
        _ request: DisableBackendRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> DisableBackendResponse {
        try await caller.unary(LifecycleServiceMethods.disableBackend, request, options: options)
    }

    /// Holds the start lock for as long as the stream is open.
    package nonisolated(nonsending) func holdStartLock<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<HoldStartLockRequest, HoldStartLockResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(LifecycleServiceMethods.holdStartLock, options: options, body)
    }
}
