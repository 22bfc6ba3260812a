// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from grpc/reflection/v1/reflection.proto; do not edit.

package import CProtos
package import SocketRPC

/// The message `grpc.reflection.v1.ServerReflectionRequest`.
package struct ServerReflectionRequest: Hashable, Sendable {
    /// The field `host` of `grpc.reflection.v1.ServerReflectionRequest`.
    package var host: String = ""
    /// The field `messageRequest` of `grpc.reflection.v1.ServerReflectionRequest`.
    package var messageRequest: ServerReflectionRequest.MessageRequest? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        host: String = "",
        messageRequest: ServerReflectionRequest.MessageRequest? = nil
    ) {
        self.host = host
        self.messageRequest = messageRequest
    }

    /// The one of `grpc.reflection.v1.ServerReflectionRequest.message_request` that is set.
    package enum MessageRequest: Hashable, Sendable {
        /// The file with this name.
        case fileByFilename(String)
        /// The file that declares a symbol, given by its full name without a leading dot.
        case fileContainingSymbol(String)
        /// The file that extends a message with this field number.
        case fileContainingExtension(ExtensionRequest)
        /// The field numbers of all extensions of a message.
        case allExtensionNumbersOfType(String)
        /// The full names of all services; the text is ignored.
        case listServices(String)
    }
}

/// The message `grpc.reflection.v1.ExtensionRequest`.
package struct ExtensionRequest: Hashable, Sendable {
    /// The full name of the message.
    package var containingType: String = ""
    /// The field `extensionNumber` of `grpc.reflection.v1.ExtensionRequest`.
    package var extensionNumber: Int32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        containingType: String = "",
        extensionNumber: Int32 = 0
    ) {
        self.containingType = containingType
        self.extensionNumber = extensionNumber
    }
}

/// The message `grpc.reflection.v1.ServerReflectionResponse`.
package struct ServerReflectionResponse: Hashable, Sendable {
    /// The field `validHost` of `grpc.reflection.v1.ServerReflectionResponse`.
    package var validHost: String = ""
    /// The field `originalRequest` of `grpc.reflection.v1.ServerReflectionResponse`.
    package var originalRequest: ServerReflectionRequest? = nil
    /// The field `messageResponse` of `grpc.reflection.v1.ServerReflectionResponse`.
    package var messageResponse: ServerReflectionResponse.MessageResponse? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        validHost: String = "",
        originalRequest: ServerReflectionRequest? = nil,
        messageResponse: ServerReflectionResponse.MessageResponse? = nil
    ) {
        self.validHost = validHost
        self.originalRequest = originalRequest
        self.messageResponse = messageResponse
    }

    /// The one of `grpc.reflection.v1.ServerReflectionResponse.message_response` that is set.
    package enum MessageResponse: Hashable, Sendable {
        /// The field `grpc.reflection.v1.ServerReflectionResponse.file_descriptor_response`.
        case fileDescriptorResponse(FileDescriptorResponse)
        /// The field `grpc.reflection.v1.ServerReflectionResponse.all_extension_numbers_response`.
        case allExtensionNumbersResponse(ExtensionNumberResponse)
        /// The field `grpc.reflection.v1.ServerReflectionResponse.list_services_response`.
        case listServicesResponse(ListServiceResponse)
        /// The request has no answer; the stream continues.
        case errorResponse(ErrorResponse)
    }
}

/// The message `grpc.reflection.v1.FileDescriptorResponse`.
package struct FileDescriptorResponse: Hashable, Sendable {
    /// Serialized google.protobuf.FileDescriptorProto messages: the file, and its imports unless they
    /// were sent before.
    package var fileDescriptorProto: [[UInt8]] = []

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        fileDescriptorProto: [[UInt8]] = []
    ) {
        self.fileDescriptorProto = fileDescriptorProto
    }
}

/// The message `grpc.reflection.v1.ExtensionNumberResponse`.
package struct ExtensionNumberResponse: Hashable, Sendable {
    /// The field `baseTypeName` of `grpc.reflection.v1.ExtensionNumberResponse`.
    package var baseTypeName: String = ""
    /// The field `extensionNumber` of `grpc.reflection.v1.ExtensionNumberResponse`.
    package var extensionNumber: [Int32] = []

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        baseTypeName: String = "",
        extensionNumber: [Int32] = []
    ) {
        self.baseTypeName = baseTypeName
        self.extensionNumber = extensionNumber
    }
}

