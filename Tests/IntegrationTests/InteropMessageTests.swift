// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport
import Testing
import interop_server

/// Every message of `grpc.testing` with every field set, as Python's protobuf encodes it; see tools/payloads.
@Suite struct InteropMessageTests {
    private static let references = PayloadCase.references(
        path: fixturePath("Fixtures/reference.txt"), types: InteropServerMessages.all)

    @Test func `every message is in the fixture`() {
        let covered = Set(Self.references.map { $0.type.protobufName })
        #expect(covered == Set(InteropServerMessages.all.map { $0.protobufName }))
    }

    @Test(arguments: references)
    func `a message with every field set is read and written back byte for byte`(_ reference: PayloadCase) throws {
        #expect(try hex(reference.rewritten()) == hex(reference.bytes))
    }
}
