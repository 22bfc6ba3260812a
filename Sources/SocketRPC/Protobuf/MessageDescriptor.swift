// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos

/// What protobuf-c knows of a message type.
///
/// The pointer must be one that C holds, such as a message's own after its `__init`: Swift's address of a C global may
/// be that of a copy on the stack.
@safe package struct MessageDescriptor {
    let pointer: UnsafePointer<ProtobufCMessageDescriptor>?

    package init(_ pointer: UnsafePointer<ProtobufCMessageDescriptor>?) {
        unsafe self.pointer = unsafe pointer
    }

    var name: String {
        guard let name = unsafe pointer?.pointee.name else { return "message" }
        return unsafe String(cString: name)
    }
}
