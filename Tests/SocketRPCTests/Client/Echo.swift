// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC

/// The methods of the echo service, as generated code would name them.
enum Echo {
    static func method(_ name: String, _ kind: RPCKind = .unary) -> RPCMethod<TTRPCKeyValue, TTRPCKeyValue> {
        RPCMethod(service: "test.Echo", name: name, kind: kind)
    }

    static let flood = RPCMethod<TTRPCKeyValue, GoogleAny>(
        service: "test.Echo", name: "Flood", kind: .serverStreaming)
    static let big = RPCMethod<TTRPCKeyValue, GoogleAny>(service: "test.Echo", name: "Big", kind: .unary)
}

/// The status that a call fails with, nil when it does not fail.
func statusOf(_ body: () async throws -> Void) async throws -> RPCStatus? {
    do {
        try await body()
        return nil
    } catch let status as RPCStatus {
        return status
    }
}
