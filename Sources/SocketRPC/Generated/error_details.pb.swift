// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from google/rpc/error_details.proto; do not edit.

package import CProtos
public import TextKeys

/// Why a call failed, for programs.
public struct GoogleErrorInfo: Hashable, Sendable {
    /// A stable word in UPPER_SNAKE_CASE.
    public var reason: String = ""
    /// The system that defines the reason.
    public var domain: String = ""
    /// The field `metadata` of `google.rpc.ErrorInfo`.
    public var metadata: TextMap<String> = [:]

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        reason: String = "",
        domain: String = "",
        metadata: TextMap<String> = [:]
    ) {
        self.reason = reason
        self.domain = domain
        self.metadata = metadata
    }
}

/// When to retry.
public struct GoogleRetryInfo: Hashable, Sendable {
    /// The field `retryDelay` of `google.rpc.RetryInfo`.
    public var retryDelay: GoogleDuration? = nil

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        retryDelay: GoogleDuration? = nil
    ) {
        self.retryDelay = retryDelay
    }
}

/// Which fields of the request are wrong.
public struct GoogleBadRequest: Hashable, Sendable {
    /// The field `fieldViolations` of `google.rpc.BadRequest`.
    public var fieldViolations: [GoogleBadRequest.FieldViolation] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        fieldViolations: [GoogleBadRequest.FieldViolation] = []
    ) {
        self.fieldViolations = fieldViolations
    }

    /// The message `google.rpc.BadRequest.FieldViolation`.
    public struct FieldViolation: Hashable, Sendable {
        /// The path of the field, joined by dots.
        public var field: String = ""
        /// The field `description` of `google.rpc.BadRequest.FieldViolation`.
        public var description: String = ""

        /// A message with nothing set.
        public init() {}

        /// A message with these fields; the others are not set.
        public init(
            field: String = "",
            description: String = ""
        ) {
            self.field = field
            self.description = description
        }
    }
}

extension GoogleErrorInfo: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Rpc__ErrorInfo>.size }
    package static let protobufName = "google.rpc.ErrorInfo"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Rpc__ErrorInfo()
        unsafe google__rpc__error_info__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__ErrorInfo.self)
        reason = unsafe MessageFields.string(storage.pointee.reason)
        domain = unsafe MessageFields.string(storage.pointee.domain)
        for index in 0..<Int(unsafe storage.pointee.n_metadata) {
            guard let entry = unsafe storage.pointee.metadata?[index] else { continue }
            metadata[unsafe MessageFields.string(entry.pointee.key)] = unsafe MessageFields.string(entry.pointee.value)
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Rpc__ErrorInfo.self, capacity: 1)
        unsafe google__rpc__error_info__init(storage)
        if !reason.isEmpty {
            unsafe storage.pointee.reason = try arena.string(reason, "google.rpc.ErrorInfo.reason")
        }
        if !domain.isEmpty {
            unsafe storage.pointee.domain = try arena.string(domain, "google.rpc.ErrorInfo.domain")
        }
        if !metadata.isEmpty {
            unsafe storage.pointee.metadata = try arena.entries(metadata.sorted()) {
                (entry: UnsafeMutablePointer<Google__Rpc__ErrorInfo__MetadataEntry>, key, value) throws(PayloadError) in
                unsafe google__rpc__error_info__metadata_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "google.rpc.ErrorInfo.MetadataEntry.key")
                unsafe entry.pointee.value = try arena.string(value, "google.rpc.ErrorInfo.MetadataEntry.value")
            }
            unsafe storage.pointee.n_metadata = metadata.count
        }
    }
}

extension GoogleErrorInfo {
    /// A `google.rpc.ErrorInfo` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleErrorInfo
        @usableFromInline let storage: UnsafePointer<Google__Rpc__ErrorInfo>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__ErrorInfo.self)
        }

        /// The message as a value.
        package func copied() -> GoogleErrorInfo {
            unsafe GoogleErrorInfo(copying: storage)
        }

        package var reason: String { unsafe MessageFields.string(storage.pointee.reason) }

        @inlinable package func withReason<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.reason, body)
        }

        package var domain: String { unsafe MessageFields.string(storage.pointee.domain) }

        @inlinable package func withDomain<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.domain, body)
        }

        package var metadata: TextMap<String> {
            unsafe GoogleErrorInfo(copying: storage).metadata
        }
    }
}

