// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CProtos

/// The descriptors of .proto files, serialized, as `tools/generate` puts them into the program.
package enum DescriptorSet {
    /// The files of everything that the daemon serves, and what they import.
    package static var daemon: [UInt8] {
        unsafe bytes(of: descriptor_set)
    }

    /// What a generated function gives: memory that is never freed, and its length.
    package static func bytes(of function: (UnsafeMutablePointer<Int>?) -> UnsafePointer<UInt8>?) -> [UInt8] {
        var length = 0
        let start = unsafe function(&length)
        return unsafe Array(UnsafeBufferPointer(start: start, count: length))
    }
}
