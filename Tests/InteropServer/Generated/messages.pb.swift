// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from grpc/testing/messages.proto; do not edit.

internal import CProtos
package import CTestProtos
package import SocketRPC

/// The enum `grpc.testing.PayloadType`.
package enum PayloadType: Hashable, Sendable {
    /// `COMPRESSABLE`, 0.
    case compressable
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .compressable
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .compressable: 0
        case .unrecognized(let number): number
        }
    }
}

/// The message `grpc.testing.BoolValue`.
package struct BoolValue: Hashable, Sendable {
    /// The field `value` of `grpc.testing.BoolValue`.
    package var value: Bool = false

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        value: Bool = false
    ) {
        self.value = value
    }
}

/// The message `grpc.testing.Payload`.
package struct Payload: Hashable, Sendable {
    /// The field `type` of `grpc.testing.Payload`.
    package var type: PayloadType = .compressable
    /// The field `body` of `grpc.testing.Payload`.
    package var body: [UInt8] = []

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        type: PayloadType = .compressable,
        body: [UInt8] = []
    ) {
        self.type = type
        self.body = body
    }
}

/// The message `grpc.testing.EchoStatus`.
package struct EchoStatus: Hashable, Sendable {
    /// The field `code` of `grpc.testing.EchoStatus`.
    package var code: Int32 = 0
    /// The field `message` of `grpc.testing.EchoStatus`.
    package var message: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        code: Int32 = 0,
        message: String = ""
    ) {
        self.code = code
        self.message = message
    }
}

/// The message `grpc.testing.SimpleRequest`.
package struct SimpleRequest: Hashable, Sendable {
    /// The field `responseType` of `grpc.testing.SimpleRequest`.
    package var responseType: PayloadType = .compressable
    /// The field `responseSize` of `grpc.testing.SimpleRequest`.
    package var responseSize: Int32 = 0
    /// The field `payload` of `grpc.testing.SimpleRequest`.
    package var payload: Payload? = nil
    /// The field `fillUsername` of `grpc.testing.SimpleRequest`.
    package var fillUsername: Bool = false
    /// The field `fillOauthScope` of `grpc.testing.SimpleRequest`.
    package var fillOauthScope: Bool = false
    /// The field `responseCompressed` of `grpc.testing.SimpleRequest`.
    package var responseCompressed: BoolValue? = nil
    /// The field `responseStatus` of `grpc.testing.SimpleRequest`.
    package var responseStatus: EchoStatus? = nil
    /// The field `expectCompressed` of `grpc.testing.SimpleRequest`.
    package var expectCompressed: BoolValue? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        responseType: PayloadType = .compressable,
        responseSize: Int32 = 0,
        payload: Payload? = nil,
        fillUsername: Bool = false,
        fillOauthScope: Bool = false,
        responseCompressed: BoolValue? = nil,
        responseStatus: EchoStatus? = nil,
        expectCompressed: BoolValue? = nil
    ) {
        self.responseType = responseType
        self.responseSize = responseSize
        self.payload = payload
        self.fillUsername = fillUsername
        self.fillOauthScope = fillOauthScope
        self.responseCompressed = responseCompressed
        self.responseStatus = responseStatus
        self.expectCompressed = expectCompressed
    }
}

/// The message `grpc.testing.SimpleResponse`.
package struct SimpleResponse: Hashable, Sendable {
    /// The field `payload` of `grpc.testing.SimpleResponse`.
    package var payload: Payload? = nil
    /// The field `username` of `grpc.testing.SimpleResponse`.
    package var username: String = ""
    /// The field `oauthScope` of `grpc.testing.SimpleResponse`.
    package var oauthScope: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        payload: Payload? = nil,
        username: String = "",
        oauthScope: String = ""
    ) {
        self.payload = payload
        self.username = username
        self.oauthScope = oauthScope
    }
}

/// The message `grpc.testing.StreamingInputCallRequest`.
package struct StreamingInputCallRequest: Hashable, Sendable {
    /// The field `payload` of `grpc.testing.StreamingInputCallRequest`.
    package var payload: Payload? = nil
    /// The field `expectCompressed` of `grpc.testing.StreamingInputCallRequest`.
    package var expectCompressed: BoolValue? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        payload: Payload? = nil,
        expectCompressed: BoolValue? = nil
    ) {
        self.payload = payload
        self.expectCompressed = expectCompressed
    }
}

/// The message `grpc.testing.StreamingInputCallResponse`.
package struct StreamingInputCallResponse: Hashable, Sendable {
    /// The field `aggregatedPayloadSize` of `grpc.testing.StreamingInputCallResponse`.
    package var aggregatedPayloadSize: Int32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        aggregatedPayloadSize: Int32 = 0
    ) {
        self.aggregatedPayloadSize = aggregatedPayloadSize
    }
}

