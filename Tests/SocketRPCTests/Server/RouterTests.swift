// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct RouterTests {
    private func service(_ name: String, _ methods: String...) -> RPCService {
        RPCService(
            name: name,
            methods: methods.map {
                MethodHandler(
                    name: $0, kind: .bidirectionalStreaming, body: .streaming { _, _ throws(RPCStatus) in nil })
            })
    }

    @Test func `a service is registered once`() {
        #expect(throws: RouterError.duplicateService("a")) { try Router([service("a", "M"), service("a", "N")]) }
    }

    @Test func `a method is registered once in its service`() {
        #expect(throws: RouterError.duplicateMethod(service: "a", method: "M")) {
            try Router([service("a", "M", "N", "M")])
        }
    }

    @Test func `two services may have methods of one name`() throws {
        #expect(try Router([service("b", "M"), service("a", "M")]).serviceNames == ["a", "b"])
    }

    @Test func `every method of many services is found`() async throws {
        let names = (0..<50).map { "service.number\($0)" }
        let services = names.map { name in
            RPCService(
                name: name,
                methods: (0..<20).map { index in
                    MethodHandler(
                        RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: name, name: "M\(index)", kind: .unary)
                    ) { (_: borrowing TTRPCKeyValue.View, context) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        .now(TTRPCKeyValue(key: context.service, value: context.method))
                    }
                })
        }
        try await withServer(services: services) { test in
            let peer = try test.connect()
            var id: UInt32 = 1
            for name in names {
                for index in [0, 7, 19] {
                    let answer = try await peer.call(WirePeer.request(id, "M\(index)", service: name))
                    #expect(try answer.payload == message(name, "M\(index)"))
                    id += 2
                }
            }
        }
    }
}
