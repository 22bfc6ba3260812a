// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/runtime_context.proto; do not edit.

package import CProtos
public import SocketRPC

/// The enum `backends.v1.ContextOutcome`.
public enum ContextOutcome: Hashable, Sendable {
    /// `CONTEXT_OUTCOME_UNSPECIFIED`, 0.
    case unspecified
    /// `CONTEXT_OUTCOME_HANDLED`, 1.
    case handled
    /// `CONTEXT_OUTCOME_IGNORED`, 2.
    case ignored
    /// `CONTEXT_OUTCOME_FAILED`, 3.
    case failed
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .handled
        case 2: self = .ignored
        case 3: self = .failed
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .handled: 1
        case .ignored: 2
        case .failed: 3
        case .unrecognized(let number): number
        }
    }
}

/// The message `backends.v1.RuntimeContext`.
public struct RuntimeContext: Hashable, Sendable {
    /// The field `source` of `backends.v1.RuntimeContext`.
    public var source: RuntimeContext.Source? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        source: RuntimeContext.Source? = nil
    ) {
        self.source = source
    }

    /// The one of `backends.v1.RuntimeContext.source` that is set.
    public enum Source: Hashable, Sendable {
        /// The field `backends.v1.RuntimeContext.grpc`.
        case grpc(GRPCContext)
        /// The field `backends.v1.RuntimeContext.http`.
        case http(HTTPContext)
    }
}

/// What a gRPC server knows about a call.
public struct GRPCContext: Hashable, Sendable {
    /// "/package.Service/Method".
    public var method: String = ""
    /// As the server names it, for example "ipv4:127.0.0.1:5000".
    public var peer: String = ""
    /// In the order received; names compare case-insensitively and the first value wins.
    public var metadata: [MetadataEntry] = []
    /// Absent: no deadline.
    public var timeRemaining: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        method: String = "",
        peer: String = "",
        metadata: [MetadataEntry] = [],
        timeRemaining: GoogleDuration? = nil
    ) {
        self.method = method
        self.peer = peer
        self.metadata = metadata
        self.timeRemaining = timeRemaining
    }
}

/// The message `backends.v1.MetadataEntry`.
public struct MetadataEntry: Hashable, Sendable {
    /// The field `key` of `backends.v1.MetadataEntry`.
    public var key: String = ""
    /// The field `value` of `backends.v1.MetadataEntry`.
    public var value: MetadataEntry.Value? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        key: String = "",
        value: MetadataEntry.Value? = nil
    ) {
        self.key = key
        self.value = value
    }

    /// The one of `backends.v1.MetadataEntry.value` that is set.
    public enum Value: Hashable, Sendable {
        /// The field `backends.v1.MetadataEntry.text`.
        case text(String)
        /// For keys that end in "-bin": the decoded bytes.
        case binary([UInt8])
    }
}

/// What an HTTP server knows about a request.
public struct HTTPContext: Hashable, Sendable {
    /// The field `method` of `backends.v1.HTTPContext`.
    public var method: String = ""
    /// The request target as sent: path and query.
    public var target: String = ""
    /// In the order received; names compare case-insensitively and the first value wins.
    public var headers: [HTTPHeader] = []
    /// The field `clientAddress` of `backends.v1.HTTPContext`.
    public var clientAddress: String = ""
    /// "1.1", "2" or "3".
    public var version: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        method: String = "",
        target: String = "",
        headers: [HTTPHeader] = [],
        clientAddress: String = "",
        version: String = ""
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.clientAddress = clientAddress
        self.version = version
    }
}

/// The message `backends.v1.HTTPHeader`.
public struct HTTPHeader: Hashable, Sendable {
    /// The field `name` of `backends.v1.HTTPHeader`.
    public var name: String = ""
    /// Bytes above 0x7F are read as ISO 8859-1.
    public var value: String = ""

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        value: String = ""
    ) {
        self.name = name
        self.value = value
    }
}