/// The message `grpc.testing.ResponseParameters`.
package struct ResponseParameters: Hashable, Sendable {
    /// The field `size` of `grpc.testing.ResponseParameters`.
    package var size: Int32 = 0
    /// Microseconds to wait before the message.
    package var intervalUs: Int32 = 0
    /// The field `compressed` of `grpc.testing.ResponseParameters`.
    package var compressed: BoolValue? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        size: Int32 = 0,
        intervalUs: Int32 = 0,
        compressed: BoolValue? = nil
    ) {
        self.size = size
        self.intervalUs = intervalUs
        self.compressed = compressed
    }
}

/// The message `grpc.testing.StreamingOutputCallRequest`.
package struct StreamingOutputCallRequest: Hashable, Sendable {
    /// The field `responseType` of `grpc.testing.StreamingOutputCallRequest`.
    package var responseType: PayloadType = .compressable
    /// The field `responseParameters` of `grpc.testing.StreamingOutputCallRequest`.
    package var responseParameters: [ResponseParameters] = []
    /// The field `payload` of `grpc.testing.StreamingOutputCallRequest`.
    package var payload: Payload? = nil
    /// The field `responseStatus` of `grpc.testing.StreamingOutputCallRequest`.
    package var responseStatus: EchoStatus? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        responseType: PayloadType = .compressable,
        responseParameters: [ResponseParameters] = [],
        payload: Payload? = nil,
        responseStatus: EchoStatus? = nil
    ) {
        self.responseType = responseType
        self.responseParameters = responseParameters
        self.payload = payload
        self.responseStatus = responseStatus
    }
}

/// The message `grpc.testing.StreamingOutputCallResponse`.
package struct StreamingOutputCallResponse: Hashable, Sendable {
    /// The field `payload` of `grpc.testing.StreamingOutputCallResponse`.
    package var payload: Payload? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        payload: Payload? = nil
    ) {
        self.payload = payload
    }
}

extension BoolValue: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__BoolValue>.size }
    package static let protobufName = "grpc.testing.BoolValue"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__BoolValue()
        unsafe grpc__testing__bool_value__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        value = unsafe storage.pointee.value != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__BoolValue.self, capacity: 1)
        unsafe grpc__testing__bool_value__init(storage)
        unsafe storage.pointee.value = value ? 1 : 0
    }
}

extension BoolValue {
    /// A `grpc.testing.BoolValue` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BoolValue
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__BoolValue>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        }

        /// The message as a value.
        package func copied() -> BoolValue {
            unsafe BoolValue(copying: storage)
        }

        package var value: Bool { unsafe storage.pointee.value != 0 }
    }
}

extension Payload: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__Payload>.size }
    package static let protobufName = "grpc.testing.Payload"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__Payload()
        unsafe grpc__testing__payload__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__Payload.self)
        type = unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.type.rawValue))
        body = unsafe MessageFields.bytes(storage.pointee.body)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__Payload.self, capacity: 1)
        unsafe grpc__testing__payload__init(storage)
        unsafe storage.pointee.type = Grpc__Testing__PayloadType(rawValue: .init(truncatingIfNeeded: type.rawValue))
        if !body.isEmpty {
            unsafe storage.pointee.body = try arena.bytes(body)
        }
    }
}

extension Payload {
    /// A `grpc.testing.Payload` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = Payload
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__Payload>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }

        /// The message as a value.
        package func copied() -> Payload {
            unsafe Payload(copying: storage)
        }

        package var type: PayloadType { unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.type.rawValue)) }

        package var body: [UInt8] { unsafe MessageFields.bytes(storage.pointee.body) }

        @inlinable package func withBody<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withBytes(storage.pointee.body, body)
        }
    }
}

extension EchoStatus: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__EchoStatus>.size }
    package static let protobufName = "grpc.testing.EchoStatus"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__EchoStatus()
        unsafe grpc__testing__echo_status__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__EchoStatus.self)
        code = unsafe storage.pointee.code
        message = unsafe MessageFields.string(storage.pointee.message)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__EchoStatus.self, capacity: 1)
        unsafe grpc__testing__echo_status__init(storage)
        unsafe storage.pointee.code = code
        if !message.isEmpty {
            unsafe storage.pointee.message = try arena.string(message, "grpc.testing.EchoStatus.message")
        }
    }
}

