// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Headers to send, in their order.
struct HeaderBlock {
    private(set) var bytes: [UInt8] = []
    /// The lengths of each name and its value in `bytes`.
    private(set) var lengths: [(name: Int, value: Int)] = []

    init() {}

    init(_ headers: [(String, String)]) {
        for (name, value) in headers { add(name, value) }
    }

    mutating func add(_ name: String, _ value: String) {
        add(name, Array(value.utf8))
    }

    mutating func add(_ name: String, _ value: [UInt8]) {
        bytes += name.utf8
        bytes += value
        lengths.append((name.utf8.count, value.count))
    }

    /// The block encoded by HPACK, without tables and without Huffman coding.
    var literals: [UInt8] {
        var coded: [UInt8] = []
        coded.reserveCapacity(bytes.count + 5 * lengths.count)
        var start = 0
        for (name, value) in lengths {
            coded.append(0)
            for length in [name, value] {
                Self.append(length, to: &coded)
                coded += bytes[start..<start + length]
                start += length
            }
        }
        return coded
    }

    /// Appends an integer with a prefix of seven bits.
    private static func append(_ length: Int, to coded: inout [UInt8]) {
        guard length >= 127 else { return coded.append(UInt8(length)) }
        coded.append(127)
        var rest = length - 127
        while rest >= 128 {
            coded.append(UInt8(truncatingIfNeeded: rest % 128 + 128))
            rest /= 128
        }
        coded.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The size of the block as HTTP counts it.
    var size: Int { bytes.count + 32 * lengths.count }
}