/// The message `grpc.reflection.v1.ListServiceResponse`.
package struct ListServiceResponse: Hashable, Sendable {
    /// The field `service` of `grpc.reflection.v1.ListServiceResponse`.
    package var service: [ServiceResponse] = []

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        service: [ServiceResponse] = []
    ) {
        self.service = service
    }
}

/// The message `grpc.reflection.v1.ServiceResponse`.
package struct ServiceResponse: Hashable, Sendable {
    /// The field `name` of `grpc.reflection.v1.ServiceResponse`.
    package var name: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        name: String = ""
    ) {
        self.name = name
    }
}

/// The message `grpc.reflection.v1.ErrorResponse`.
package struct ErrorResponse: Hashable, Sendable {
    /// A gRPC status code.
    package var errorCode: Int32 = 0
    /// The field `errorMessage` of `grpc.reflection.v1.ErrorResponse`.
    package var errorMessage: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        errorCode: Int32 = 0,
        errorMessage: String = ""
    ) {
        self.errorCode = errorCode
        self.errorMessage = errorMessage
    }
}

extension ServerReflectionRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ServerReflectionRequest>.size }
    package static let protobufName = "grpc.reflection.v1.ServerReflectionRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ServerReflectionRequest()
        unsafe grpc__reflection__v1__server_reflection_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServerReflectionRequest.self)
        host = unsafe MessageFields.string(storage.pointee.host)
        switch unsafe storage.pointee.message_request_case.rawValue {
        case 3: messageRequest = unsafe .fileByFilename(MessageFields.string(storage.pointee.file_by_filename))
        case 4: messageRequest = unsafe .fileContainingSymbol(MessageFields.string(storage.pointee.file_containing_symbol))
        case 5: messageRequest = unsafe .fileContainingExtension(storage.pointee.file_containing_extension.map { ExtensionRequest(copying: $0) } ?? ExtensionRequest())
        case 6: messageRequest = unsafe .allExtensionNumbersOfType(MessageFields.string(storage.pointee.all_extension_numbers_of_type))
        case 7: messageRequest = unsafe .listServices(MessageFields.string(storage.pointee.list_services))
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ServerReflectionRequest.self, capacity: 1)
        unsafe grpc__reflection__v1__server_reflection_request__init(storage)
        if !host.isEmpty {
            unsafe storage.pointee.host = try arena.string(host, "grpc.reflection.v1.ServerReflectionRequest.host")
        }
        switch messageRequest {
        case .fileByFilename(let value):
            unsafe storage.pointee.message_request_case = Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase(rawValue: 3)
            unsafe storage.pointee.file_by_filename = try arena.string(value, "grpc.reflection.v1.ServerReflectionRequest.file_by_filename")
        case .fileContainingSymbol(let value):
            unsafe storage.pointee.message_request_case = Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase(rawValue: 4)
            unsafe storage.pointee.file_containing_symbol = try arena.string(value, "grpc.reflection.v1.ServerReflectionRequest.file_containing_symbol")
        case .fileContainingExtension(let value):
            unsafe storage.pointee.message_request_case = Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase(rawValue: 5)
            unsafe storage.pointee.file_containing_extension = try arena.message(value).assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionRequest.self)
        case .allExtensionNumbersOfType(let value):
            unsafe storage.pointee.message_request_case = Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase(rawValue: 6)
            unsafe storage.pointee.all_extension_numbers_of_type = try arena.string(value, "grpc.reflection.v1.ServerReflectionRequest.all_extension_numbers_of_type")
        case .listServices(let value):
            unsafe storage.pointee.message_request_case = Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase(rawValue: 7)
            unsafe storage.pointee.list_services = try arena.string(value, "grpc.reflection.v1.ServerReflectionRequest.list_services")
        case nil: break
        }
    }
}