/// The message `backends.v1.HandleRuntimeContextRequest`.
public struct HandleRuntimeContextRequest: Hashable, Sendable {
    /// The field `modelID` of `backends.v1.HandleRuntimeContextRequest`.
    public var modelID: String = ""
    /// The field `context` of `backends.v1.HandleRuntimeContextRequest`.
    public var context: RuntimeContext? = nil
    /// Ask only these backends, in priority order; empty: ask all.
    public var backends: [String] = []
    /// The first failure becomes the status of the call, and later backends are not asked.
    public var strict: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        modelID: String = "",
        context: RuntimeContext? = nil,
        backends: [String] = [],
        strict: Bool = false
    ) {
        self.modelID = modelID
        self.context = context
        self.backends = backends
        self.strict = strict
    }
}

/// The message `backends.v1.HandleRuntimeContextResponse`.
public struct HandleRuntimeContextResponse: Hashable, Sendable {
    /// One per backend, in priority order.
    public var results: [BackendContextResult] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        results: [BackendContextResult] = []
    ) {
        self.results = results
    }
}

/// The message `backends.v1.BackendContextResult`.
public struct BackendContextResult: Hashable, Sendable {
    /// The field `backend` of `backends.v1.BackendContextResult`.
    public var backend: String = ""
    /// The field `outcome` of `backends.v1.BackendContextResult`.
    public var outcome: ContextOutcome = .unspecified
    /// Set if the outcome is FAILED.
    public var status: GoogleStatus? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backend: String = "",
        outcome: ContextOutcome = .unspecified,
        status: GoogleStatus? = nil
    ) {
        self.backend = backend
        self.outcome = outcome
        self.status = status
    }
}

/// The message `backends.v1.StreamRuntimeContextsRequest`.
public struct StreamRuntimeContextsRequest: Hashable, Sendable {
    /// Chosen by the client and returned in the response.
    public var id: UInt64 = 0
    /// The field `request` of `backends.v1.StreamRuntimeContextsRequest`.
    public var request: HandleRuntimeContextRequest? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        id: UInt64 = 0,
        request: HandleRuntimeContextRequest? = nil
    ) {
        self.id = id
        self.request = request
    }
}

/// The message `backends.v1.StreamRuntimeContextsResponse`.
public struct StreamRuntimeContextsResponse: Hashable, Sendable {
    /// The field `id` of `backends.v1.StreamRuntimeContextsResponse`.
    public var id: UInt64 = 0
    /// The field `result` of `backends.v1.StreamRuntimeContextsResponse`.
    public var result: StreamRuntimeContextsResponse.Result? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        id: UInt64 = 0,
        result: StreamRuntimeContextsResponse.Result? = nil
    ) {
        self.id = id
        self.result = result
    }

    /// The one of `backends.v1.StreamRuntimeContextsResponse.result` that is set.
    public enum Result: Hashable, Sendable {
        /// The field `backends.v1.StreamRuntimeContextsResponse.response`.
        case response(HandleRuntimeContextResponse)
        /// The status that HandleRuntimeContext would have failed with; the stream continues.
        case status(GoogleStatus)
    }
}

extension RuntimeContext: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__RuntimeContext>.size }
    package static let protobufName = "backends.v1.RuntimeContext"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__RuntimeContext()
        unsafe backends__v1__runtime_context__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RuntimeContext.self)
        switch unsafe storage.pointee.source_case.rawValue {
        case 1: source = unsafe .grpc(storage.pointee.grpc.map { GRPCContext(copying: $0) } ?? GRPCContext())
        case 2: source = unsafe .http(storage.pointee.http.map { HTTPContext(copying: $0) } ?? HTTPContext())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__RuntimeContext.self, capacity: 1)
        unsafe backends__v1__runtime_context__init(storage)
        switch source {
        case .grpc(let value):
            unsafe storage.pointee.source_case = Backends__V1__RuntimeContext__SourceCase(rawValue: 1)
            unsafe storage.pointee.grpc = try arena.message(value).assumingMemoryBound(to: Backends__V1__GRPCContext.self)
        case .http(let value):
            unsafe storage.pointee.source_case = Backends__V1__RuntimeContext__SourceCase(rawValue: 2)
            unsafe storage.pointee.http = try arena.message(value).assumingMemoryBound(to: Backends__V1__HTTPContext.self)
        case nil: break
        }
    }
}

