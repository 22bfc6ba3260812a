// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import ConfigDocument
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Where the context of a request sends it, asked over the socket.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelRouteTests {
    @Test func `a request goes where its header says, if that is allowed`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = [
                "connection": ["hostname": "127.0.0.1:8033"], "route_allow": ["127.0.0.0/8"], "route_scope": "request",
            ]
            // Started by the first request, which goes where its header says all the same.
            try await client.create("r", "REMOTE", config: config)
            func resolve(_ route: String?) async throws -> ResolveModelResponse {
                let metadata = route.map { [MetadataEntry(key: "X-Route-Info", value: .text($0))] } ?? []
                let context = BackendsAPI.RuntimeContext(
                    source: .grpc(GRPCContext(method: "/p.S/M", metadata: metadata)))
                return try await client.models.resolveModel(
                    ResolveModelRequest(modelID: "m", context: context, waitReady: true, autoStart: true))
            }
            #expect(try await resolve("127.0.0.5:9000").endpoint?.address == "127.0.0.5:9000")
            #expect(try await resolve(nil).endpoint?.address == "127.0.0.1:8033")
            #expect(try await resolve("127.0.0.5:9000").endpoint?.address == "127.0.0.5:9000")
            #expect(try await resolve(nil).endpoint?.address == "127.0.0.1:8033")
            let refused = try await refusal { try await resolve("169.254.169.254:80") }
            #expect(refused.word == "PERMISSION_DENIED ROUTE_NOT_ALLOWED")
            #expect(try await refusal { try await resolve("no server") }.word == "INVALID_ARGUMENT ROUTE_INVALID")
            let patch: GoogleStruct = ["route_refused": "use_default"]
            _ = try await client.lifecycle.stopBackend(StopBackendRequest(name: "r"))
            _ = try await client.config.registerConfig(RegisterConfigRequest(name: "r", owner: "o", config: patch))
            try await client.start("r")
            let allowed = try await resolve("169.254.169.254:80")
            #expect(allowed.endpoint?.address == "127.0.0.1:8033")
            #expect(allowed.contextResults.map(\.outcome) == [.failed])
            #expect(allowed.contextResults.first?.status?.message.contains("route_allow") == true)
        }
    }

    @Test(arguments: [
        [MetadataEntry(key: "x-route-info", value: .text("nosuch.invalid:80"))],
        [MetadataEntry(key: "X-ROUTE-INFO", value: .text(""))],
        [MetadataEntry(key: "X-Route-Info", value: .text(" "))],
        [MetadataEntry(key: "X-Route-Info", value: .binary([0xFF, 0]))],
        [
            MetadataEntry(key: "X-Route-Info", value: .text("169.254.169.254:80")),
            MetadataEntry(key: "X-Route-Info", value: .text("127.0.0.5:9000")),
        ],
    ])
    func `a header that is not followed never means the default server`(metadata: [MetadataEntry]) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = [
                "connection": ["hostname": "127.0.0.1:8033"], "route_allow": ["127.0.0.0/8", "*.invalid"],
                "route_scope": "request",
            ]
            try await client.create("r", "REMOTE", config: config)
            try await client.start("r")
            let context = BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(method: "/p.S/M", metadata: metadata)))
            let refused = try await refusal {
                try await client.models.resolveModel(
                    ResolveModelRequest(modelID: "m", context: context, waitReady: true, autoStart: true))
            }
            #expect(
                refused.word.contains("ROUTE_") || refused.word.contains("NAME_NOT_RESOLVED")
                    || refused.word.contains("CONTEXT_TIMEOUT"), "\(refused.word)")
        }
    }

    @Test func `a use whose route is refused gets no place elsewhere`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let config: GoogleStruct = ["connection": ["hostname": "127.0.0.1:8033"], "route_allow": ["10.0.0.0/8"]]
            try await client.create("r", "REMOTE", config: config)
            // Also where the backend is started by the request.
            for _ in 0..<2 {
                let metadata = [MetadataEntry(key: "X-Route-Info", value: .text("169.254.169.254:80"))]
                let context = BackendsAPI.RuntimeContext(
                    source: .grpc(GRPCContext(method: "/p.S/M", metadata: metadata)))
                let request = UseModelRequest(
                    modelID: "m", context: context, autoStart: true, wait: GoogleDuration(.seconds(60)))
                let refused = try await refusal {
                    try await client.models.useModel { stream in
                        try await stream.send(request)
                        _ = try await stream.next()
                    }
                }
                #expect(refused.word == "PERMISSION_DENIED ROUTE_NOT_ALLOWED")
            }
        }
    }
}