extension ServerReflectionRequest {
    /// A `grpc.reflection.v1.ServerReflectionRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ServerReflectionRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ServerReflectionRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServerReflectionRequest.self)
        }

        /// The message as a value.
        package func copied() -> ServerReflectionRequest {
            unsafe ServerReflectionRequest(copying: storage)
        }

        package var host: String { unsafe MessageFields.string(storage.pointee.host) }

        @inlinable package func withHost<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.host, body)
        }

        @inlinable package var hasFileByFilename: Bool { unsafe storage.pointee.message_request_case.rawValue == 3 }

        @inlinable package func withFileByFilename<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasFileByFilename else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.file_by_filename, body)
        }

        @inlinable package var hasFileContainingSymbol: Bool { unsafe storage.pointee.message_request_case.rawValue == 4 }

        @inlinable package func withFileContainingSymbol<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasFileContainingSymbol else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.file_containing_symbol, body)
        }

        @inlinable package var hasFileContainingExtension: Bool { unsafe storage.pointee.message_request_case.rawValue == 5 }

        @inlinable package func withFileContainingExtension<Result, Failure: Error>(
            _ body: (borrowing ExtensionRequest.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasFileContainingExtension else { return nil }
            guard let message = unsafe storage.pointee.file_containing_extension else { return nil }
            return try body(ExtensionRequest.View(message))
        }

        @inlinable package var hasAllExtensionNumbersOfType: Bool { unsafe storage.pointee.message_request_case.rawValue == 6 }

        @inlinable package func withAllExtensionNumbersOfType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasAllExtensionNumbersOfType else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.all_extension_numbers_of_type, body)
        }

        @inlinable package var hasListServices: Bool { unsafe storage.pointee.message_request_case.rawValue == 7 }

        @inlinable package func withListServices<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasListServices else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.list_services, body)
        }
    }
}

extension ExtensionRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ExtensionRequest>.size }
    package static let protobufName = "grpc.reflection.v1.ExtensionRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ExtensionRequest()
        unsafe grpc__reflection__v1__extension_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionRequest.self)
        containingType = unsafe MessageFields.string(storage.pointee.containing_type)
        extensionNumber = unsafe storage.pointee.extension_number
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ExtensionRequest.self, capacity: 1)
        unsafe grpc__reflection__v1__extension_request__init(storage)
        if !containingType.isEmpty {
            unsafe storage.pointee.containing_type = try arena.string(containingType, "grpc.reflection.v1.ExtensionRequest.containing_type")
        }
        unsafe storage.pointee.extension_number = extensionNumber
    }
}

extension ExtensionRequest {
    /// A `grpc.reflection.v1.ExtensionRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExtensionRequest
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ExtensionRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionRequest.self)
        }

        /// The message as a value.
        package func copied() -> ExtensionRequest {
            unsafe ExtensionRequest(copying: storage)
        }

        package var containingType: String { unsafe MessageFields.string(storage.pointee.containing_type) }

        @inlinable package func withContainingType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.containing_type, body)
        }

        package var extensionNumber: Int32 { unsafe storage.pointee.extension_number }
    }
}