extension RuntimeContext {
    /// A `backends.v1.RuntimeContext` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = RuntimeContext
        @usableFromInline let storage: UnsafePointer<Backends__V1__RuntimeContext>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__RuntimeContext.self)
        }

        /// The message as a value.
        package func copied() -> RuntimeContext {
            unsafe RuntimeContext(copying: storage)
        }

        @inlinable package var hasGRPC: Bool { unsafe storage.pointee.source_case.rawValue == 1 }

        @inlinable package func withGRPC<Result, Failure: Error>(
            _ body: (borrowing GRPCContext.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasGRPC else { return nil }
            guard let message = unsafe storage.pointee.grpc else { return nil }
            return try body(GRPCContext.View(message))
        }

        @inlinable package var hasHTTP: Bool { unsafe storage.pointee.source_case.rawValue == 2 }

        @inlinable package func withHTTP<Result, Failure: Error>(
            _ body: (borrowing HTTPContext.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasHTTP else { return nil }
            guard let message = unsafe storage.pointee.http else { return nil }
            return try body(HTTPContext.View(message))
        }
    }
}

extension GRPCContext: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__GRPCContext>.size }
    package static let protobufName = "backends.v1.GRPCContext"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__GRPCContext()
        unsafe backends__v1__grpccontext__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GRPCContext.self)
        method = unsafe MessageFields.string(storage.pointee.method)
        peer = unsafe MessageFields.string(storage.pointee.peer)
        metadata = unsafe MessageFields.messages(storage.pointee.metadata, Int(storage.pointee.n_metadata), MetadataEntry.self)
        timeRemaining = unsafe storage.pointee.time_remaining.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__GRPCContext.self, capacity: 1)
        unsafe backends__v1__grpccontext__init(storage)
        if !method.isEmpty {
            unsafe storage.pointee.method = try arena.string(method, "backends.v1.GRPCContext.method")
        }
        if !peer.isEmpty {
            unsafe storage.pointee.peer = try arena.string(peer, "backends.v1.GRPCContext.peer")
        }
        if !metadata.isEmpty {
            unsafe storage.pointee.metadata = try arena.messages(metadata).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__MetadataEntry>?.self)
            unsafe storage.pointee.n_metadata = metadata.count
        }
        if let timeRemaining {
            unsafe storage.pointee.time_remaining = try arena.message(timeRemaining).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension GRPCContext {
    /// A `backends.v1.GRPCContext` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GRPCContext
        @usableFromInline let storage: UnsafePointer<Backends__V1__GRPCContext>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__GRPCContext.self)
        }

        /// The message as a value.
        package func copied() -> GRPCContext {
            unsafe GRPCContext(copying: storage)
        }

        package var method: String { unsafe MessageFields.string(storage.pointee.method) }

        @inlinable package func withMethod<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.method, body)
        }

        package var peer: String { unsafe MessageFields.string(storage.pointee.peer) }

        @inlinable package func withPeer<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.peer, body)
        }

        @inlinable package var metadataCount: Int { Int(unsafe storage.pointee.n_metadata) }

        @inlinable package func withMetadata<Result, Failure: Error>(
            at index: Int, _ body: (borrowing MetadataEntry.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < metadataCount, "no element has this index")
            guard let message = unsafe storage.pointee.metadata[index] else { return nil }
            return try body(MetadataEntry.View(message))
        }

        @inlinable package var hasTimeRemaining: Bool { unsafe storage.pointee.time_remaining != nil }

        @inlinable package func withTimeRemaining<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.time_remaining else { return nil }
            return try body(GoogleDuration.View(message))
        }
    }
}