extension EchoStatus {
    /// A `grpc.testing.EchoStatus` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = EchoStatus
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__EchoStatus>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__EchoStatus.self)
        }

        /// The message as a value.
        package func copied() -> EchoStatus {
            unsafe EchoStatus(copying: storage)
        }

        package var code: Int32 { unsafe storage.pointee.code }

        package var message: String { unsafe MessageFields.string(storage.pointee.message) }

        @inlinable package func withMessage<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.message, body)
        }
    }
}

extension SimpleRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__SimpleRequest>.size }
    package static let protobufName = "grpc.testing.SimpleRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__SimpleRequest()
        unsafe grpc__testing__simple_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__SimpleRequest.self)
        responseType = unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.response_type.rawValue))
        responseSize = unsafe storage.pointee.response_size
        payload = unsafe storage.pointee.payload.map { Payload(copying: $0) }
        fillUsername = unsafe storage.pointee.fill_username != 0
        fillOauthScope = unsafe storage.pointee.fill_oauth_scope != 0
        responseCompressed = unsafe storage.pointee.response_compressed.map { BoolValue(copying: $0) }
        responseStatus = unsafe storage.pointee.response_status.map { EchoStatus(copying: $0) }
        expectCompressed = unsafe storage.pointee.expect_compressed.map { BoolValue(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__SimpleRequest.self, capacity: 1)
        unsafe grpc__testing__simple_request__init(storage)
        unsafe storage.pointee.response_type = Grpc__Testing__PayloadType(rawValue: .init(truncatingIfNeeded: responseType.rawValue))
        unsafe storage.pointee.response_size = responseSize
        if let payload {
            unsafe storage.pointee.payload = try arena.message(payload).assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }
        unsafe storage.pointee.fill_username = fillUsername ? 1 : 0
        unsafe storage.pointee.fill_oauth_scope = fillOauthScope ? 1 : 0
        if let responseCompressed {
            unsafe storage.pointee.response_compressed = try arena.message(responseCompressed).assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        }
        if let responseStatus {
            unsafe storage.pointee.response_status = try arena.message(responseStatus).assumingMemoryBound(to: Grpc__Testing__EchoStatus.self)
        }
        if let expectCompressed {
            unsafe storage.pointee.expect_compressed = try arena.message(expectCompressed).assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        }
    }
}

extension SimpleRequest {
    /// A `grpc.testing.SimpleRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = SimpleRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__SimpleRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__SimpleRequest.self)
        }

        /// The message as a value.
        package func copied() -> SimpleRequest {
            unsafe SimpleRequest(copying: storage)
        }

        package var responseType: PayloadType { unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.response_type.rawValue)) }

        package var responseSize: Int32 { unsafe storage.pointee.response_size }

        @inlinable package var hasPayload: Bool { unsafe storage.pointee.payload != nil }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (borrowing Payload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.payload else { return nil }
            return try body(Payload.View(message))
        }

        package var fillUsername: Bool { unsafe storage.pointee.fill_username != 0 }

        package var fillOauthScope: Bool { unsafe storage.pointee.fill_oauth_scope != 0 }

        @inlinable package var hasResponseCompressed: Bool { unsafe storage.pointee.response_compressed != nil }

        @inlinable package func withResponseCompressed<Result, Failure: Error>(
            _ body: (borrowing BoolValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.response_compressed else { return nil }
            return try body(BoolValue.View(message))
        }

        @inlinable package var hasResponseStatus: Bool { unsafe storage.pointee.response_status != nil }

        @inlinable package func withResponseStatus<Result, Failure: Error>(
            _ body: (borrowing EchoStatus.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.response_status else { return nil }
            return try body(EchoStatus.View(message))
        }

        @inlinable package var hasExpectCompressed: Bool { unsafe storage.pointee.expect_compressed != nil }

        @inlinable package func withExpectCompressed<Result, Failure: Error>(
            _ body: (borrowing BoolValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.expect_compressed else { return nil }
            return try body(BoolValue.View(message))
        }
    }
}

extension SimpleResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__SimpleResponse>.size }
    package static let protobufName = "grpc.testing.SimpleResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__SimpleResponse()
        unsafe grpc__testing__simple_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__SimpleResponse.self)
        payload = unsafe storage.pointee.payload.map { Payload(copying: $0) }
        username = unsafe MessageFields.string(storage.pointee.username)
        oauthScope = unsafe MessageFields.string(storage.pointee.oauth_scope)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__SimpleResponse.self, capacity: 1)
        unsafe grpc__testing__simple_response__init(storage)
        if let payload {
            unsafe storage.pointee.payload = try arena.message(payload).assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }
        if !username.isEmpty {
            unsafe storage.pointee.username = try arena.string(username, "grpc.testing.SimpleResponse.username")
        }
        if !oauthScope.isEmpty {
            unsafe storage.pointee.oauth_scope = try arena.string(oauthScope, "grpc.testing.SimpleResponse.oauth_scope")
        }
    }
}