extension ServerReflectionResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ServerReflectionResponse>.size }
    package static let protobufName = "grpc.reflection.v1.ServerReflectionResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ServerReflectionResponse()
        unsafe grpc__reflection__v1__server_reflection_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServerReflectionResponse.self)
        validHost = unsafe MessageFields.string(storage.pointee.valid_host)
        originalRequest = unsafe storage.pointee.original_request.map { ServerReflectionRequest(copying: $0) }
        switch unsafe storage.pointee.message_response_case.rawValue {
        case 4: messageResponse = unsafe .fileDescriptorResponse(storage.pointee.file_descriptor_response.map { FileDescriptorResponse(copying: $0) } ?? FileDescriptorResponse())
        case 5: messageResponse = unsafe .allExtensionNumbersResponse(storage.pointee.all_extension_numbers_response.map { ExtensionNumberResponse(copying: $0) } ?? ExtensionNumberResponse())
        case 6: messageResponse = unsafe .listServicesResponse(storage.pointee.list_services_response.map { ListServiceResponse(copying: $0) } ?? ListServiceResponse())
        case 7: messageResponse = unsafe .errorResponse(storage.pointee.error_response.map { ErrorResponse(copying: $0) } ?? ErrorResponse())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ServerReflectionResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__server_reflection_response__init(storage)
        if !validHost.isEmpty {
            unsafe storage.pointee.valid_host = try arena.string(validHost, "grpc.reflection.v1.ServerReflectionResponse.valid_host")
        }
        if let originalRequest {
            unsafe storage.pointee.original_request = try arena.message(originalRequest).assumingMemoryBound(to: Grpc__Reflection__V1__ServerReflectionRequest.self)
        }
        switch messageResponse {
        case .fileDescriptorResponse(let value):
            unsafe storage.pointee.message_response_case = Grpc__Reflection__V1__ServerReflectionResponse__MessageResponseCase(rawValue: 4)
            unsafe storage.pointee.file_descriptor_response = try arena.message(value).assumingMemoryBound(to: Grpc__Reflection__V1__FileDescriptorResponse.self)
        case .allExtensionNumbersResponse(let value):
            unsafe storage.pointee.message_response_case = Grpc__Reflection__V1__ServerReflectionResponse__MessageResponseCase(rawValue: 5)
            unsafe storage.pointee.all_extension_numbers_response = try arena.message(value).assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionNumberResponse.self)
        case .listServicesResponse(let value):
            unsafe storage.pointee.message_response_case = Grpc__Reflection__V1__ServerReflectionResponse__MessageResponseCase(rawValue: 6)
            unsafe storage.pointee.list_services_response = try arena.message(value).assumingMemoryBound(to: Grpc__Reflection__V1__ListServiceResponse.self)
        case .errorResponse(let value):
            unsafe storage.pointee.message_response_case = Grpc__Reflection__V1__ServerReflectionResponse__MessageResponseCase(rawValue: 7)
            unsafe storage.pointee.error_response = try arena.message(value).assumingMemoryBound(to: Grpc__Reflection__V1__ErrorResponse.self)
        case nil: break
        }
    }
}

extension ServerReflectionResponse {
    /// A `grpc.reflection.v1.ServerReflectionResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ServerReflectionResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ServerReflectionResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServerReflectionResponse.self)
        }

        /// The message as a value.
        package func copied() -> ServerReflectionResponse {
            unsafe ServerReflectionResponse(copying: storage)
        }

        package var validHost: String { unsafe MessageFields.string(storage.pointee.valid_host) }

        @inlinable package func withValidHost<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.valid_host, body)
        }

        @inlinable package var hasOriginalRequest: Bool { unsafe storage.pointee.original_request != nil }

        @inlinable package func withOriginalRequest<Result, Failure: Error>(
            _ body: (borrowing ServerReflectionRequest.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.original_request else { return nil }
            return try body(ServerReflectionRequest.View(message))
        }

        @inlinable package var hasFileDescriptorResponse: Bool { unsafe storage.pointee.message_response_case.rawValue == 4 }

        @inlinable package func withFileDescriptorResponse<Result, Failure: Error>(
            _ body: (borrowing FileDescriptorResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasFileDescriptorResponse else { return nil }
            guard let message = unsafe storage.pointee.file_descriptor_response else { return nil }
            return try body(FileDescriptorResponse.View(message))
        }

        @inlinable package var hasAllExtensionNumbersResponse: Bool { unsafe storage.pointee.message_response_case.rawValue == 5 }

        @inlinable package func withAllExtensionNumbersResponse<Result, Failure: Error>(
            _ body: (borrowing ExtensionNumberResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasAllExtensionNumbersResponse else { return nil }
            guard let message = unsafe storage.pointee.all_extension_numbers_response else { return nil }
            return try body(ExtensionNumberResponse.View(message))
        }

        @inlinable package var hasListServicesResponse: Bool { unsafe storage.pointee.message_response_case.rawValue == 6 }

        @inlinable package func withListServicesResponse<Result, Failure: Error>(
            _ body: (borrowing ListServiceResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasListServicesResponse else { return nil }
            guard let message = unsafe storage.pointee.list_services_response else { return nil }
            return try body(ListServiceResponse.View(message))
        }

        @inlinable package var hasErrorResponse: Bool { unsafe storage.pointee.message_response_case.rawValue == 7 }

        @inlinable package func withErrorResponse<Result, Failure: Error>(
            _ body: (borrowing ErrorResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasErrorResponse else { return nil }
            guard let message = unsafe storage.pointee.error_response else { return nil }
            return try body(ErrorResponse.View(message))
        }
    }
}

extension FileDescriptorResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__FileDescriptorResponse>.size }
    package static let protobufName = "grpc.reflection.v1.FileDescriptorResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__FileDescriptorResponse()
        unsafe grpc__reflection__v1__file_descriptor_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__FileDescriptorResponse.self)
        fileDescriptorProto = unsafe MessageFields.byteLists(storage.pointee.file_descriptor_proto, Int(storage.pointee.n_file_descriptor_proto))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__FileDescriptorResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__file_descriptor_response__init(storage)
        if !fileDescriptorProto.isEmpty {
            unsafe storage.pointee.file_descriptor_proto = try arena.byteLists(fileDescriptorProto)
            unsafe storage.pointee.n_file_descriptor_proto = fileDescriptorProto.count
        }
    }
}