extension MetadataEntry: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__MetadataEntry>.size }
    package static let protobufName = "backends.v1.MetadataEntry"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__MetadataEntry()
        unsafe backends__v1__metadata_entry__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__MetadataEntry.self)
        key = unsafe MessageFields.string(storage.pointee.key)
        switch unsafe storage.pointee.value_case.rawValue {
        case 2: value = unsafe .text(MessageFields.string(storage.pointee.text))
        case 3: value = unsafe .binary(MessageFields.bytes(storage.pointee.binary))
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__MetadataEntry.self, capacity: 1)
        unsafe backends__v1__metadata_entry__init(storage)
        if !key.isEmpty {
            unsafe storage.pointee.key = try arena.string(key, "backends.v1.MetadataEntry.key")
        }
        switch value {
        case .text(let value):
            unsafe storage.pointee.value_case = Backends__V1__MetadataEntry__ValueCase(rawValue: 2)
            unsafe storage.pointee.text = try arena.string(value, "backends.v1.MetadataEntry.text")
        case .binary(let value):
            unsafe storage.pointee.value_case = Backends__V1__MetadataEntry__ValueCase(rawValue: 3)
            unsafe storage.pointee.binary = try arena.bytes(value)
        case nil: break
        }
    }
}

extension MetadataEntry {
    /// A `backends.v1.MetadataEntry` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = MetadataEntry
        @usableFromInline let storage: UnsafePointer<Backends__V1__MetadataEntry>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__MetadataEntry.self)
        }

        /// The message as a value.
        package func copied() -> MetadataEntry {
            unsafe MetadataEntry(copying: storage)
        }

        package var key: String { unsafe MessageFields.string(storage.pointee.key) }

        @inlinable package func withKey<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.key, body)
        }

        @inlinable package var hasText: Bool { unsafe storage.pointee.value_case.rawValue == 2 }

        @inlinable package func withText<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasText else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.text, body)
        }

        @inlinable package var hasBinary: Bool { unsafe storage.pointee.value_case.rawValue == 3 }

        @inlinable package func withBinary<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasBinary else { return nil }
            return unsafe try MessageFields.withBytes(storage.pointee.binary, body)
        }
    }
}

extension HTTPContext: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HTTPContext>.size }
    package static let protobufName = "backends.v1.HTTPContext"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HTTPContext()
        unsafe backends__v1__httpcontext__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HTTPContext.self)
        method = unsafe MessageFields.string(storage.pointee.method)
        target = unsafe MessageFields.string(storage.pointee.target)
        headers = unsafe MessageFields.messages(storage.pointee.headers, Int(storage.pointee.n_headers), HTTPHeader.self)
        clientAddress = unsafe MessageFields.string(storage.pointee.client_address)
        version = unsafe MessageFields.string(storage.pointee.version)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HTTPContext.self, capacity: 1)
        unsafe backends__v1__httpcontext__init(storage)
        if !method.isEmpty {
            unsafe storage.pointee.method = try arena.string(method, "backends.v1.HTTPContext.method")
        }
        if !target.isEmpty {
            unsafe storage.pointee.target = try arena.string(target, "backends.v1.HTTPContext.target")
        }
        if !headers.isEmpty {
            unsafe storage.pointee.headers = try arena.messages(headers).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__HTTPHeader>?.self)
            unsafe storage.pointee.n_headers = headers.count
        }
        if !clientAddress.isEmpty {
            unsafe storage.pointee.client_address = try arena.string(clientAddress, "backends.v1.HTTPContext.client_address")
        }
        if !version.isEmpty {
            unsafe storage.pointee.version = try arena.string(version, "backends.v1.HTTPContext.version")
        }
    }
}

extension HTTPContext {
    /// A `backends.v1.HTTPContext` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HTTPContext
        @usableFromInline let storage: UnsafePointer<Backends__V1__HTTPContext>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HTTPContext.self)
        }

        /// The message as a value.
        package func copied() -> HTTPContext {
            unsafe HTTPContext(copying: storage)
        }

        package var method: String { unsafe MessageFields.string(storage.pointee.method) }

        @inlinable package func withMethod<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.method, body)
        }

        package var target: String { unsafe MessageFields.string(storage.pointee.target) }

        @inlinable package func withTarget<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.target, body)
        }

        @inlinable package var headersCount: Int { Int(unsafe storage.pointee.n_headers) }

        @inlinable package func withHeaders<Result, Failure: Error>(
            at index: Int, _ body: (borrowing HTTPHeader.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < headersCount, "no element has this index")
            guard let message = unsafe storage.pointee.headers[index] else { return nil }
            return try body(HTTPHeader.View(message))
        }

        package var clientAddress: String { unsafe MessageFields.string(storage.pointee.client_address) }

        @inlinable package func withClientAddress<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.client_address, body)
        }

        package var version: String { unsafe MessageFields.string(storage.pointee.version) }

        @inlinable package func withVersion<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.version, body)
        }
    }
}

