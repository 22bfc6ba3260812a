// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite struct RequestEnvelopeTests {
    private static let metadata: RPCMetadata = ["x-a": "1", "x-b": "", "x-a": "é"]

    private static func written(
        service: String = "s.S", method: String = "M", payload: [UInt8] = [1, 2], timeoutNano: Int64 = -1
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        RequestEnvelope.write(
            service: service, method: method, payloadSize: payload.count, timeoutNano: timeoutNano,
            metadata: metadata, to: &buffer)
        buffer.append(contentsOf: payload)
        return buffer.copied()
    }

    private func read(_ bytes: [UInt8]) throws(EnvelopeError) -> RequestEnvelope {
        try RequestEnvelope(reading: ByteBuffer(bytes).bytes)
    }

    private func text(_ range: Range<Int>, of bytes: [UInt8]) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    @Test func `a request is read without a copy`() throws {
        let bytes = hex(
            """
            0a 03 73 2e 53            # service "s.S"
            12 01 4d                  # method "M"
            1a 02 01 02               # payload
            20 80 94 eb dc 03         # timeout_nano 1,000,000,000
            2a 06 0a 01 4b 12 01 76   # metadata "K": "v"
            """)
        let envelope = try read(bytes)
        #expect(text(envelope.service, of: bytes) == "s.S")
        #expect(text(envelope.method, of: bytes) == "M")
        #expect(Array(bytes[envelope.payload]) == [1, 2])
        #expect(envelope.timeoutNano == 1_000_000_000)
        #expect(envelope.metadataCount == 1)
        #expect(envelope.metadataByteCount == 2)
        #expect(try envelope.metadata(in: ByteBuffer(bytes).bytes) == ["k": "v"])
    }

    @Test func `a head that is known is not read, and names behind it are noticed`() throws {
        let bytes = Self.written()
        let whole = try read(bytes)
        let envelope = try RequestEnvelope(reading: ByteBuffer(bytes).bytes, behind: whole.method.upperBound)
        #expect(envelope.service.isEmpty && envelope.method.isEmpty && !envelope.isNamedAgain)
        #expect(envelope.payload == whole.payload && envelope.timeoutNano == whole.timeoutNano)
        #expect(envelope.metadataCount == 3 && envelope.metadataByteCount == whole.metadataByteCount)
        for name in ["0a 03 73 2e 54", "0a 00", "12 01 4e"] {
            let renamed = ByteBuffer(bytes + hex(name))
            #expect(try RequestEnvelope(reading: renamed.bytes, behind: whole.method.upperBound).isNamedAgain)
            #expect(try !RequestEnvelope(reading: renamed.bytes).isNamedAgain)
        }
    }

    @Test func `no bytes are a request with nothing in it`() throws {
        let envelope = try read([])
        #expect(envelope.service.isEmpty && envelope.method.isEmpty && envelope.payload.isEmpty)
        #expect(envelope.timeoutNano == 0)
    }

    @Test func `what is written is read by protobuf-c and by us`() throws {
        let bytes = Self.written()
        let message = try TTRPCRequest(decoding: bytes)
        #expect(message.service == "s.S")
        #expect(message.method == "M")
        #expect(message.payload == [1, 2])
        #expect(message.timeoutNano == -1)
        #expect(message.metadata.map(\.key) == ["x-a", "x-b", "x-a"])
        #expect(message.metadata.map(\.value) == ["1", "", "é"])
        let envelope = try read(bytes)
        #expect(envelope.timeoutNano == -1)
        #expect(try envelope.metadata(in: ByteBuffer(bytes).bytes) == Self.metadata)
        #expect(
            bytes.count
                == RequestEnvelope.size(
                    service: "s.S", method: "M", payloadSize: 2, timeoutNano: -1, metadata: Self.metadata))
    }

    @Test func `what protobuf-c writes is read by us`() throws {
        let bytes = try TTRPCRequest(
            service: "a", method: "b", payload: [UInt8](repeating: 7, count: 300), timeoutNano: .max,
            metadata: [TTRPCKeyValue(key: "Key", value: "Value")]
        ).encoded()
        let envelope = try read(bytes)
        #expect(envelope.payload.count == 300)
        #expect(envelope.timeoutNano == .max)
        #expect(try envelope.metadata(in: ByteBuffer(bytes).bytes) == ["key": "Value"])
    }

    @Test func `of a repeated scalar the last one counts`() throws {
        let bytes = hex("0a 01 61  0a 01 62  20 01  20 02  1a 01 61  1a 00")
        let envelope = try read(bytes)
        #expect(text(envelope.service, of: bytes) == "b")
        #expect(envelope.timeoutNano == 2)
        #expect(envelope.payload.isEmpty)
    }

    @Test func `unknown fields are passed over`() throws {
        let bytes = hex(
            """
            30 ff ff ff ff ff ff ff ff ff 01   # field 6, the largest varint
            39 01 02 03 04 05 06 07 08         # field 7, fixed64
            42 02 aa bb                        # field 8, bytes
            4d 01 02 03 04                     # field 9, fixed32
            fa ff ff ff 0f 01 00               # field 536,870,911, bytes
            12 01 6d                           # method
            """)
        #expect(text(try read(bytes).method, of: bytes) == "m")
    }

    @Test(arguments: [
        ("0a", EnvelopeError.truncated),
        ("0a 05 61", .truncated),
        ("0a ff ff ff ff ff ff ff ff 7f", .truncated),
        ("0a ff ff ff ff ff ff ff ff ff 01", .truncated),
        ("20 80", .truncated),
        ("39 01 02 03 04 05 06 07", .truncated),
        ("4d 01 02 03", .truncated),
        ("2a 02 0a 05", .truncated),
        ("20 ff ff ff ff ff ff ff ff ff 02", .overlongNumber),
        ("20 80 80 80 80 80 80 80 80 80 80 01", .overlongNumber),
        ("00 00", .invalidFieldNumber),
        ("02 00", .invalidFieldNumber),
        ("82 80 80 80 10 00", .invalidFieldNumber),
        ("33", .unsupportedWireType(3)),
        ("34", .unsupportedWireType(4)),
        ("36", .unsupportedWireType(6)),
        ("37", .unsupportedWireType(7)),
        ("0b 0c", .wrongWireType(field: 1)),
        ("08 01", .wrongWireType(field: 1)),
        ("10 01", .wrongWireType(field: 2)),
        ("18 01", .wrongWireType(field: 3)),
        ("22 01 01", .wrongWireType(field: 4)),
        ("28 01", .wrongWireType(field: 5)),
        ("0a 01 ff", .invalidText(field: 1)),
        ("12 02 c0 80", .invalidText(field: 2)),
        ("12 03 ed a0 80", .invalidText(field: 2)),
        ("2a 03 0a 01 ff", .invalidText(field: 1)),
        ("2a 03 12 01 80", .invalidText(field: 2)),
        ("0a 0a 61 62 63 64 65 66 67 68 69 ff", .invalidText(field: 1)),
        ("0a 01 00", .invalidText(field: 1)),
        ("12 0a 61 62 63 00 65 66 67 68 69 6a", .invalidText(field: 2)),
        ("12 0a 61 62 c3 a4 65 00 67 68 69 6a", .invalidText(field: 2)),
        ("12 0a 61 62 63 64 65 66 67 68 69 00", .invalidText(field: 2)),
        ("2a 03 12 01 00", .invalidText(field: 2)),
    ])
    func `malformed bytes are refused`(bytes: String, error: EnvelopeError) {
        #expect(throws: error) { () throws(EnvelopeError) in try read(hex(bytes)) }
    }

    @Test func `no prefix and no changed byte does harm`() {
        let whole = Self.written()
        for count in 0..<whole.count {
            _ = try? read(Array(whole[..<count]))
        }
        for index in whole.indices {
            for value in [UInt8(0), 0x7f, 0x80, 0xff, whole[index] &+ 1] {
                var changed = whole
                changed[index] = value
                if let envelope = try? read(changed) {
                    #expect(envelope.payload.upperBound <= changed.count)
                    _ = try? envelope.metadata(in: ByteBuffer(changed).bytes)
                }
            }
        }
    }
}
