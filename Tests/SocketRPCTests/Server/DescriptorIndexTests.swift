// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import Testing

/// What the descriptors in the program declare.
@Suite struct DescriptorIndexTests {
    private let index: DescriptorIndex

    init() throws {
        index = try DescriptorIndex(reading: DescriptorSet.daemon)
    }

    @Test(arguments: [
        ("backends.v1.LifecycleService", "backends/v1/lifecycle.proto"),
        ("backends.v1.LifecycleService.StartBackend", "backends/v1/lifecycle.proto"),
        ("backends.v1.StartBackendRequest", "backends/v1/lifecycle.proto"),
        ("backends.v1.StartBackendRequest.name", "backends/v1/lifecycle.proto"),
        ("backends.v1.WatchBackendsResponse.event", "backends/v1/observe.proto"),
        ("backends.v1.BackendState", "backends/v1/backend_config.proto"),
        ("backends.v1.BACKEND_STATE_STARTED", "backends/v1/backend_config.proto"),
        ("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"),
        ("grpc.health.v1.HealthCheckResponse.SERVING", "grpc/health/v1/health.proto"),
        ("grpc.health.v1.HealthListResponse.StatusesEntry", "grpc/health/v1/health.proto"),
        ("grpc.reflection.v1alpha.ServerReflection", "grpc/reflection/v1alpha/reflection.proto"),
        ("google.protobuf.Struct", "google/protobuf/struct.proto"),
    ])
    func `every kind of symbol has its file`(symbol: String, file: String) {
        #expect(index.file(declaring: symbol)?.name == file)
    }

    @Test(arguments: ["", ".backends.v1.LifecycleService", "backends.v1", "StartBackend", "backends.v1.Nothing"])
    func `what is not a symbol is not found`(symbol: String) {
        #expect(index.file(declaring: symbol) == nil)
    }

    @Test func `a file comes with what it imports, once and it first`() throws {
        let file = try #require(index.file(named: "backends/v1/observe.proto"))
        let names = index.closure(of: file).map(\.name)
        #expect(names.first == "backends/v1/observe.proto")
        #expect(Set(names).isSuperset(of: ["backends/v1/backend_config.proto", "google/protobuf/struct.proto"]))
        #expect(Set(names).count == names.count)
    }

    @Test func `bytes that are not descriptors never trap`() {
        let set = DescriptorSet.daemon
        for length in stride(from: 0, to: set.count, by: 97) {
            _ = try? DescriptorIndex(reading: Array(set.prefix(length)))
        }
        var damaged = set
        for index in stride(from: 0, to: set.count, by: 31) {
            damaged[index] ^= 0xff
            _ = try? DescriptorIndex(reading: damaged)
            damaged[index] = set[index]
        }
    }
}
