// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/configuration.proto; do not edit.

package import CProtos
public import SocketRPC

/// The message `backends.v1.ExportConfigurationRequest`.
public struct ExportConfigurationRequest: Hashable, Sendable {
    /// Returns secrets as they are, not as "***".
    public var includeSecrets: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        includeSecrets: Bool = false
    ) {
        self.includeSecrets = includeSecrets
    }
}

/// The message `backends.v1.ExportConfigurationResponse`.
public struct ExportConfigurationResponse: Hashable, Sendable {
    /// In priority order.
    public var backends: [ExportedBackend] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backends: [ExportedBackend] = []
    ) {
        self.backends = backends
    }
}

/// An entry of the list "backends" of the configuration file.
public struct ExportedBackend: Hashable, Sendable {
    /// The field `name` of `backends.v1.ExportedBackend`.
    public var name: String = ""
    /// The field `type` of `backends.v1.ExportedBackend`.
    public var type: String = ""
    /// The field `priority` of `backends.v1.ExportedBackend`.
    public var priority: Int32 = 0
    /// The base and the layers of all owners as one, without the defaults of the type and without patches that wait for the next start.
    public var config: GoogleStruct? = nil
    /// The field `start` of `backends.v1.ExportedBackend`.
    public var start: StartPolicy = .unspecified
    /// The field `after` of `backends.v1.ExportedBackend`.
    public var after: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        type: String = "",
        priority: Int32 = 0,
        config: GoogleStruct? = nil,
        start: StartPolicy = .unspecified,
        after: [String] = []
    ) {
        self.name = name
        self.type = type
        self.priority = priority
        self.config = config
        self.start = start
        self.after = after
    }
}

extension ExportConfigurationRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportConfigurationRequest>.size }
    package static let protobufName = "backends.v1.ExportConfigurationRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportConfigurationRequest()
        unsafe backends__v1__export_configuration_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationRequest.self)
        includeSecrets = unsafe storage.pointee.include_secrets != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportConfigurationRequest.self, capacity: 1)
        unsafe backends__v1__export_configuration_request__init(storage)
        unsafe storage.pointee.include_secrets = includeSecrets ? 1 : 0
    }
}

extension ExportConfigurationRequest {
    /// A `backends.v1.ExportConfigurationRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportConfigurationRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportConfigurationRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationRequest.self)
        }

        /// The message as a value.
        package func copied() -> ExportConfigurationRequest {
            unsafe ExportConfigurationRequest(copying: storage)
        }

        package var includeSecrets: Bool { unsafe storage.pointee.include_secrets != 0 }
    }
}

extension ExportConfigurationResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportConfigurationResponse>.size }
    package static let protobufName = "backends.v1.ExportConfigurationResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportConfigurationResponse()
        unsafe backends__v1__export_configuration_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationResponse.self)
        backends = unsafe MessageFields.messages(storage.pointee.backends, Int(storage.pointee.n_backends), ExportedBackend.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportConfigurationResponse.self, capacity: 1)
        unsafe backends__v1__export_configuration_response__init(storage)
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.messages(backends).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__ExportedBackend>?.self)
            unsafe storage.pointee.n_backends = backends.count
        }
    }
}

extension ExportConfigurationResponse {
    /// A `backends.v1.ExportConfigurationResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportConfigurationResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportConfigurationResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationResponse.self)
        }

        /// The message as a value.
        package func copied() -> ExportConfigurationResponse {
            unsafe ExportConfigurationResponse(copying: storage)
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ExportedBackend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(ExportedBackend.View(message))
        }
    }
}

extension ExportedBackend: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportedBackend>.size }
    package static let protobufName = "backends.v1.ExportedBackend"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportedBackend()
        unsafe backends__v1__exported_backend__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportedBackend.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        type = unsafe MessageFields.string(storage.pointee.type)
        priority = unsafe storage.pointee.priority
        config = unsafe storage.pointee.config.map { GoogleStruct(copying: $0) }
        start = unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue))
        after = unsafe MessageFields.strings(storage.pointee.after, Int(storage.pointee.n_after))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportedBackend.self, capacity: 1)
        unsafe backends__v1__exported_backend__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.ExportedBackend.name")
        }
        if !type.isEmpty {
            unsafe storage.pointee.type = try arena.string(type, "backends.v1.ExportedBackend.type")
        }
        unsafe storage.pointee.priority = priority
        if let config {
            unsafe storage.pointee.config = try arena.message(config).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
        unsafe storage.pointee.start = Backends__V1__StartPolicy(rawValue: .init(truncatingIfNeeded: start.rawValue))
        if !after.isEmpty {
            unsafe storage.pointee.after = try arena.strings(after, "backends.v1.ExportedBackend.after")
            unsafe storage.pointee.n_after = after.count
        }
    }
}

extension ExportedBackend {
    /// A `backends.v1.ExportedBackend` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportedBackend
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportedBackend>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportedBackend.self)
        }

        /// The message as a value.
        package func copied() -> ExportedBackend {
            unsafe ExportedBackend(copying: storage)
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

        @inlinable package var hasConfig: Bool { unsafe storage.pointee.config != nil }

        @inlinable package func withConfig<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config else { return nil }
            return try body(GoogleStruct.View(message))
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

/// The methods of `backends.v1.ConfigurationService`.
package enum ConfigurationServiceMethods {
    package static let exportConfiguration = RPCMethod<ExportConfigurationRequest, ExportConfigurationResponse>(
        service: "backends.v1.ConfigurationService", name: "ExportConfiguration", kind: .unary)
}

/// The configuration of the daemon as a whole.
package protocol ConfigurationService: Sendable {
    /// Returns all backends as the configuration file has them.
    func exportConfiguration(
        _ request: ExportConfigurationRequest, context: CallContext
    ) async throws(RPCStatus) -> ExportConfigurationResponse
}

extension ConfigurationService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.ConfigurationService",
            methods: [
                MethodHandler(ConfigurationServiceMethods.exportConfiguration) {
                    (request, context) async throws(RPCStatus) in
                    try await self.exportConfiguration(request, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.ConfigurationService`.
package struct ConfigurationServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Returns all backends as the configuration file has them.
    package nonisolated(nonsending) func exportConfiguration(
        _ request: ExportConfigurationRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ExportConfigurationResponse {
        try await caller.unary(ConfigurationServiceMethods.exportConfiguration, request, options: options)
    }
}
