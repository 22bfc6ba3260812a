// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos

/// protobuf-c's description of a message type.
///
/// The pointer must come from C, such as that of a message after its `__init`: Swift's address of a C global may be
/// that of a copy on the stack.
@safe package struct MessageDescriptor {
    let pointer: UnsafePointer<ProtobufCMessageDescriptor>?

    package init(_ pointer: UnsafePointer<ProtobufCMessageDescriptor>?) {
        unsafe self.pointer = unsafe pointer
    }
}

/// The serialized descriptors of .proto files, which `tools/generate` puts into the program.
package enum DescriptorSet {
    /// The files of all services of the daemon, and what they import.
    package static var daemon: [UInt8] {
        unsafe bytes(of: descriptor_set)
    }

    /// The bytes that a generated function returns: memory that is never freed, and its length.
    package static func bytes(of function: (UnsafeMutablePointer<Int>?) -> UnsafePointer<UInt8>?) -> [UInt8] {
        var length = 0
        let start = unsafe function(&length)
        return unsafe Array(UnsafeBufferPointer(start: start, count: length))
    }
}
