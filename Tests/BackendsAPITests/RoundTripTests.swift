// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import TestSupport
internal import Testing

/// Every message with every field set, as Python's protobuf encodes it; see Tests/Peers/python/encode_reference.py.
@Suite struct RoundTripTests {
    static let types = SocketRPCMessages.all + BackendsAPIMessages.all
    static let references = PayloadCase.references(path: fixturePath("Fixtures/reference.txt"), types: types)

    @Test func `every generated message is in the fixture`() {
        let covered = Set(Self.references.map { $0.type.protobufName })
        for type in Self.types {
            #expect(covered.contains(type.protobufName), "\(type.protobufName) has no line")
        }
    }

    @Test(arguments: references)
    func `a message with every field set is read and written back byte for byte`(_ reference: PayloadCase) throws {
        #expect(try hex(reference.rewritten()) == hex(reference.bytes))
    }
}
