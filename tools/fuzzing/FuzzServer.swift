// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Logging
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport

/// A server in the process of the fuzzer, with a method of every kind.
final class FuzzServer: Sendable {
    static let shared = FuzzServer()

    private let server: RPCServer

    private init() {
        var logger = Logger(label: "fuzz")
        logger.logLevel = .critical
        do {
            server = try RPCServer(router: Router([Self.service]), logger: logger)
            try server.start()
        } catch {
            fatalError("the fuzzer cannot begin: \(error)")
        }
    }

    /// Sends bytes over a connection of their own and waits until the server has closed it.
    func exchange(_ bytes: [UInt8]) {
        do {
            let (peer, number) = try RawPeer.pair()
            server.serve(FileDescriptor(adopting: number))
            // The server may close before it has all.
            try? peer.sendBlocking(bytes)
            try? peer.shutdownWrite()
            _ = try peer.receiveToEndBlocking()
        } catch {
            fatalError("the server did not close a connection that had ended: \(error)")
        }
    }

    private static func method(_ name: String, _ kind: RPCKind) -> RPCMethod<TTRPCKeyValue, TTRPCKeyValue> {
        RPCMethod(service: "f.F", name: name, kind: kind)
    }

    private static var service: RPCService {
        RPCService(
            name: "f.F",
            methods: [
                MethodHandler(method("U", .unary)) {
                    (request: TTRPCKeyValue, context: CallContext) async throws(RPCStatus) -> TTRPCKeyValue in
                    context.grpc?.compressesMessages = request.key.isEmpty
                    for entry in context.metadata.entries {
                        context.grpc?.trailingMetadata.append(entry.key, entry.value)
                    }
                    await Task.yield()
                    return request
                },
                MethodHandler(method("C", .clientStreaming)) {
                    (requests: RequestStream<TTRPCKeyValue>, _: CallContext) async throws(RPCStatus) -> TTRPCKeyValue in
                    var last = TTRPCKeyValue()
                    while let request = try await requests.next() { last = request }
                    return last
                },
                MethodHandler(method("S", .serverStreaming)) {
                    (
                        request: TTRPCKeyValue, responses: ResponseStream<TTRPCKeyValue>, _: CallContext
                    ) async throws(RPCStatus) in
                    for _ in 0..<min(request.key.utf8.count, 64) { try await responses.send(request) }
                },
                MethodHandler(method("B", .bidirectionalStreaming)) {
                    (
                        requests: RequestStream<TTRPCKeyValue>, responses: ResponseStream<TTRPCKeyValue>, _: CallContext
                    ) async throws(RPCStatus) in
                    while let request = try await requests.next() { try await responses.send(request) }
                },
            ])
    }
}