extension FileDescriptorResponse {
    /// A `grpc.reflection.v1.FileDescriptorResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FileDescriptorResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__FileDescriptorResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__FileDescriptorResponse.self)
        }

        /// The message as a value.
        package func copied() -> FileDescriptorResponse {
            unsafe FileDescriptorResponse(copying: storage)
        }

        @inlinable package var fileDescriptorProtoCount: Int { Int(unsafe storage.pointee.n_file_descriptor_proto) }

        @inlinable package func withFileDescriptorProto<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < fileDescriptorProtoCount, "no element has this index")
            return unsafe try MessageFields.withBytes(storage.pointee.file_descriptor_proto[index], body)
        }
    }
}

extension ExtensionNumberResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ExtensionNumberResponse>.size }
    package static let protobufName = "grpc.reflection.v1.ExtensionNumberResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ExtensionNumberResponse()
        unsafe grpc__reflection__v1__extension_number_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionNumberResponse.self)
        baseTypeName = unsafe MessageFields.string(storage.pointee.base_type_name)
        extensionNumber = unsafe MessageFields.scalars(storage.pointee.extension_number, Int(storage.pointee.n_extension_number)) { $0 }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ExtensionNumberResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__extension_number_response__init(storage)
        if !baseTypeName.isEmpty {
            unsafe storage.pointee.base_type_name = try arena.string(baseTypeName, "grpc.reflection.v1.ExtensionNumberResponse.base_type_name")
        }
        if !extensionNumber.isEmpty {
            unsafe storage.pointee.extension_number = try arena.scalars(extensionNumber)
            unsafe storage.pointee.n_extension_number = extensionNumber.count
        }
    }
}

extension ExtensionNumberResponse {
    /// A `grpc.reflection.v1.ExtensionNumberResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExtensionNumberResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ExtensionNumberResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ExtensionNumberResponse.self)
        }

        /// The message as a value.
        package func copied() -> ExtensionNumberResponse {
            unsafe ExtensionNumberResponse(copying: storage)
        }

        package var baseTypeName: String { unsafe MessageFields.string(storage.pointee.base_type_name) }

        @inlinable package func withBaseTypeName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.base_type_name, body)
        }

        @inlinable package var extensionNumberCount: Int { Int(unsafe storage.pointee.n_extension_number) }

        package func extensionNumber(at index: Int) -> Int32 {
            precondition(index >= 0 && index < extensionNumberCount, "no element has this index")
            return unsafe storage.pointee.extension_number[index]
        }
    }
}

extension ListServiceResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ListServiceResponse>.size }
    package static let protobufName = "grpc.reflection.v1.ListServiceResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ListServiceResponse()
        unsafe grpc__reflection__v1__list_service_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ListServiceResponse.self)
        service = unsafe MessageFields.messages(storage.pointee.service, Int(storage.pointee.n_service), ServiceResponse.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ListServiceResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__list_service_response__init(storage)
        if !service.isEmpty {
            unsafe storage.pointee.service = try arena.messages(service).assumingMemoryBound(to: UnsafeMutablePointer<Grpc__Reflection__V1__ServiceResponse>?.self)
            unsafe storage.pointee.n_service = service.count
        }
    }
}

