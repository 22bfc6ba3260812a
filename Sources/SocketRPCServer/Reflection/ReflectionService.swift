// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
internal import SystemIO
internal import TextKeys

/// Serves `grpc.reflection.v1.ServerReflection`, and `v1alpha`, which differs only in its name.
package final class ReflectionService: ServerReflection {
    /// The names under which it is served.
    private static let names = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]

    private let services: [String]
    private let descriptors: @Sendable () -> [UInt8]
    /// Created by the first request.
    private let index = Guarded<DescriptorIndex?>(nil)

    /// A service that describes other services and itself. `descriptors` returns the serialized set of the files that
    /// declare them.
    package init(of services: [RPCService], descriptors: @escaping @Sendable () -> [UInt8]) {
        self.services = (services.map(\.name) + Self.names).sorted()
        self.descriptors = descriptors
    }

    /// The service under each of its names.
    package var rpcServices: [RPCService] {
        let methods = rpcService.methods
        return Self.names.map { RPCService(name: $0, methods: methods) }
    }

    package func serverReflectionInfo(
        _ requests: RequestStream<ServerReflectionRequest>, responses: ResponseStream<ServerReflectionResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        var sent: Set<String> = []
        while let request = try await requests.next() {
            try await responses.send(
                ServerReflectionResponse(
                    validHost: request.host, originalRequest: request, messageResponse: try answer(request, &sent)))
        }
    }

    private func answer(
        _ request: ServerReflectionRequest, _ sent: inout Set<String>
    ) throws(RPCStatus) -> ServerReflectionResponse.MessageResponse {
        let index = try readyIndex()
        switch request.messageRequest {
        case .listServices:
            return .listServicesResponse(ListServiceResponse(service: services.map { ServiceResponse(name: $0) }))
        case .fileByFilename(let name):
            return files(index.file(named: name), index, &sent) ?? Self.notFound("file \(name.cut(toBytes: 256))")
        case .fileContainingSymbol(let symbol):
            return files(index.file(declaring: symbol), index, &sent)
                ?? Self.notFound("symbol \(symbol.cut(toBytes: 256))")
        case .fileContainingExtension(let wanted):
            return Self.notFound("extension \(wanted.extensionNumber) of \(wanted.containingType.cut(toBytes: 256))")
        case .allExtensionNumbersOfType(let type):
            // No file of proto3 extends a message.
            guard index.hasMessage(type) else { return Self.notFound("message \(type.cut(toBytes: 256))") }
            return .allExtensionNumbersResponse(ExtensionNumberResponse(baseTypeName: type))
        case nil:
            return .errorResponse(
                ErrorResponse(
                    errorCode: RPCStatus.Code.invalidArgument.rawValue,
                    errorMessage: "the request does not contain a query; set one of its fields"))
        }
    }

    /// A file, and those of its imports that were not sent on this stream before.
    private func files(
        _ file: DescriptorIndex.File?, _ index: DescriptorIndex, _ sent: inout Set<String>
    ) -> ServerReflectionResponse.MessageResponse? {
        guard let file else { return nil }
        let files = index.closure(of: file).filter { sent.insert($0.name).inserted || $0.name == file.name }
        return .fileDescriptorResponse(FileDescriptorResponse(fileDescriptorProto: files.map(\.bytes)))
    }

    private static func notFound(_ what: String) -> ServerReflectionResponse.MessageResponse {
        .errorResponse(
            ErrorResponse(errorCode: RPCStatus.Code.notFound.rawValue, errorMessage: "this server has no \(what)"))
    }

    private func readyIndex() throws(RPCStatus) -> DescriptorIndex {
        let result = index.withLock { index -> Result<DescriptorIndex, EnvelopeError> in
            if let index { return .success(index) }
            do throws(EnvelopeError) {
                let made = try DescriptorIndex(reading: descriptors())
                index = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        do throws(EnvelopeError) {
            return try result.get()
        } catch {
            throw RPCStatus(.internal, reason: "DESCRIPTORS_UNREADABLE", "the server's own descriptors: \(error)")
        }
    }
}
