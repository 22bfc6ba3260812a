// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Headers that are to be sent, in their order.
struct HeaderBlock {
    private(set) var bytes: [UInt8] = []
    /// How many bytes of `bytes` each name has, then its value.
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

    /// What HTTP counts the block as.
    var size: Int { bytes.count + 32 * lengths.count }
}
