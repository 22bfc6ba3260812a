// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The body of a Request frame, as ranges in it: nothing is copied.
///
/// `message Request { string service = 1; string method = 2; bytes payload = 3; int64 timeout_nano = 4; repeated
/// KeyValue metadata = 5; }`. Of a field that is not repeated the last one counts; unknown fields are skipped.
package struct RequestEnvelope: Hashable, Sendable {
    package private(set) var service = 0..<0
    package private(set) var method = 0..<0
    package private(set) var payload = 0..<0
    /// Nanoseconds from receipt; 0: no limit; negative: expired already.
    package private(set) var timeoutNano: Int64 = 0
    /// The number of metadata pairs.
    package private(set) var metadataCount = 0
    /// The total size of the keys and values, in bytes.
    package private(set) var metadataByteCount = 0

    /// Whether a service or a method follows behind the head that was not read.
    package private(set) var isNamedAgain = false

    /// Checks a body and records the ranges of its parts. The first `head` bytes are known to be a service and a method, and are not
    /// read.
    package init(reading body: RawSpan, behind head: Int = 0) throws(EnvelopeError) {
        var cursor = EnvelopeCursor(head..<body.byteCount)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            switch tag.field {
            case 1:
                service = try cursor.text(of: tag, in: body)
                isNamedAgain = head > 0
            case 2:
                method = try cursor.text(of: tag, in: body)
                isNamedAgain = head > 0
            case 3: payload = try cursor.range(of: tag, in: body)
            case 4: timeoutNano = Int64(bitPattern: try cursor.number(of: tag, in: body))
            case 5:
                let (key, value) = try Self.pair(at: cursor.range(of: tag, in: body), in: body)
                metadataCount += 1
                metadataByteCount += key.count + value.count
            default: try cursor.skip(tag, in: body)
            }
        }
    }

    /// The metadata, copied from the body that this was read from; keys become lower case.
    package func metadata(in body: RawSpan) throws(EnvelopeError) -> RPCMetadata {
        var metadata = RPCMetadata()
        guard metadataCount > 0 else { return metadata }
        var cursor = EnvelopeCursor(0..<body.byteCount)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            guard tag.field == 5 else {
                try cursor.skip(tag, in: body)
                continue
            }
            let (key, value) = try Self.pair(at: cursor.range(of: tag, in: body), in: body)
            metadata.append(body.extracting(key).text, body.extracting(value).text)
        }
        return metadata
    }

    private static func pair(
        at range: Range<Int>, in body: RawSpan
    ) throws(EnvelopeError) -> (key: Range<Int>, value: Range<Int>) {
        var (key, value) = (0..<0, 0..<0)
        var cursor = EnvelopeCursor(range)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            switch tag.field {
            case 1: key = try cursor.text(of: tag, in: body)
            case 2: value = try cursor.text(of: tag, in: body)
            default: try cursor.skip(tag, in: body)
            }
        }
        return (key, value)
    }
}

// Writing.
extension RequestEnvelope {
    /// The size of a request's body, in bytes.
    package static func size(
        service: String, method: String, payloadSize: Int, timeoutNano: Int64, metadata: RPCMetadata
    ) -> Int {
        var size = EnvelopeWriting.size(ofOptionalField: service.utf8.count)
        size += EnvelopeWriting.size(ofOptionalField: method.utf8.count)
        if timeoutNano != 0 { size += 1 + EnvelopeWriting.size(ofNumber: UInt64(bitPattern: timeoutNano)) }
        for entry in metadata.entries { size += EnvelopeWriting.size(ofField: pairSize(entry)) }
        return size + EnvelopeWriting.size(ofOptionalField: payloadSize)
    }

    /// Writes the body of a request up to its payload, which comes last: append `payloadSize` bytes next.
    package static func write(
        service: String, method: String, payloadSize: Int, timeoutNano: Int64, metadata: RPCMetadata,
        to buffer: inout ByteBuffer
    ) {
        EnvelopeWriting.appendText(1, service, to: &buffer)
        EnvelopeWriting.appendText(2, method, to: &buffer)
        if timeoutNano != 0 {
            buffer.append(4 << 3 | EnvelopeCursor.varint)
            EnvelopeWriting.appendNumber(UInt64(bitPattern: timeoutNano), to: &buffer)
        }
        for entry in metadata.entries {
            EnvelopeWriting.appendField(5, count: pairSize(entry), to: &buffer)
            EnvelopeWriting.appendText(1, entry.key, to: &buffer)
            EnvelopeWriting.appendText(2, entry.value, to: &buffer)
        }
        if payloadSize > 0 { EnvelopeWriting.appendField(3, count: payloadSize, to: &buffer) }
    }

    private static func pairSize(_ entry: RPCMetadata.Entry) -> Int {
        EnvelopeWriting.size(ofOptionalField: entry.key.utf8.count)
            + EnvelopeWriting.size(ofOptionalField: entry.value.utf8.count)
    }
}

extension RPCKind {
    /// Whether the client may send any number of messages.
    package var clientStreams: Bool {
        switch self {
        case .unary, .serverStreaming: false
        case .clientStreaming, .bidirectionalStreaming: true
        }
    }

    /// Whether the server may send any number of messages.
    package var serverStreams: Bool {
        switch self {
        case .unary, .clientStreaming: false
        case .serverStreaming, .bidirectionalStreaming: true
        }
    }

    /// The flags of the frame that opens a call.
    package var requestFlags: FrameFlags {
        switch self {
        case .unary: []
        case .serverStreaming: .remoteClosed
        case .clientStreaming, .bidirectionalStreaming: .remoteOpen
        }
    }
}
