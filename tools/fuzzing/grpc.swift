// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TextKeys

/// The framing of gRPC and what is in its headers: the first byte chooses in which pieces the rest comes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    read(bytes, by: Int(first) + 1)
    let text = ByteBuffer(bytes)
    _ = GRPCTimeout.parse(text.bytes)
    if let decoded = Base64.decode(bytes) {
        guard Base64.decode(Array(Base64.encode(decoded).utf8)) == decoded else {
            fatalError("Base64 does not come back")
        }
    }
    guard PercentEncoding.encode(text.bytes.text, limit: 100).count <= 100 else { fatalError("a message is too long") }
    return 0
}

/// Reads messages out of pieces, and inflates those that say that they are compressed.
private func read(_ bytes: [UInt8], by size: Int) {
    var reader = GRPCMessageReader()
    var scanner = HTTP2FrameScanner()
    let gzip = Gzip()
    var offset = 0
    while offset < bytes.count {
        let piece = ByteBuffer(Array(bytes[offset..<min(offset + size, bytes.count)]))
        scanner.scan(piece.bytes) { _ in true }
        var taken = 0
        while taken < piece.count {
            guard let (count, isWhole) = try? reader.take(piece.bytes.extracting(taken..<piece.count)) else { return }
            guard count > 0 || isWhole else { fatalError("the reader takes nothing") }
            taken += count
            guard isWhole, reader.isCompressed else { continue }
            var inflated = ByteBuffer()
            let message = reader.takeMessage()
            try? gzip.inflate(message.bytes, into: &inflated, limit: 1 << 16)
            guard inflated.count <= 1 << 16 + 1 else { fatalError("more was inflated than the limit") }
        }
        offset += size
    }
}
