// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import SystemIO
internal import Testing

/// Every message with every field set, as Python's protobuf encodes it; see Tests/Peers/python/encode_reference.py.
@Suite struct RoundTripTests {
    /// A line of the fixture: the message's name, the member of a oneof that is set, the bytes.
    struct Reference: CustomTestStringConvertible, Sendable {
        let name: String
        let type: any ProtobufMessage.Type
        let bytes: [UInt8]

        var testDescription: String { name }
    }

    static let references: [Reference] = {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let text = (try? File.read(path: folder + "/Fixtures/reference.txt", limit: 1 << 20)) ?? []
        let types = SocketRPCMessages.all + BackendsAPIMessages.all
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard let name = parts.first, let message = name.split(separator: "#").first else { return nil }
            guard let type = types.first(where: { $0.protobufName == message }) else { return nil }
            return Reference(name: String(name), type: type, bytes: parts.count > 1 ? bytes(hex: parts[1]) : [])
        }
    }()

    private static func bytes(hex: Substring) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    @Test func `every generated message is in the fixture`() {
        let covered = Set(Self.references.map { $0.name.split(separator: "#").first.map(String.init) })
        for type in SocketRPCMessages.all + BackendsAPIMessages.all {
            #expect(covered.contains(type.protobufName), "\(type.protobufName) has no line")
        }
    }

    @Test(arguments: references)
    func `a message with every field set is read and written back byte for byte`(_ reference: Reference) throws {
        try roundTrip(reference.type, reference.bytes)
    }

    private func roundTrip<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) throws {
        let message = try Message(decoding: bytes)
        #expect(try message.encoded() == bytes)
        #expect(bytes.isEmpty == (message == Message()))
    }
}