extension SimpleResponse {
    /// A `grpc.testing.SimpleResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = SimpleResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__SimpleResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__SimpleResponse.self)
        }

        /// The message as a value.
        package func copied() -> SimpleResponse {
            unsafe SimpleResponse(copying: storage)
        }

        @inlinable package var hasPayload: Bool { unsafe storage.pointee.payload != nil }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (borrowing Payload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.payload else { return nil }
            return try body(Payload.View(message))
        }

        package var username: String { unsafe MessageFields.string(storage.pointee.username) }

        @inlinable package func withUsername<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.username, body)
        }

        package var oauthScope: String { unsafe MessageFields.string(storage.pointee.oauth_scope) }

        @inlinable package func withOauthScope<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.oauth_scope, body)
        }
    }
}

extension StreamingInputCallRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__StreamingInputCallRequest>.size }
    package static let protobufName = "grpc.testing.StreamingInputCallRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__StreamingInputCallRequest()
        unsafe grpc__testing__streaming_input_call_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingInputCallRequest.self)
        payload = unsafe storage.pointee.payload.map { Payload(copying: $0) }
        expectCompressed = unsafe storage.pointee.expect_compressed.map { BoolValue(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__StreamingInputCallRequest.self, capacity: 1)
        unsafe grpc__testing__streaming_input_call_request__init(storage)
        if let payload {
            unsafe storage.pointee.payload = try arena.message(payload).assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }
        if let expectCompressed {
            unsafe storage.pointee.expect_compressed = try arena.message(expectCompressed).assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        }
    }
}

extension StreamingInputCallRequest {
    /// A `grpc.testing.StreamingInputCallRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamingInputCallRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__StreamingInputCallRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingInputCallRequest.self)
        }

        /// The message as a value.
        package func copied() -> StreamingInputCallRequest {
            unsafe StreamingInputCallRequest(copying: storage)
        }

        @inlinable package var hasPayload: Bool { unsafe storage.pointee.payload != nil }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (borrowing Payload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.payload else { return nil }
            return try body(Payload.View(message))
        }

        @inlinable package var hasExpectCompressed: Bool { unsafe storage.pointee.expect_compressed != nil }

        @inlinable package func withExpectCompressed<Result, Failure: Error>(
            _ body: (borrowing BoolValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.expect_compressed else { return nil }
            return try body(BoolValue.View(message))
        }
    }
}

extension StreamingInputCallResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__StreamingInputCallResponse>.size }
    package static let protobufName = "grpc.testing.StreamingInputCallResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__StreamingInputCallResponse()
        unsafe grpc__testing__streaming_input_call_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingInputCallResponse.self)
        aggregatedPayloadSize = unsafe storage.pointee.aggregated_payload_size
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__StreamingInputCallResponse.self, capacity: 1)
        unsafe grpc__testing__streaming_input_call_response__init(storage)
        unsafe storage.pointee.aggregated_payload_size = aggregatedPayloadSize
    }
}

extension StreamingInputCallResponse {
    /// A `grpc.testing.StreamingInputCallResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamingInputCallResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__StreamingInputCallResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingInputCallResponse.self)
        }

        /// The message as a value.
        package func copied() -> StreamingInputCallResponse {
            unsafe StreamingInputCallResponse(copying: storage)
        }

        package var aggregatedPayloadSize: Int32 { unsafe storage.pointee.aggregated_payload_size }
    }
}

extension ResponseParameters: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__ResponseParameters>.size }
    package static let protobufName = "grpc.testing.ResponseParameters"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__ResponseParameters()
        unsafe grpc__testing__response_parameters__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__ResponseParameters.self)
        size = unsafe storage.pointee.size
        intervalUs = unsafe storage.pointee.interval_us
        compressed = unsafe storage.pointee.compressed.map { BoolValue(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__ResponseParameters.self, capacity: 1)
        unsafe grpc__testing__response_parameters__init(storage)
        unsafe storage.pointee.size = size
        unsafe storage.pointee.interval_us = intervalUs
        if let compressed {
            unsafe storage.pointee.compressed = try arena.message(compressed).assumingMemoryBound(to: Grpc__Testing__BoolValue.self)
        }
    }
}

