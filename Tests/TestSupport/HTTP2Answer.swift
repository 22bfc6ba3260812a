// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What came on one stream until its end.
package struct HTTP2Answer: Sendable {
    /// The headers of the first block.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// The headers of the last block, which are those of the first when there is but one.
    package var trailers: [(name: String, value: String)] = []
    package var blocks = 0
    /// The code of a reset.
    package var reset: UInt32?

    package init() {}

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    package func trailer(_ name: String) -> String? { trailers.first { $0.name == name }?.value }
    package var httpStatus: String? { header(":status") }
    package var status: Int? { trailer("grpc-status").flatMap { Int($0) } }
    package var isTrailersOnly: Bool { blocks == 1 && body.isEmpty }

    /// The messages in the body: each flag with its bytes.
    package var messages: [(flag: UInt8, payload: [UInt8])] {
        var messages: [(flag: UInt8, payload: [UInt8])] = []
        var offset = 0
        while offset + 5 <= body.count {
            let length = body[offset + 1..<offset + 5].reduce(0) { $0 << 8 | Int($1) }
            guard offset + 5 + length <= body.count else { break }
            messages.append((body[offset], Array(body[offset + 5..<offset + 5 + length])))
            offset += 5 + length
        }
        return messages
    }
}
