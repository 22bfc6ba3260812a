// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CZlib
internal import SocketRPC
package import SystemIO

/// gzip for one message at a time. The state is reset for each, and its memory reused.
@safe package final class Gzip {
    /// Why a message was not inflated.
    package enum Fault: Error, Hashable {
        case corrupt
        case tooLong
        case noMemory
    }

    private static let step = 16 << 10

    private var inflater: UnsafeMutablePointer<z_stream>?
    private var deflater: UnsafeMutablePointer<z_stream>?

    package init() {}

    deinit {
        if let inflater = unsafe inflater {
            unsafe inflateEnd(inflater)
            unsafe inflater.deallocate()
        }
        if let deflater = unsafe deflater {
            unsafe deflateEnd(deflater)
            unsafe deflater.deallocate()
        }
    }

    /// Appends the decompressed content of a whole gzip stream. It never exceeds the limit, because that is checked
    /// while it grows.
    package func inflate(_ bytes: RawSpan, into output: inout ByteBuffer, limit: Int) throws(Fault) {
        guard let stream = unsafe readyInflater() else { throw .noMemory }
        let start = output.count
        let end = unsafe try bytes.withUnsafeBytes { (source) throws(Fault) in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
            unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
            while true {
                // One byte beyond the limit distinguishes a message that is too long from one that just fits.
                let room = min(Self.step, limit + 1 - (output.count - start))
                guard room > 0 else { throw .tooLong }
                let result = unsafe Self.run(stream, &output, room) { unsafe CZlib.inflate($0, Z_NO_FLUSH) }
                if result == Z_STREAM_END { return unsafe stream.pointee.avail_in }
                guard result == Z_OK else { throw .corrupt }
            }
        }
        guard output.count - start <= limit else { throw .tooLong }
        guard end == 0 else { throw .corrupt }
    }

    /// Appends the gzip stream of some bytes. Returns false if there was no memory for it.
    package func deflate(_ bytes: RawSpan, into output: inout ByteBuffer) -> Bool {
        guard let stream = unsafe readyDeflater() else { return false }
        return unsafe bytes.withUnsafeBytes { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
            unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
            while true {
                let result = unsafe Self.run(stream, &output, Self.step) { unsafe CZlib.deflate($0, Z_FINISH) }
                if result == Z_STREAM_END { return true }
                guard result == Z_OK else { return false }
            }
        }
    }

    /// Lets zlib append at most `room` bytes to the output.
    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>, _ output: inout ByteBuffer, _ room: Int,
        _ body: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        var result = Z_BUF_ERROR
        unsafe output.appendUninitialized(room) { target in
            unsafe stream.pointee.next_out = unsafe target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
            result = unsafe body(stream)
        }
        unsafe output.removeLast(Int(stream.pointee.avail_out))
        return result
    }

    private func readyInflater() -> UnsafeMutablePointer<z_stream>? {
        if let inflater = unsafe inflater {
            return unsafe inflateReset(inflater) == Z_OK ? inflater : nil
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_inflate_init_gzip(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        unsafe inflater = stream
        return unsafe stream
    }

    private func readyDeflater() -> UnsafeMutablePointer<z_stream>? {
        if let deflater = unsafe deflater {
            return unsafe deflateReset(deflater) == Z_OK ? deflater : nil
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_deflate_init_gzip(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        unsafe deflater = stream
        return unsafe stream
    }
}
