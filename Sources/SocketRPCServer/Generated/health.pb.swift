// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from grpc/health/v1/health.proto; do not edit.

package import CProtos
package import SocketRPC
package import TextKeys

/// The message `grpc.health.v1.HealthCheckRequest`.
package struct HealthCheckRequest: Hashable, Sendable {
    /// Empty: the server itself.
    package var service: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        service: String = ""
    ) {
        self.service = service
    }
}

/// The message `grpc.health.v1.HealthCheckResponse`.
package struct HealthCheckResponse: Hashable, Sendable {
    /// The field `status` of `grpc.health.v1.HealthCheckResponse`.
    package var status: HealthCheckResponse.ServingStatus = .unknown

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        status: HealthCheckResponse.ServingStatus = .unknown
    ) {
        self.status = status
    }

    /// The enum `grpc.health.v1.HealthCheckResponse.ServingStatus`.
    package enum ServingStatus: Hashable, Sendable {
        /// `UNKNOWN`, 0.
        case unknown
        /// `SERVING`, 1.
        case serving
        /// `NOT_SERVING`, 2.
        case notServing
        /// Only Watch returns this.
        case serviceUnknown
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a number on the wire.
        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unknown
            case 1: self = .serving
            case 2: self = .notServing
            case 3: self = .serviceUnknown
            default: self = .unrecognized(rawValue)
            }
        }

        /// The number on the wire.
        package var rawValue: Int32 {
            switch self {
            case .unknown: 0
            case .serving: 1
            case .notServing: 2
            case .serviceUnknown: 3
            case .unrecognized(let number): number
            }
        }
    }
}

/// The message `grpc.health.v1.HealthListRequest`.
package struct HealthListRequest: Hashable, Sendable {
    /// A message with nothing set.
    package init() {}
}

/// The message `grpc.health.v1.HealthListResponse`.
package struct HealthListResponse: Hashable, Sendable {
    /// The field `statuses` of `grpc.health.v1.HealthListResponse`.
    package var statuses: TextMap<HealthCheckResponse> = [:]

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        statuses: TextMap<HealthCheckResponse> = [:]
    ) {
        self.statuses = statuses
    }
}

extension HealthCheckRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Health__V1__HealthCheckRequest>.size }
    package static let protobufName = "grpc.health.v1.HealthCheckRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Health__V1__HealthCheckRequest()
        unsafe grpc__health__v1__health_check_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthCheckRequest.self)
        service = unsafe MessageFields.string(storage.pointee.service)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Health__V1__HealthCheckRequest.self, capacity: 1)
        unsafe grpc__health__v1__health_check_request__init(storage)
        if !service.isEmpty {
            unsafe storage.pointee.service = try arena.string(service, "grpc.health.v1.HealthCheckRequest.service")
        }
    }
}

extension HealthCheckRequest {
    /// A `grpc.health.v1.HealthCheckRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HealthCheckRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Health__V1__HealthCheckRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthCheckRequest.self)
        }

        /// The message as a value.
        package func copied() -> HealthCheckRequest {
            unsafe HealthCheckRequest(copying: storage)
        }

        package var service: String { unsafe MessageFields.string(storage.pointee.service) }

        @inlinable package func withService<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.service, body)
        }
    }
}

extension HealthCheckResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Health__V1__HealthCheckResponse>.size }
    package static let protobufName = "grpc.health.v1.HealthCheckResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Health__V1__HealthCheckResponse()
        unsafe grpc__health__v1__health_check_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthCheckResponse.self)
        status = unsafe HealthCheckResponse.ServingStatus(rawValue: Int32(truncatingIfNeeded: storage.pointee.status.rawValue))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Health__V1__HealthCheckResponse.self, capacity: 1)
        unsafe grpc__health__v1__health_check_response__init(storage)
        unsafe storage.pointee.status = Grpc__Health__V1__HealthCheckResponse__ServingStatus(rawValue: .init(truncatingIfNeeded: status.rawValue))
    }
}

extension HealthCheckResponse {
    /// A `grpc.health.v1.HealthCheckResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HealthCheckResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Health__V1__HealthCheckResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthCheckResponse.self)
        }

        /// The message as a value.
        package func copied() -> HealthCheckResponse {
            unsafe HealthCheckResponse(copying: storage)
        }

        package var status: HealthCheckResponse.ServingStatus { unsafe HealthCheckResponse.ServingStatus(rawValue: Int32(truncatingIfNeeded: storage.pointee.status.rawValue)) }
    }
}

extension HealthListRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Health__V1__HealthListRequest>.size }
    package static let protobufName = "grpc.health.v1.HealthListRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Health__V1__HealthListRequest()
        unsafe grpc__health__v1__health_list_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Health__V1__HealthListRequest.self, capacity: 1)
        unsafe grpc__health__v1__health_list_request__init(storage)
    }
}