extension HTTPHeader: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HTTPHeader>.size }
    package static let protobufName = "backends.v1.HTTPHeader"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HTTPHeader()
        unsafe backends__v1__httpheader__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HTTPHeader.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        value = unsafe MessageFields.string(storage.pointee.value)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HTTPHeader.self, capacity: 1)
        unsafe backends__v1__httpheader__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.HTTPHeader.name")
        }
        if !value.isEmpty {
            unsafe storage.pointee.value = try arena.string(value, "backends.v1.HTTPHeader.value")
        }
    }
}

extension HTTPHeader {
    /// A `backends.v1.HTTPHeader` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HTTPHeader
        @usableFromInline let storage: UnsafePointer<Backends__V1__HTTPHeader>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HTTPHeader.self)
        }

        /// The message as a value.
        package func copied() -> HTTPHeader {
            unsafe HTTPHeader(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var value: String { unsafe MessageFields.string(storage.pointee.value) }

        @inlinable package func withValue<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.value, body)
        }
    }
}

extension HandleRuntimeContextRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HandleRuntimeContextRequest>.size }
    package static let protobufName = "backends.v1.HandleRuntimeContextRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HandleRuntimeContextRequest()
        unsafe backends__v1__handle_runtime_context_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HandleRuntimeContextRequest.self)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        context = unsafe storage.pointee.context.map { RuntimeContext(copying: $0) }
        backends = unsafe MessageFields.strings(storage.pointee.backends, Int(storage.pointee.n_backends))
        strict = unsafe storage.pointee.strict != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HandleRuntimeContextRequest.self, capacity: 1)
        unsafe backends__v1__handle_runtime_context_request__init(storage)
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "backends.v1.HandleRuntimeContextRequest.model_id")
        }
        if let context {
            unsafe storage.pointee.context = try arena.message(context).assumingMemoryBound(to: Backends__V1__RuntimeContext.self)
        }
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.strings(backends, "backends.v1.HandleRuntimeContextRequest.backends")
            unsafe storage.pointee.n_backends = backends.count
        }
        unsafe storage.pointee.strict = strict ? 1 : 0
    }
}

extension HandleRuntimeContextRequest {
    /// A `backends.v1.HandleRuntimeContextRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HandleRuntimeContextRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__HandleRuntimeContextRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HandleRuntimeContextRequest.self)
        }

        /// The message as a value.
        package func copied() -> HandleRuntimeContextRequest {
            unsafe HandleRuntimeContextRequest(copying: storage)
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

        package var strict: Bool { unsafe storage.pointee.strict != 0 }
    }
}

extension HandleRuntimeContextResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__HandleRuntimeContextResponse>.size }
    package static let protobufName = "backends.v1.HandleRuntimeContextResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__HandleRuntimeContextResponse()
        unsafe backends__v1__handle_runtime_context_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HandleRuntimeContextResponse.self)
        results = unsafe MessageFields.messages(storage.pointee.results, Int(storage.pointee.n_results), BackendContextResult.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__HandleRuntimeContextResponse.self, capacity: 1)
        unsafe backends__v1__handle_runtime_context_response__init(storage)
        if !results.isEmpty {
            unsafe storage.pointee.results = try arena.messages(results).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__BackendContextResult>?.self)
            unsafe storage.pointee.n_results = results.count
        }
    }
}

extension HandleRuntimeContextResponse {
    /// A `backends.v1.HandleRuntimeContextResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = HandleRuntimeContextResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__HandleRuntimeContextResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__HandleRuntimeContextResponse.self)
        }

        /// The message as a value.
        package func copied() -> HandleRuntimeContextResponse {
            unsafe HandleRuntimeContextResponse(copying: storage)
        }

        @inlinable package var resultsCount: Int { Int(unsafe storage.pointee.n_results) }

        @inlinable package func withResults<Result, Failure: Error>(
            at index: Int, _ body: (borrowing BackendContextResult.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < resultsCount, "no element has this index")
            guard let message = unsafe storage.pointee.results[index] else { return nil }
            return try body(BackendContextResult.View(message))
        }
    }
}

