// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import SystemIO

/// Decodes the header blocks of one connection, in their order.
final class HeaderInflater: Sendable {
    struct Failure: Error {
        let code: Int
    }

    private let inflater: Guarded<Holder>

    @safe private struct Holder: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    init() {
        var pointer: OpaquePointer?
        unsafe nghttp2_hd_inflate_new(&pointer)
        inflater = unsafe Guarded(Holder(pointer: pointer))
    }

    deinit {
        inflater.withLock { unsafe nghttp2_hd_inflate_del($0.pointer) }
    }

    func decode(_ block: [UInt8]) throws -> [(name: String, value: String)] {
        try inflater.withLock { holder in
            var fields: [(name: String, value: String)] = []
            var offset = 0
            while true {
                var field = unsafe nghttp2_nv()
                var flags: Int32 = 0
                let taken = unsafe block[offset...].withUnsafeBufferPointer { rest in
                    unsafe nghttp2_hd_inflate_hd2(holder.pointer, &field, &flags, rest.baseAddress, rest.count, 1)
                }
                guard taken >= 0 else { throw Failure(code: taken) }
                offset += taken
                if UInt32(flags) & NGHTTP2_HD_INFLATE_EMIT.rawValue != 0 {
                    fields.append(
                        (unsafe Self.text(field.name, field.namelen), unsafe Self.text(field.value, field.valuelen)))
                }
                if UInt32(flags) & NGHTTP2_HD_INFLATE_FINAL.rawValue != 0 { break }
                guard offset < block.count || taken > 0 else { break }
            }
            unsafe nghttp2_hd_inflate_end_headers(holder.pointer)
            return fields
        }
    }

    private static func text(_ base: UnsafeMutablePointer<UInt8>?, _ count: Int) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }
}
