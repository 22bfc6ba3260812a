// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// `message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`, with
// `message Any { string type_url = 1; bytes value = 2; }`.
extension RPCStatus {
    init(reading range: Range<Int>, of body: RawSpan) throws(EnvelopeError) {
        var status = RPCStatus(.ok, "")
        var cursor = EnvelopeCursor(range)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            switch tag.field {
            case 1: status.code = Code(rawValue: Int32(truncatingIfNeeded: try cursor.number(of: tag, in: body)))
            case 2: status.message = body.extracting(try cursor.text(of: tag, in: body)).text
            case 3: status.details.append(try Self.detail(at: cursor.range(of: tag, in: body), of: body))
            default: try cursor.skip(tag, in: body)
            }
        }
        self = status
    }

    private static func detail(at range: Range<Int>, of body: RawSpan) throws(EnvelopeError) -> GoogleAny {
        var detail = GoogleAny()
        var cursor = EnvelopeCursor(range)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            switch tag.field {
            case 1: detail.typeURL = body.extracting(try cursor.text(of: tag, in: body)).text
            case 2: detail.value = body.extracting(try cursor.range(of: tag, in: body)).copied
            default: try cursor.skip(tag, in: body)
            }
        }
        return detail
    }

    /// The size of the message, in bytes.
    var envelopeSize: Int {
        var size = EnvelopeWriting.size(ofOptionalField: message.utf8.count)
        if code != .ok { size += 1 + EnvelopeWriting.size(ofNumber: wireCode) }
        for detail in details { size += EnvelopeWriting.size(ofField: Self.size(of: detail)) }
        return size
    }

    func appendEnvelope(to buffer: inout ByteBuffer) {
        if code != .ok {
            buffer.append(1 << 3 | EnvelopeCursor.varint)
            EnvelopeWriting.appendNumber(wireCode, to: &buffer)
        }
        EnvelopeWriting.appendText(2, message, to: &buffer)
        for detail in details {
            EnvelopeWriting.appendField(3, count: Self.size(of: detail), to: &buffer)
            EnvelopeWriting.appendText(1, detail.typeURL, to: &buffer)
            if !detail.value.isEmpty {
                EnvelopeWriting.appendField(2, count: detail.value.count, to: &buffer)
                buffer.append(contentsOf: detail.value)
            }
        }
    }

    /// A negative int32 is written as ten bytes.
    private var wireCode: UInt64 { UInt64(bitPattern: Int64(code.rawValue)) }

    private static func size(of detail: GoogleAny) -> Int {
        EnvelopeWriting.size(ofOptionalField: detail.typeURL.utf8.count)
            + EnvelopeWriting.size(ofOptionalField: detail.value.count)
    }
}