extension GoogleRetryInfo: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Rpc__RetryInfo>.size }
    package static let protobufName = "google.rpc.RetryInfo"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Rpc__RetryInfo()
        unsafe google__rpc__retry_info__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__RetryInfo.self)
        retryDelay = unsafe storage.pointee.retry_delay.map { GoogleDuration(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Rpc__RetryInfo.self, capacity: 1)
        unsafe google__rpc__retry_info__init(storage)
        if let retryDelay {
            unsafe storage.pointee.retry_delay = try arena.message(retryDelay).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }
    }
}

extension GoogleRetryInfo {
    /// A `google.rpc.RetryInfo` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleRetryInfo
        @usableFromInline let storage: UnsafePointer<Google__Rpc__RetryInfo>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__RetryInfo.self)
        }

        /// The message as a value.
        package func copied() -> GoogleRetryInfo {
            unsafe GoogleRetryInfo(copying: storage)
        }

        @inlinable package var hasRetryDelay: Bool { unsafe storage.pointee.retry_delay != nil }

        @inlinable package func withRetryDelay<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.retry_delay else { return nil }
            return try body(GoogleDuration.View(message))
        }
    }
}

extension GoogleBadRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Rpc__BadRequest>.size }
    package static let protobufName = "google.rpc.BadRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Rpc__BadRequest()
        unsafe google__rpc__bad_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__BadRequest.self)
        fieldViolations = unsafe MessageFields.messages(storage.pointee.field_violations, Int(storage.pointee.n_field_violations), GoogleBadRequest.FieldViolation.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Rpc__BadRequest.self, capacity: 1)
        unsafe google__rpc__bad_request__init(storage)
        if !fieldViolations.isEmpty {
            unsafe storage.pointee.field_violations = try arena.messages(fieldViolations).assumingMemoryBound(to: UnsafeMutablePointer<Google__Rpc__BadRequest__FieldViolation>?.self)
            unsafe storage.pointee.n_field_violations = fieldViolations.count
        }
    }
}

extension GoogleBadRequest {
    /// A `google.rpc.BadRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleBadRequest
        @usableFromInline let storage: UnsafePointer<Google__Rpc__BadRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__BadRequest.self)
        }

        /// The message as a value.
        package func copied() -> GoogleBadRequest {
            unsafe GoogleBadRequest(copying: storage)
        }

        @inlinable package var fieldViolationsCount: Int { Int(unsafe storage.pointee.n_field_violations) }

        @inlinable package func withFieldViolations<Result, Failure: Error>(
            at index: Int, _ body: (borrowing GoogleBadRequest.FieldViolation.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < fieldViolationsCount, "no element has this index")
            guard let message = unsafe storage.pointee.field_violations[index] else { return nil }
            return try body(GoogleBadRequest.FieldViolation.View(message))
        }
    }
}

extension GoogleBadRequest.FieldViolation: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Rpc__BadRequest__FieldViolation>.size }
    package static let protobufName = "google.rpc.BadRequest.FieldViolation"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Rpc__BadRequest__FieldViolation()
        unsafe google__rpc__bad_request__field_violation__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__BadRequest__FieldViolation.self)
        field = unsafe MessageFields.string(storage.pointee.field)
        description = unsafe MessageFields.string(storage.pointee.description)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Rpc__BadRequest__FieldViolation.self, capacity: 1)
        unsafe google__rpc__bad_request__field_violation__init(storage)
        if !field.isEmpty {
            unsafe storage.pointee.field = try arena.string(field, "google.rpc.BadRequest.FieldViolation.field")
        }
        if !description.isEmpty {
            unsafe storage.pointee.description = try arena.string(description, "google.rpc.BadRequest.FieldViolation.description")
        }
    }
}

extension GoogleBadRequest.FieldViolation {
    /// A `google.rpc.BadRequest.FieldViolation` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleBadRequest.FieldViolation
        @usableFromInline let storage: UnsafePointer<Google__Rpc__BadRequest__FieldViolation>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__BadRequest__FieldViolation.self)
        }

        /// The message as a value.
        package func copied() -> GoogleBadRequest.FieldViolation {
            unsafe GoogleBadRequest.FieldViolation(copying: storage)
        }

        package var field: String { unsafe MessageFields.string(storage.pointee.field) }

        @inlinable package func withField<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.field, body)
        }

        package var description: String { unsafe MessageFields.string(storage.pointee.description) }

        @inlinable package func withDescription<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.description, body)
        }
    }
}
