// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// The names and values of gRPC's headers, as bytes.
enum GRPCHeader {
    static let path = Array(":path".utf8)
    static let method = Array(":method".utf8)
    static let post = Array("POST".utf8)
    static let head = Array("HEAD".utf8)
    static let te = Array("te".utf8)
    static let contentType = Array("content-type".utf8)
    static let userAgent = Array("user-agent".utf8)
    static let timeout = Array("grpc-timeout".utf8)
    static let encoding = Array("grpc-encoding".utf8)
    static let acceptEncoding = Array("grpc-accept-encoding".utf8)
    static let reserved = Array("grpc-".utf8)
    static let binary = Array("-bin".utf8)
    static let identity = Array("identity".utf8)
    static let gzip = Array("gzip".utf8)
    private static let grpc = Array("application/grpc".utf8)
    private static let proto = Array("+proto".utf8)

    /// Whether a `content-type` says gRPC with protobuf messages.
    static func isGRPC(_ type: RawSpan) -> Bool {
        guard type.byteCount >= grpc.count, type.extracting(first: grpc.count).hasSameBytes(as: grpc) else {
            return false
        }
        var rest = type.extracting(droppingFirst: grpc.count)
        if rest.byteCount >= proto.count, rest.extracting(first: proto.count).hasSameBytes(as: proto) {
            rest = rest.extracting(droppingFirst: proto.count)
        }
        return rest.byteCount == 0 || rest.byte(at: 0) == UInt8(ascii: ";")
    }

    /// Calls `body` with each element of a comma-separated list, without the spaces around it.
    static func forEachElement(of list: RawSpan, _ body: (RawSpan) -> Void) {
        var start = 0
        for offset in 0...list.byteCount {
            guard offset == list.byteCount || list.byte(at: offset) == UInt8(ascii: ",") else { continue }
            var (first, last) = (start, offset)
            while first < last && list.byte(at: first) == UInt8(ascii: " ") { first += 1 }
            while first < last && list.byte(at: last - 1) == UInt8(ascii: " ") { last -= 1 }
            body(list.extracting(first..<last))
            start = offset + 1
        }
    }

    /// Headers that HTTP itself uses, or forbids.
    private static let notCustom: Set<String> = [
        "te", "content-type", "content-length", "connection", "keep-alive", "proxy-connection", "transfer-encoding",
        "upgrade", "host",
    ]

    /// Whether a handler may send metadata with this key: the names of the protocol are reserved for the server.
    static func isCustom(_ key: String) -> Bool {
        let name = key.utf8
        guard !name.isEmpty, !key.hasPrefix("grpc-"), !notCustom.contains(key) else { return false }
        return name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
    }
}

extension RawSpan {
    /// The first `count` bytes, or all if there are fewer.
    @_lifetime(copy self)
    func extracting(first count: Int) -> RawSpan {
        extracting(0..<Swift.min(count, byteCount))
    }

    @_lifetime(copy self)
    func extracting(droppingFirst count: Int) -> RawSpan {
        extracting(Swift.min(count, byteCount)..<byteCount)
    }
}
