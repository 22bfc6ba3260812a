// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from ttrpc/ttrpc.proto; do not edit.

package import CProtos

/// The message `ttrpc.Request`.
public struct TTRPCRequest: Hashable, Sendable {
    /// The field `service` of `ttrpc.Request`.
    public var service: String = ""
    /// The field `method` of `ttrpc.Request`.
    public var method: String = ""
    /// The field `payload` of `ttrpc.Request`.
    public var payload: [UInt8] = []
    /// The deadline, in nanoseconds after receipt; 0: none.
    public var timeoutNano: Int64 = 0
    /// The field `metadata` of `ttrpc.Request`.
    public var metadata: [TTRPCKeyValue] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        service: String = "",
        method: String = "",
        payload: [UInt8] = [],
        timeoutNano: Int64 = 0,
        metadata: [TTRPCKeyValue] = []
    ) {
        self.service = service
        self.method = method
        self.payload = payload
        self.timeoutNano = timeoutNano
        self.metadata = metadata
    }
}

/// The message `ttrpc.Response`.
public struct TTRPCResponse: Hashable, Sendable {
    /// The field `status` of `ttrpc.Response`.
    public var status: GoogleStatus? = nil
    /// The field `payload` of `ttrpc.Response`.
    public var payload: [UInt8] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        status: GoogleStatus? = nil,
        payload: [UInt8] = []
    ) {
        self.status = status
        self.payload = payload
    }
}

/// The message `ttrpc.KeyValue`.
public struct TTRPCKeyValue: Hashable, Sendable {
    /// The field `key` of `ttrpc.KeyValue`.
    public var key: String = ""
    /// The field `value` of `ttrpc.KeyValue`.
    public var value: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        key: String = "",
        value: String = ""
    ) {
        self.key = key
        self.value = value
    }
}

extension TTRPCRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Ttrpc__Request>.size }
    package static let protobufName = "ttrpc.Request"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Ttrpc__Request()
        unsafe ttrpc__request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Ttrpc__Request.self)
        service = unsafe MessageFields.string(storage.pointee.service)
        method = unsafe MessageFields.string(storage.pointee.method)
        payload = unsafe MessageFields.bytes(storage.pointee.payload)
        timeoutNano = unsafe storage.pointee.timeout_nano
        metadata = unsafe MessageFields.messages(storage.pointee.metadata, Int(storage.pointee.n_metadata), TTRPCKeyValue.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Ttrpc__Request.self, capacity: 1)
        unsafe ttrpc__request__init(storage)
        if !service.isEmpty {
            unsafe storage.pointee.service = try arena.string(service, "ttrpc.Request.service")
        }
        if !method.isEmpty {
            unsafe storage.pointee.method = try arena.string(method, "ttrpc.Request.method")
        }
        if !payload.isEmpty {
            unsafe storage.pointee.payload = try arena.bytes(payload)
        }
        unsafe storage.pointee.timeout_nano = timeoutNano
        if !metadata.isEmpty {
            unsafe storage.pointee.metadata = try arena.messages(metadata).assumingMemoryBound(to: UnsafeMutablePointer<Ttrpc__KeyValue>?.self)
            unsafe storage.pointee.n_metadata = metadata.count
        }
    }
}

extension TTRPCRequest {
    /// A `ttrpc.Request` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = TTRPCRequest
        @usableFromInline let storage: UnsafePointer<Ttrpc__Request>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Ttrpc__Request.self)
        }

        /// The message as a value.
        package func copied() -> TTRPCRequest {
            unsafe TTRPCRequest(copying: storage)
        }

        package var service: String { unsafe MessageFields.string(storage.pointee.service) }

        @inlinable package func withService<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.service, body)
        }

        package var method: String { unsafe MessageFields.string(storage.pointee.method) }

        @inlinable package func withMethod<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.method, body)
        }

        package var payload: [UInt8] { unsafe MessageFields.bytes(storage.pointee.payload) }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withBytes(storage.pointee.payload, body)
        }

        package var timeoutNano: Int64 { unsafe storage.pointee.timeout_nano }

        @inlinable package var metadataCount: Int { Int(unsafe storage.pointee.n_metadata) }

        @inlinable package func withMetadata<Result, Failure: Error>(
            at index: Int, _ body: (borrowing TTRPCKeyValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < metadataCount, "no element has this index")
            guard let message = unsafe storage.pointee.metadata[index] else { return nil }
            return try body(TTRPCKeyValue.View(message))
        }
    }
}

extension TTRPCResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Ttrpc__Response>.size }
    package static let protobufName = "ttrpc.Response"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Ttrpc__Response()
        unsafe ttrpc__response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Ttrpc__Response.self)
        status = unsafe storage.pointee.status.map { GoogleStatus(copying: $0) }
        payload = unsafe MessageFields.bytes(storage.pointee.payload)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Ttrpc__Response.self, capacity: 1)
        unsafe ttrpc__response__init(storage)
        if let status {
            unsafe storage.pointee.status = try arena.message(status).assumingMemoryBound(to: Google__Rpc__Status.self)
        }
        if !payload.isEmpty {
            unsafe storage.pointee.payload = try arena.bytes(payload)
        }
    }
}

extension TTRPCResponse {
    /// A `ttrpc.Response` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = TTRPCResponse
        @usableFromInline let storage: UnsafePointer<Ttrpc__Response>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Ttrpc__Response.self)
        }

        /// The message as a value.
        package func copied() -> TTRPCResponse {
            unsafe TTRPCResponse(copying: storage)
        }

        @inlinable package var hasStatus: Bool { unsafe storage.pointee.status != nil }

        @inlinable package func withStatus<Result, Failure: Error>(
            _ body: (borrowing GoogleStatus.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.status else { return nil }
            return try body(GoogleStatus.View(message))
        }

        package var payload: [UInt8] { unsafe MessageFields.bytes(storage.pointee.payload) }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withBytes(storage.pointee.payload, body)
        }
    }
}

extension TTRPCKeyValue: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Ttrpc__KeyValue>.size }
    package static let protobufName = "ttrpc.KeyValue"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Ttrpc__KeyValue()
        unsafe ttrpc__key_value__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Ttrpc__KeyValue.self)
        key = unsafe MessageFields.string(storage.pointee.key)
        value = unsafe MessageFields.string(storage.pointee.value)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Ttrpc__KeyValue.self, capacity: 1)
        unsafe ttrpc__key_value__init(storage)
        if !key.isEmpty {
            unsafe storage.pointee.key = try arena.string(key, "ttrpc.KeyValue.key")
        }
        if !value.isEmpty {
            unsafe storage.pointee.value = try arena.string(value, "ttrpc.KeyValue.value")
        }
    }
}

extension TTRPCKeyValue {
    /// A `ttrpc.KeyValue` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = TTRPCKeyValue
        @usableFromInline let storage: UnsafePointer<Ttrpc__KeyValue>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Ttrpc__KeyValue.self)
        }

        /// The message as a value.
        package func copied() -> TTRPCKeyValue {
            unsafe TTRPCKeyValue(copying: storage)
        }

        package var key: String { unsafe MessageFields.string(storage.pointee.key) }

        @inlinable package func withKey<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.key, body)
        }

        package var value: String { unsafe MessageFields.string(storage.pointee.value) }

        @inlinable package func withValue<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.value, body)
        }
    }
}
