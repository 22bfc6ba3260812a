// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/backend_type.proto; do not edit.

package import CProtos
public import SocketRPC

/// The message `backends.v1.ListBackendTypesRequest`.
public struct ListBackendTypesRequest: Hashable, Sendable {
    /// A message with nothing set.
    public init() {}
}

/// The message `backends.v1.ListBackendTypesResponse`.
public struct ListBackendTypesResponse: Hashable, Sendable {
    /// The field `types` of `backends.v1.ListBackendTypesResponse`.
    public var types: [BackendType] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        types: [BackendType] = []
    ) {
        self.types = types
    }
}

/// A kind of backend: what it runs and which configuration it takes.
public struct BackendType: Hashable, Sendable {
    /// Matches [A-Z][A-Z0-9_]*, for example "LOCAL".
    public var name: String = ""
    /// One sentence that helps to choose a type.
    public var summary: String = ""
    /// JSON Schema (draft 2020-12) of the configuration.
    public var configSchema: GoogleStruct? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        summary: String = "",
        configSchema: GoogleStruct? = nil
    ) {
        self.name = name
        self.summary = summary
        self.configSchema = configSchema
    }
}

extension ListBackendTypesRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListBackendTypesRequest>.size }
    package static let protobufName = "backends.v1.ListBackendTypesRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListBackendTypesRequest()
        unsafe backends__v1__list_backend_types_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListBackendTypesRequest.self, capacity: 1)
        unsafe backends__v1__list_backend_types_request__init(storage)
    }
}

extension ListBackendTypesRequest {
    /// A `backends.v1.ListBackendTypesRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListBackendTypesRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListBackendTypesRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendTypesRequest.self)
        }

        /// The message as a value.
        package func copied() -> ListBackendTypesRequest {
            unsafe ListBackendTypesRequest(copying: storage)
        }
    }
}

extension ListBackendTypesResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ListBackendTypesResponse>.size }
    package static let protobufName = "backends.v1.ListBackendTypesResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ListBackendTypesResponse()
        unsafe backends__v1__list_backend_types_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendTypesResponse.self)
        types = unsafe MessageFields.messages(storage.pointee.types, Int(storage.pointee.n_types), BackendType.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ListBackendTypesResponse.self, capacity: 1)
        unsafe backends__v1__list_backend_types_response__init(storage)
        if !types.isEmpty {
            unsafe storage.pointee.types = try arena.messages(types).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__BackendType>?.self)
            unsafe storage.pointee.n_types = types.count
        }
    }
}

extension ListBackendTypesResponse {
    /// A `backends.v1.ListBackendTypesResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListBackendTypesResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ListBackendTypesResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ListBackendTypesResponse.self)
        }

        /// The message as a value.
        package func copied() -> ListBackendTypesResponse {
            unsafe ListBackendTypesResponse(copying: storage)
        }

        @inlinable package var typesCount: Int { Int(unsafe storage.pointee.n_types) }

        @inlinable package func withTypes<Result, Failure: Error>(
            at index: Int, _ body: (borrowing BackendType.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < typesCount, "no element has this index")
            guard let message = unsafe storage.pointee.types[index] else { return nil }
            return try body(BackendType.View(message))
        }
    }
}

extension BackendType: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendType>.size }
    package static let protobufName = "backends.v1.BackendType"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendType()
        unsafe backends__v1__backend_type__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendType.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        summary = unsafe MessageFields.string(storage.pointee.summary)
        configSchema = unsafe storage.pointee.config_schema.map { GoogleStruct(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendType.self, capacity: 1)
        unsafe backends__v1__backend_type__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.BackendType.name")
        }
        if !summary.isEmpty {
            unsafe storage.pointee.summary = try arena.string(summary, "backends.v1.BackendType.summary")
        }
        if let configSchema {
            unsafe storage.pointee.config_schema = try arena.message(configSchema).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
    }
}

extension BackendType {
    /// A `backends.v1.BackendType` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendType
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendType>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendType.self)
        }

        /// The message as a value.
        package func copied() -> BackendType {
            unsafe BackendType(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var summary: String { unsafe MessageFields.string(storage.pointee.summary) }

        @inlinable package func withSummary<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.summary, body)
        }

        @inlinable package var hasConfigSchema: Bool { unsafe storage.pointee.config_schema != nil }

        @inlinable package func withConfigSchema<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config_schema else { return nil }
            return try body(GoogleStruct.View(message))
        }
    }
}

/// The methods of `backends.v1.BackendTypeService`.
package enum BackendTypeServiceMethods {
    package static let listBackendTypes = RPCMethod<ListBackendTypesRequest, ListBackendTypesResponse>(
        service: "backends.v1.BackendTypeService", name: "ListBackendTypes", kind: .unary)
}

/// The kinds of backend that this daemon can create.
package protocol BackendTypeService: Sendable {
    /// Lists every registered type, sorted by name.
    func listBackendTypes(
        _ request: borrowing ListBackendTypesRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ListBackendTypesResponse>
}

extension BackendTypeService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.BackendTypeService",
            methods: [
                MethodHandler(name: "ListBackendTypes", kind: .unary, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe ListBackendTypesRequest.View(try arena.decoding(ListBackendTypesRequest.descriptor, payload))
                    switch try self.listBackendTypes(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
            ])
    }
}

/// Calls the methods of `backends.v1.BackendTypeService`.
package struct BackendTypeServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Lists every registered type, sorted by name.
    package nonisolated(nonsending) func listBackendTypes(
        _ request: ListBackendTypesRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ListBackendTypesResponse {
        try await caller.unary(BackendTypeServiceMethods.listBackendTypes, request, options: options)
    }
}