extension BackendContextResult: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendContextResult>.size }
    package static let protobufName = "backends.v1.BackendContextResult"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendContextResult()
        unsafe backends__v1__backend_context_result__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendContextResult.self)
        backend = unsafe MessageFields.string(storage.pointee.backend)
        outcome = unsafe ContextOutcome(rawValue: Int32(truncatingIfNeeded: storage.pointee.outcome.rawValue))
        status = unsafe storage.pointee.status.map { GoogleStatus(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendContextResult.self, capacity: 1)
        unsafe backends__v1__backend_context_result__init(storage)
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.v1.BackendContextResult.backend")
        }
        unsafe storage.pointee.outcome = Backends__V1__ContextOutcome(rawValue: .init(truncatingIfNeeded: outcome.rawValue))
        if let status {
            unsafe storage.pointee.status = try arena.message(status).assumingMemoryBound(to: Google__Rpc__Status.self)
        }
    }
}

extension BackendContextResult {
    /// A `backends.v1.BackendContextResult` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendContextResult
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendContextResult>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendContextResult.self)
        }

        /// The message as a value.
        package func copied() -> BackendContextResult {
            unsafe BackendContextResult(copying: storage)
        }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var outcome: ContextOutcome { unsafe ContextOutcome(rawValue: Int32(truncatingIfNeeded: storage.pointee.outcome.rawValue)) }

        @inlinable package var hasStatus: Bool { unsafe storage.pointee.status != nil }

        @inlinable package func withStatus<Result, Failure: Error>(
            _ body: (borrowing GoogleStatus.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.status else { return nil }
            return try body(GoogleStatus.View(message))
        }
    }
}

extension StreamRuntimeContextsRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StreamRuntimeContextsRequest>.size }
    package static let protobufName = "backends.v1.StreamRuntimeContextsRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StreamRuntimeContextsRequest()
        unsafe backends__v1__stream_runtime_contexts_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StreamRuntimeContextsRequest.self)
        id = unsafe storage.pointee.id
        request = unsafe storage.pointee.request.map { HandleRuntimeContextRequest(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StreamRuntimeContextsRequest.self, capacity: 1)
        unsafe backends__v1__stream_runtime_contexts_request__init(storage)
        unsafe storage.pointee.id = id
        if let request {
            unsafe storage.pointee.request = try arena.message(request).assumingMemoryBound(to: Backends__V1__HandleRuntimeContextRequest.self)
        }
    }
}

extension StreamRuntimeContextsRequest {
    /// A `backends.v1.StreamRuntimeContextsRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamRuntimeContextsRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__StreamRuntimeContextsRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StreamRuntimeContextsRequest.self)
        }

        /// The message as a value.
        package func copied() -> StreamRuntimeContextsRequest {
            unsafe StreamRuntimeContextsRequest(copying: storage)
        }

        package var id: UInt64 { unsafe storage.pointee.id }

        @inlinable package var hasRequest: Bool { unsafe storage.pointee.request != nil }

        @inlinable package func withRequest<Result, Failure: Error>(
            _ body: (borrowing HandleRuntimeContextRequest.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.request else { return nil }
            return try body(HandleRuntimeContextRequest.View(message))
        }
    }
}

extension StreamRuntimeContextsResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__StreamRuntimeContextsResponse>.size }
    package static let protobufName = "backends.v1.StreamRuntimeContextsResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__StreamRuntimeContextsResponse()
        unsafe backends__v1__stream_runtime_contexts_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StreamRuntimeContextsResponse.self)
        id = unsafe storage.pointee.id
        switch unsafe storage.pointee.result_case.rawValue {
        case 2: result = unsafe .response(storage.pointee.response.map { HandleRuntimeContextResponse(copying: $0) } ?? HandleRuntimeContextResponse())
        case 3: result = unsafe .status(storage.pointee.status.map { GoogleStatus(copying: $0) } ?? GoogleStatus())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__StreamRuntimeContextsResponse.self, capacity: 1)
        unsafe backends__v1__stream_runtime_contexts_response__init(storage)
        unsafe storage.pointee.id = id
        switch result {
        case .response(let value):
            unsafe storage.pointee.result_case = Backends__V1__StreamRuntimeContextsResponse__ResultCase(rawValue: 2)
            unsafe storage.pointee.response = try arena.message(value).assumingMemoryBound(to: Backends__V1__HandleRuntimeContextResponse.self)
        case .status(let value):
            unsafe storage.pointee.result_case = Backends__V1__StreamRuntimeContextsResponse__ResultCase(rawValue: 3)
            unsafe storage.pointee.status = try arena.message(value).assumingMemoryBound(to: Google__Rpc__Status.self)
        case nil: break
        }
    }
}

