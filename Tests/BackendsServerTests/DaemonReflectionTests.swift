// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import TestSupport
import Testing

/// What the daemon says of itself, over ttrpc.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct DaemonReflectionTests {
    private static let services = [
        "backends.v1.BackendConfigService", "backends.v1.BackendTypeService",
        "backends.v1.ConfigurationService", "backends.v1.LifecycleService",
        "backends.v1.ModelService", "backends.v1.ObserveService", "backends.v1.RuntimeContextService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    ]

    @Test func `every service of the daemon is listed, and its file is there`() async throws {
        try await withService { service in
            try await ServerReflectionClient(service.client.rpc).serverReflectionInfo { stream async throws in
                try await stream.send(ServerReflectionRequest(messageRequest: .listServices("")))
                guard case .listServicesResponse(let list) = try await stream.next()?.messageResponse else {
                    Issue.record("no list came")
                    return
                }
                #expect(list.service.map(\.name) == Self.services)
                for name in Self.services {
                    try await stream.send(ServerReflectionRequest(messageRequest: .fileContainingSymbol(name)))
                    guard case .fileDescriptorResponse(let files) = try await stream.next()?.messageResponse else {
                        Issue.record("no file came for \(name)")
                        return
                    }
                    #expect(!files.fileDescriptorProto.isEmpty)
                }
                try await stream.finishSending()
                #expect(try await stream.next() == nil)
            }
        }
    }
}
