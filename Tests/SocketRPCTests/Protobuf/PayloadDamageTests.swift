// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing

/// Valid messages that were cut or changed on the way.
@Suite struct PayloadDamageTests {
    static let references = PayloadCase.references(
        path: fixturePath("../Fixtures/reference.txt"), types: SocketRPCMessages.all + FixtureMessages.all)

    /// Where a field ends at the top level, by a walk over the tags.
    private func fieldEnds(_ bytes: [UInt8]) -> Set<Int> {
        var ends: Set<Int> = [0]
        var at = 0
        func varint() -> Int {
            var value = 0
            var shift = 0
            while at < bytes.count {
                value |= Int(truncatingIfNeeded: bytes[at] & 0x7F) << shift
                shift += 7
                at += 1
                if bytes[at - 1] < 0x80 { break }
            }
            return value
        }
        while at < bytes.count {
            switch varint() & 7 {
            case 0: _ = varint()
            case 1: at += 8
            case 2: at += varint()
            default: at += 4
            }
            ends.insert(at)
        }
        return ends
    }

    @Test(arguments: references)
    func `a message that is cut inside a field is malformed, between fields it is shorter`(_ reference: PayloadCase) {
        func cut<Message: ProtobufMessage>(_ type: Message.Type) {
            let ends = fieldEnds(reference.bytes)
            for count in 0..<reference.bytes.count {
                let isRead = (try? Message(decoding: Array(reference.bytes.prefix(count)))) != nil
                #expect(isRead == ends.contains(count), "\(count) bytes")
            }
        }
        cut(reference.type)
    }

    @Test(arguments: references)
    func `a message with a changed byte is refused, or read as a message that can be written`(_ reference: PayloadCase)
    {
        func damage<Message: ProtobufMessage>(_ type: Message.Type) {
            let arena = Arena()
            for place in reference.bytes.indices {
                for change: UInt8 in [0x01, 0x04, 0x80, 0xFF] {
                    var bytes = reference.bytes
                    bytes[place] ^= change
                    arena.reset()
                    guard let message = try? Message(decoding: bytes, arena: arena) else { continue }
                    #expect(isStable(message), "\(place) ^ \(change)")
                }
            }
        }
        damage(reference.type)
    }

    @Test(arguments: references)
    func `a message with bytes left out or put in does no harm`(_ reference: PayloadCase) {
        func damage<Message: ProtobufMessage>(_ type: Message.Type) {
            for place in reference.bytes.indices {
                var shorter = reference.bytes
                shorter.remove(at: place)
                if let message = try? Message(decoding: shorter) { #expect(isStable(message)) }
                var longer = reference.bytes
                longer.insert(0xFF, at: place)
                if let message = try? Message(decoding: longer) { #expect(isStable(message)) }
            }
        }
        damage(reference.type)
    }

    /// Whether a message that was read is written and read again as the same bytes.
    private func isStable<Message: ProtobufMessage>(_ message: Message) -> Bool {
        guard let bytes = try? message.encoded(), let again = try? Message(decoding: bytes) else { return false }
        return (try? again.encoded()) == bytes
    }
}