extension StreamRuntimeContextsResponse {
    /// A `backends.v1.StreamRuntimeContextsResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamRuntimeContextsResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__StreamRuntimeContextsResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__StreamRuntimeContextsResponse.self)
        }

        /// The message as a value.
        package func copied() -> StreamRuntimeContextsResponse {
            unsafe StreamRuntimeContextsResponse(copying: storage)
        }

        package var id: UInt64 { unsafe storage.pointee.id }

        @inlinable package var hasResponse: Bool { unsafe storage.pointee.result_case.rawValue == 2 }

        @inlinable package func withResponse<Result, Failure: Error>(
            _ body: (borrowing HandleRuntimeContextResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasResponse else { return nil }
            guard let message = unsafe storage.pointee.response else { return nil }
            return try body(HandleRuntimeContextResponse.View(message))
        }

        @inlinable package var hasStatus: Bool { unsafe storage.pointee.result_case.rawValue == 3 }

        @inlinable package func withStatus<Result, Failure: Error>(
            _ body: (borrowing GoogleStatus.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasStatus else { return nil }
            guard let message = unsafe storage.pointee.status else { return nil }
            return try body(GoogleStatus.View(message))
        }
    }
}

/// The methods of `backends.v1.RuntimeContextService`.
package enum RuntimeContextServiceMethods {
    package static let handleRuntimeContext = RPCMethod<HandleRuntimeContextRequest, HandleRuntimeContextResponse>(
        service: "backends.v1.RuntimeContextService", name: "HandleRuntimeContext", kind: .unary)
    package static let streamRuntimeContexts = RPCMethod<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse>(
        service: "backends.v1.RuntimeContextService", name: "StreamRuntimeContexts", kind: .bidirectionalStreaming)
}

/// Gives the context of an inference request to every backend before a model is looked up.
package protocol RuntimeContextService: Sendable {
    /// Gives one context to the backends and returns what each did with it.
    func handleRuntimeContext(
        _ request: borrowing HandleRuntimeContextRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<HandleRuntimeContextResponse>

    /// Handles many contexts in one call; each request gets exactly one response, in order.
    func streamRuntimeContexts(
        _ request: borrowing StreamRuntimeContextsRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<StreamRuntimeContextsResponse>
}

extension RuntimeContextService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.RuntimeContextService",
            methods: [
                MethodHandler(name: "HandleRuntimeContext", kind: .unary, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe HandleRuntimeContextRequest.View(try arena.decoding(HandleRuntimeContextRequest.descriptor, payload))
                    switch try self.handleRuntimeContext(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
                MethodHandler(name: "StreamRuntimeContexts", kind: .bidirectionalStreaming, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe StreamRuntimeContextsRequest.View(try arena.decoding(StreamRuntimeContextsRequest.descriptor, payload))
                    switch try self.streamRuntimeContexts(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
            ])
    }
}

/// Calls the methods of `backends.v1.RuntimeContextService`.
package struct RuntimeContextServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Gives one context to the backends and returns what each did with it.
    package nonisolated(nonsending) func handleRuntimeContext(
        _ request: HandleRuntimeContextRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> HandleRuntimeContextResponse {
        try await caller.unary(RuntimeContextServiceMethods.handleRuntimeContext, request, options: options)
    }

    /// Handles many contexts in one call; each request gets exactly one response, in order.
    package nonisolated(nonsending) func streamRuntimeContexts<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(RuntimeContextServiceMethods.streamRuntimeContexts, options: options, body)
    }
}
