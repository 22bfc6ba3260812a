// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Answers HandleRuntimeContext by grpc-swift-2: a peer of tools/bench.

import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf

struct ContextService: RegistrableRPCService {
    func registerMethods<Transport>(with router: inout RPCRouter<Transport>) where Transport: ServerTransport {
        router.registerHandler(
            forMethod: MethodDescriptor(
                fullyQualifiedService: "backends.v1.RuntimeContextService", method: "HandleRuntimeContext"),
            deserializer: ProtobufDeserializer<Backends_V1_HandleRuntimeContextRequest>(),
            serializer: ProtobufSerializer<Backends_V1_HandleRuntimeContextResponse>(),
            handler: { request, _ in
                let message = try await ServerRequest(stream: request).message
                return StreamingServerResponse(single: ServerResponse(message: answer(message)))
            })
    }
}

/// Looks one header up and says that one backend ignored the context.
func answer(_ request: Backends_V1_HandleRuntimeContextRequest) -> Backends_V1_HandleRuntimeContextResponse {
    let route = request.context.grpc.metadata.first { $0.key.lowercased() == "x-route-to" }?.text
    var result = Backends_V1_BackendContextResult()
    result.backend = "local"
    result.outcome = route == "local" ? .handled : .ignored
    var response = Backends_V1_HandleRuntimeContextResponse()
    response.results = [result]
    return response
}

guard CommandLine.arguments.count == 2 else {
    fatalError("usage: grpc-swift-server SOCKET")
}
let transport = HTTP2ServerTransport.Posix(
    address: .unixDomainSocket(path: CommandLine.arguments[1]), transportSecurity: .plaintext)
try await GRPCServer(transport: transport, services: [ContextService()]).serve()
