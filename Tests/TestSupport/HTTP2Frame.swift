// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A frame of HTTP/2 as it is on the wire, and the ways to write one by hand.
package struct HTTP2Frame: Equatable, Sendable {
    package let type: UInt8
    package let flags: UInt8
    package let stream: UInt32
    package let payload: [UInt8]

    package init(_ type: UInt8, _ flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    package static let data: UInt8 = 0
    package static let headers: UInt8 = 1
    package static let reset: UInt8 = 3
    package static let settings: UInt8 = 4
    package static let ping: UInt8 = 6
    package static let goAway: UInt8 = 7
    package static let windowUpdate: UInt8 = 8
    package static let continuation: UInt8 = 9
    package static let endStream: UInt8 = 1
    package static let endHeaders: UInt8 = 4
    package static let acknowledge: UInt8 = 1

    package var bytes: [UInt8] {
        var buffer = ByteBuffer()
        buffer.append(bigEndian: UInt32(payload.count) << 8 | UInt32(type))
        buffer.append(flags)
        buffer.append(bigEndian: stream)
        buffer.append(contentsOf: payload)
        return buffer.copied()
    }

    /// Four bytes of the payload as a number.
    package func number(at offset: Int) -> UInt32 {
        payload[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Whether it ends its stream.
    package var endsStream: Bool { type <= Self.headers && flags & Self.endStream != 0 }

    /// A header block of literals without indexing.
    package static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { name, value in [0] + string(name) + string(value) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    package static func settings(_ values: [(UInt16, UInt32)] = []) -> HTTP2Frame {
        var payload: [UInt8] = []
        for (id, value) in values {
            payload += [UInt8(id >> 8), UInt8(id & 255)]
            payload += number(value)
        }
        return HTTP2Frame(settings, stream: 0, payload)
    }

    package static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { shift in UInt8(truncatingIfNeeded: value >> UInt32(shift)) }
    }

    package static func windowUpdate(_ stream: UInt32, _ count: UInt32) -> HTTP2Frame {
        HTTP2Frame(windowUpdate, stream: stream, number(count))
    }

    package static func reset(_ stream: UInt32, _ code: UInt32) -> HTTP2Frame {
        HTTP2Frame(reset, stream: stream, number(code))
    }

    /// The headers of a gRPC request; `fields` replace those with the same name and follow the others.
    package static func request(
        _ stream: UInt32, _ path: String, _ fields: [(String, String)] = [], without: Set<String> = [],
        endStream: Bool = false
    ) -> HTTP2Frame {
        let usual = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        ]
        let given = Set(fields.map(\.0))
        let kept = usual.filter { !given.contains($0.0) && !without.contains($0.0) }
        let pseudo = fields.filter { $0.0.hasPrefix(":") }
        let others = fields.filter { !$0.0.hasPrefix(":") }
        return HTTP2Frame(
            headers, endHeaders | (endStream ? Self.endStream : 0), stream: stream, block(pseudo + kept + others))
    }

    package static func data(_ stream: UInt32, _ bytes: [UInt8], endStream: Bool = false) -> HTTP2Frame {
        HTTP2Frame(data, endStream ? Self.endStream : 0, stream: stream, bytes)
    }

    /// A message with gRPC's prefix.
    package static func message(_ payload: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        [flag] + number(UInt32(payload.count)) + payload
    }
}