extension HealthListRequest {
    /// A `grpc.health.v1.HealthListRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HealthListRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Health__V1__HealthListRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthListRequest.self)
        }

        /// The message as a value.
        package func copied() -> HealthListRequest {
            unsafe HealthListRequest(copying: storage)
        }
    }
}

extension HealthListResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Health__V1__HealthListResponse>.size }
    package static let protobufName = "grpc.health.v1.HealthListResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Health__V1__HealthListResponse()
        unsafe grpc__health__v1__health_list_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthListResponse.self)
        for index in 0..<Int(unsafe storage.pointee.n_statuses) {
            guard let entry = unsafe storage.pointee.statuses?[index] else { continue }
            statuses[unsafe MessageFields.string(entry.pointee.key)] = unsafe entry.pointee.value.map { HealthCheckResponse(copying: $0) } ?? HealthCheckResponse()
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Health__V1__HealthListResponse.self, capacity: 1)
        unsafe grpc__health__v1__health_list_response__init(storage)
        if !statuses.isEmpty {
            unsafe storage.pointee.statuses = try arena.entries(statuses.sorted()) {
                (entry: UnsafeMutablePointer<Grpc__Health__V1__HealthListResponse__StatusesEntry>, key, value) throws(PayloadError) in
                unsafe grpc__health__v1__health_list_response__statuses_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "grpc.health.v1.HealthListResponse.StatusesEntry.key")
                unsafe entry.pointee.value = try arena.message(value).assumingMemoryBound(to: Grpc__Health__V1__HealthCheckResponse.self)
            }
            unsafe storage.pointee.n_statuses = statuses.count
        }
    }
}

extension HealthListResponse {
    /// A `grpc.health.v1.HealthListResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HealthListResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Health__V1__HealthListResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Health__V1__HealthListResponse.self)
        }

        /// The message as a value.
        package func copied() -> HealthListResponse {
            unsafe HealthListResponse(copying: storage)
        }

        package var statuses: TextMap<HealthCheckResponse> {
            unsafe HealthListResponse(copying: storage).statuses
        }
    }
}

/// The methods of `grpc.health.v1.Health`.
package enum HealthMethods {
    package static let check = RPCMethod<HealthCheckRequest, HealthCheckResponse>(
        service: "grpc.health.v1.Health", name: "Check", kind: .unary)
    package static let list = RPCMethod<HealthListRequest, HealthListResponse>(
        service: "grpc.health.v1.Health", name: "List", kind: .unary)
    package static let watch = RPCMethod<HealthCheckRequest, HealthCheckResponse>(
        service: "grpc.health.v1.Health", name: "Watch", kind: .serverStreaming)
}

/// Tells whether a server, or a part of it, can be used.
package protocol Health: Sendable {
    /// The current state of one service; NOT_FOUND if the server does not know it.
    func check(
        _ request: HealthCheckRequest, context: CallContext
    ) async throws(RPCStatus) -> HealthCheckResponse

    /// The current states of all services.
    func list(
        _ request: HealthListRequest, context: CallContext
    ) async throws(RPCStatus) -> HealthListResponse

    /// The current state of one service, then each state that it changes to. A service that the server
    /// does not know may appear later.
    func watch(
        _ request: HealthCheckRequest, responses: ResponseStream<HealthCheckResponse>, context: CallContext
    ) async throws(RPCStatus)
}

extension Health {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "grpc.health.v1.Health",
            methods: [
                MethodHandler(HealthMethods.check) {
                    (request, context) async throws(RPCStatus) in
                    try await self.check(request, context: context)
                },
                MethodHandler(HealthMethods.list) {
                    (request, context) async throws(RPCStatus) in
                    try await self.list(request, context: context)
                },
                MethodHandler(HealthMethods.watch) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.watch(request, responses: responses, context: context)
                },
            ])
    }
}

/// Calls the methods of `grpc.health.v1.Health`.
package struct HealthClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// The current state of one service; NOT_FOUND if the server does not know it.
    package nonisolated(nonsending) func check(
        _ request: HealthCheckRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> HealthCheckResponse {
        try await caller.unary(HealthMethods.check, request, options: options)
    }

    /// The current states of all services.
    package nonisolated(nonsending) func list(
        _ request: HealthListRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> HealthListResponse {
        try await caller.unary(HealthMethods.list, request, options: options)
    }

    /// The current state of one service, then each state that it changes to. A service that the server
    /// does not know may appear later.
    package nonisolated(nonsending) func watch<Result>(
        _ request: HealthCheckRequest, options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<HealthCheckRequest, HealthCheckResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(HealthMethods.watch, options: options) { stream in
            try await stream.send(request)
            try await stream.finishSending()
            return try await body(stream)
        }
    }
}
