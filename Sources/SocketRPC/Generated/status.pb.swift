// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from google/rpc/status.proto; do not edit.

package import CProtos

/// The message `google.rpc.Status`.
public struct GoogleStatus: Hashable, Sendable {
    /// A gRPC status code.
    public var code: Int32 = 0
    /// The field `message` of `google.rpc.Status`.
    public var message: String = ""
    /// The field `details` of `google.rpc.Status`.
    public var details: [GoogleAny] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        code: Int32 = 0,
        message: String = "",
        details: [GoogleAny] = []
    ) {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension GoogleStatus: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Rpc__Status>.size }
    package static let protobufName = "google.rpc.Status"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Rpc__Status()
        unsafe google__rpc__status__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__Status.self)
        code = unsafe storage.pointee.code
        message = unsafe MessageFields.string(storage.pointee.message)
        details = unsafe MessageFields.messages(storage.pointee.details, Int(storage.pointee.n_details), GoogleAny.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Rpc__Status.self, capacity: 1)
        unsafe google__rpc__status__init(storage)
        unsafe storage.pointee.code = code
        if !message.isEmpty {
            unsafe storage.pointee.message = try arena.string(message, "google.rpc.Status.message")
        }
        if !details.isEmpty {
            unsafe storage.pointee.details = try arena.messages(details).assumingMemoryBound(to: UnsafeMutablePointer<Google__Protobuf__Any>?.self)
            unsafe storage.pointee.n_details = details.count
        }
    }
}

extension GoogleStatus {
    /// A `google.rpc.Status` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleStatus
        @usableFromInline let storage: UnsafePointer<Google__Rpc__Status>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Rpc__Status.self)
        }

        /// The message as a value.
        package func copied() -> GoogleStatus {
            unsafe GoogleStatus(copying: storage)
        }

        package var code: Int32 { unsafe storage.pointee.code }

        package var message: String { unsafe MessageFields.string(storage.pointee.message) }

        @inlinable package func withMessage<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.message, body)
        }

        @inlinable package var detailsCount: Int { Int(unsafe storage.pointee.n_details) }

        @inlinable package func withDetails<Result, Failure: Error>(
            at index: Int, _ body: (borrowing GoogleAny.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < detailsCount, "no element has this index")
            guard let message = unsafe storage.pointee.details[index] else { return nil }
            return try body(GoogleAny.View(message))
        }
    }
}
