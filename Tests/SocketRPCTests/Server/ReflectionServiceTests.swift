// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// gRPC's reflection under both its names.
@Suite(.tags(.blocking)) struct ReflectionServiceTests {
    private static let names = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]

    /// The answers to questions that are asked one behind the other on one stream, over gRPC.
    private func ask(
        _ questions: [ServerReflectionRequest.MessageRequest?], as name: String = names[0]
    ) async throws -> [ServerReflectionResponse] {
        let reflection = ReflectionService(of: [EchoService().service]) { DescriptorSet.daemon }
        return try await withServer(services: reflection.rpcServices) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 1 << 20)])
            let body = try questions.flatMap { question in
                HTTP2Frame.message(try ServerReflectionRequest(host: "h", messageRequest: question).encoded())
            }
            try await peer.send(
                .windowUpdate(0, 1 << 20), .request(1, "/\(name)/ServerReflectionInfo"), .data(1, body, endStream: true)
            )
            let answer = try await peer.answer(1)
            #expect(answer.status == 0)
            let answers = try answer.messages.map { try ServerReflectionResponse(decoding: $0.payload) }
            #expect(answers.map(\.validHost) == questions.map { _ in "h" })
            #expect(answers.map(\.originalRequest?.messageRequest) == questions)
            return answers
        }
    }

    private func sizes(_ answer: ServerReflectionResponse) -> Int? {
        guard case .fileDescriptorResponse(let files) = answer.messageResponse else { return nil }
        return files.fileDescriptorProto.count
    }

    private func errorCode(_ answer: ServerReflectionResponse) -> Int32? {
        guard case .errorResponse(let error) = answer.messageResponse else { return nil }
        #expect(!error.errorMessage.isEmpty)
        return error.errorCode
    }

    @Test(arguments: names)
    func `the services are listed, reflection among them`(name: String) async throws {
        let answers = try await ask([.listServices("*")], as: name)
        guard case .listServicesResponse(let list) = answers[0].messageResponse else {
            Issue.record("\(answers)")
            return
        }
        #expect(list.service.map(\.name) == Self.names + ["test.Echo"])
    }

    @Test(arguments: names)
    func `a file is found by its name and by its symbols`(name: String) async throws {
        for question in [
            .fileByFilename("backends/v1/lifecycle.proto"), .fileContainingSymbol("backends.v1.LifecycleService"),
            .fileContainingSymbol("backends.v1.LifecycleService.StopBackend"),
        ] as [ServerReflectionRequest.MessageRequest] {
            let answers = try await ask([question], as: name)
            guard case .fileDescriptorResponse(let files) = answers[0].messageResponse else {
                Issue.record("\(answers)")
                return
            }
            let index = try DescriptorIndex(reading: DescriptorSet.daemon)
            let file = try #require(index.file(named: "backends/v1/lifecycle.proto"))
            #expect(files.fileDescriptorProto == index.closure(of: file).map(\.bytes))
        }
    }

    @Test func `what was sent on the stream is not sent again, but for what is asked for`() async throws {
        let question = ServerReflectionRequest.MessageRequest.fileByFilename("backends/v1/observe.proto")
        let answers = try await ask([question, question])
        #expect(try #require(sizes(answers[0])) > 1)
        #expect(sizes(answers[1]) == 1)
    }

    @Test func `what is not there is an error within the stream, which goes on`() async throws {
        let answers = try await ask([
            .fileByFilename("nothing.proto"), .fileContainingSymbol("backends.v1.Nothing"),
            .fileContainingExtension(ExtensionRequest(containingType: "backends.v1.Backend", extensionNumber: 100)),
            .allExtensionNumbersOfType("backends.v1.Nothing"), nil, .fileByFilename("google/protobuf/any.proto"),
        ])
        #expect(answers.map { errorCode($0) } == [5, 5, 5, 5, 3, nil])
        #expect(sizes(answers[5]) == 1)
    }

    @Test func `a message has no extensions`() async throws {
        let answers = try await ask([.allExtensionNumbersOfType("backends.v1.Backend")])
        #expect(
            answers[0].messageResponse
                == .allExtensionNumbersResponse(ExtensionNumberResponse(baseTypeName: "backends.v1.Backend")))
    }
}
