// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Reads an answer as it arrives, line by line and piece by piece.
package struct HTTPResponseParser: Hashable, Sendable {
    /// The largest total size of headers and trailers, in bytes.
    package static let headLimit = 64 << 10

    package let bodyLimit: Int
    package private(set) var response = HTTPResponse(status: 0)
    /// Which limit the answer exceeded, after which no more of it is read.
    package private(set) var excess: Excess?
    private var headCount = 0
    private var isHeadOver = false

    package enum Excess: Hashable, Sendable {
        case head
        case body
    }

    package init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Takes a line of a header or trailer. Returns false if that exceeds the limit.
    package mutating func lineReceived(_ bytes: some Collection<UInt8>) -> Bool {
        headCount += bytes.count
        guard headCount <= Self.headLimit else {
            excess = .head
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self).trimmed
        if line.isEmpty {
            // This may be the end of an interim answer, which the final one follows.
            if response.status >= 200 { isHeadOver = true }
        } else if !isHeadOver, line.hasPrefix("HTTP/") {
            response = HTTPResponse(status: Self.status(line))
        } else if let colon = line.firstIndex(of: ":"), colon != line.startIndex {
            let header = HTTPHeader(String(line[..<colon]), String(line[colon...].dropFirst()).trimmed)
            if isHeadOver {
                response.trailers.append(header)
            } else {
                response.headers.append(header)
            }
        }
        return true
    }

    /// Takes a piece of the body. Returns false if that exceeds the limit.
    package mutating func bodyReceived(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count <= bodyLimit - response.body.count else {
            excess = .body
            return false
        }
        response.body.append(contentsOf: bytes)
        return true
    }

    private static func status(_ line: String) -> Int {
        let words = line.split(separator: " ")
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }
}

extension String {
    fileprivate var trimmed: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a }
        let tail = utf8.drop(while: isBlank)
        let count = tail.count - tail.reversed().prefix(while: isBlank).count
        return String(decoding: tail.prefix(count), as: UTF8.self)
    }
}