extension ResponseParameters {
    /// A `grpc.testing.ResponseParameters` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ResponseParameters
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__ResponseParameters>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__ResponseParameters.self)
        }

        /// The message as a value.
        package func copied() -> ResponseParameters {
            unsafe ResponseParameters(copying: storage)
        }

        package var size: Int32 { unsafe storage.pointee.size }

        package var intervalUs: Int32 { unsafe storage.pointee.interval_us }

        @inlinable package var hasCompressed: Bool { unsafe storage.pointee.compressed != nil }

        @inlinable package func withCompressed<Result, Failure: Error>(
            _ body: (borrowing BoolValue.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.compressed else { return nil }
            return try body(BoolValue.View(message))
        }
    }
}

extension StreamingOutputCallRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__StreamingOutputCallRequest>.size }
    package static let protobufName = "grpc.testing.StreamingOutputCallRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__StreamingOutputCallRequest()
        unsafe grpc__testing__streaming_output_call_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingOutputCallRequest.self)
        responseType = unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.response_type.rawValue))
        responseParameters = unsafe MessageFields.messages(storage.pointee.response_parameters, Int(storage.pointee.n_response_parameters), ResponseParameters.self)
        payload = unsafe storage.pointee.payload.map { Payload(copying: $0) }
        responseStatus = unsafe storage.pointee.response_status.map { EchoStatus(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__StreamingOutputCallRequest.self, capacity: 1)
        unsafe grpc__testing__streaming_output_call_request__init(storage)
        unsafe storage.pointee.response_type = Grpc__Testing__PayloadType(rawValue: .init(truncatingIfNeeded: responseType.rawValue))
        if !responseParameters.isEmpty {
            unsafe storage.pointee.response_parameters = try arena.messages(responseParameters).assumingMemoryBound(to: UnsafeMutablePointer<Grpc__Testing__ResponseParameters>?.self)
            unsafe storage.pointee.n_response_parameters = responseParameters.count
        }
        if let payload {
            unsafe storage.pointee.payload = try arena.message(payload).assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }
        if let responseStatus {
            unsafe storage.pointee.response_status = try arena.message(responseStatus).assumingMemoryBound(to: Grpc__Testing__EchoStatus.self)
        }
    }
}

extension StreamingOutputCallRequest {
    /// A `grpc.testing.StreamingOutputCallRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamingOutputCallRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__StreamingOutputCallRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingOutputCallRequest.self)
        }

        /// The message as a value.
        package func copied() -> StreamingOutputCallRequest {
            unsafe StreamingOutputCallRequest(copying: storage)
        }

        package var responseType: PayloadType { unsafe PayloadType(rawValue: Int32(truncatingIfNeeded: storage.pointee.response_type.rawValue)) }

        @inlinable package var responseParametersCount: Int { Int(unsafe storage.pointee.n_response_parameters) }

        @inlinable package func withResponseParameters<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ResponseParameters.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < responseParametersCount, "no element has this index")
            guard let message = unsafe storage.pointee.response_parameters[index] else { return nil }
            return try body(ResponseParameters.View(message))
        }

        @inlinable package var hasPayload: Bool { unsafe storage.pointee.payload != nil }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (borrowing Payload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.payload else { return nil }
            return try body(Payload.View(message))
        }

        @inlinable package var hasResponseStatus: Bool { unsafe storage.pointee.response_status != nil }

        @inlinable package func withResponseStatus<Result, Failure: Error>(
            _ body: (borrowing EchoStatus.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.response_status else { return nil }
            return try body(EchoStatus.View(message))
        }
    }
}

extension StreamingOutputCallResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__StreamingOutputCallResponse>.size }
    package static let protobufName = "grpc.testing.StreamingOutputCallResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__StreamingOutputCallResponse()
        unsafe grpc__testing__streaming_output_call_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingOutputCallResponse.self)
        payload = unsafe storage.pointee.payload.map { Payload(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__StreamingOutputCallResponse.self, capacity: 1)
        unsafe grpc__testing__streaming_output_call_response__init(storage)
        if let payload {
            unsafe storage.pointee.payload = try arena.message(payload).assumingMemoryBound(to: Grpc__Testing__Payload.self)
        }
    }
}

extension StreamingOutputCallResponse {
    /// A `grpc.testing.StreamingOutputCallResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = StreamingOutputCallResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__StreamingOutputCallResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__StreamingOutputCallResponse.self)
        }

        /// The message as a value.
        package func copied() -> StreamingOutputCallResponse {
            unsafe StreamingOutputCallResponse(copying: storage)
        }

        @inlinable package var hasPayload: Bool { unsafe storage.pointee.payload != nil }

        @inlinable package func withPayload<Result, Failure: Error>(
            _ body: (borrowing Payload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.payload else { return nil }
            return try body(Payload.View(message))
        }
    }
}