extension ListServiceResponse {
    /// A `grpc.reflection.v1.ListServiceResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ListServiceResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ListServiceResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ListServiceResponse.self)
        }

        /// The message as a value.
        package func copied() -> ListServiceResponse {
            unsafe ListServiceResponse(copying: storage)
        }

        @inlinable package var serviceCount: Int { Int(unsafe storage.pointee.n_service) }

        @inlinable package func withService<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ServiceResponse.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < serviceCount, "no element has this index")
            guard let message = unsafe storage.pointee.service[index] else { return nil }
            return try body(ServiceResponse.View(message))
        }
    }
}

extension ServiceResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ServiceResponse>.size }
    package static let protobufName = "grpc.reflection.v1.ServiceResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ServiceResponse()
        unsafe grpc__reflection__v1__service_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServiceResponse.self)
        name = unsafe MessageFields.string(storage.pointee.name)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ServiceResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__service_response__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "grpc.reflection.v1.ServiceResponse.name")
        }
    }
}

extension ServiceResponse {
    /// A `grpc.reflection.v1.ServiceResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ServiceResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ServiceResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ServiceResponse.self)
        }

        /// The message as a value.
        package func copied() -> ServiceResponse {
            unsafe ServiceResponse(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }
    }
}

extension ErrorResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Reflection__V1__ErrorResponse>.size }
    package static let protobufName = "grpc.reflection.v1.ErrorResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Reflection__V1__ErrorResponse()
        unsafe grpc__reflection__v1__error_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ErrorResponse.self)
        errorCode = unsafe storage.pointee.error_code
        errorMessage = unsafe MessageFields.string(storage.pointee.error_message)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Reflection__V1__ErrorResponse.self, capacity: 1)
        unsafe grpc__reflection__v1__error_response__init(storage)
        unsafe storage.pointee.error_code = errorCode
        if !errorMessage.isEmpty {
            unsafe storage.pointee.error_message = try arena.string(errorMessage, "grpc.reflection.v1.ErrorResponse.error_message")
        }
    }
}

extension ErrorResponse {
    /// A `grpc.reflection.v1.ErrorResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ErrorResponse
        @usableFromInline let storage: UnsafePointer<Grpc__Reflection__V1__ErrorResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Reflection__V1__ErrorResponse.self)
        }

        /// The message as a value.
        package func copied() -> ErrorResponse {
            unsafe ErrorResponse(copying: storage)
        }

        package var errorCode: Int32 { unsafe storage.pointee.error_code }

        package var errorMessage: String { unsafe MessageFields.string(storage.pointee.error_message) }

        @inlinable package func withErrorMessage<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.error_message, body)
        }
    }
}

/// The methods of `grpc.reflection.v1.ServerReflection`.
package enum ServerReflectionMethods {
    package static let serverReflectionInfo = RPCMethod<ServerReflectionRequest, ServerReflectionResponse>(
        service: "grpc.reflection.v1.ServerReflection", name: "ServerReflectionInfo", kind: .bidirectionalStreaming)
}

/// Describes what a server serves, by the descriptors of its .proto files.
package protocol ServerReflection: Sendable {
    /// One response per request, in order.
    func serverReflectionInfo(
        _ requests: RequestStream<ServerReflectionRequest>, responses: ResponseStream<ServerReflectionResponse>,
        context: CallContext
    ) async throws(RPCStatus)
}

extension ServerReflection {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "grpc.reflection.v1.ServerReflection",
            methods: [
                MethodHandler(ServerReflectionMethods.serverReflectionInfo) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.serverReflectionInfo(request, responses: responses, context: context)
                },
            ])
    }
}

/// Calls the methods of `grpc.reflection.v1.ServerReflection`.
package struct ServerReflectionClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// One response per request, in order.
    package nonisolated(nonsending) func serverReflectionInfo<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<ServerReflectionRequest, ServerReflectionResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(ServerReflectionMethods.serverReflectionInfo, options: options, body)
    }
}
