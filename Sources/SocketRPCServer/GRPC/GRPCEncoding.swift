// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// How the messages of a request are compressed, by its `grpc-encoding`.
enum GRPCEncoding: Hashable {
    case identity
    case gzip
    /// An encoding that the server does not support, with its name, limited in length.
    case unknown(String)

    init(_ name: RawSpan) {
        if name.hasSameBytes(as: GRPCHeader.identity) {
            self = .identity
        } else if name.hasSameBytes(as: GRPCHeader.gzip) {
            self = .gzip
        } else {
            self = .unknown(name.extracting(first: 64).text)
        }
    }

    /// Whether a list such as `identity, deflate, gzip` contains gzip.
    static func listsGzip(_ list: RawSpan) -> Bool {
        var found = false
        GRPCHeader.forEachElement(of: list) { element in
            if element.hasSameBytes(as: GRPCHeader.gzip) { found = true }
        }
        return found
    }
}
