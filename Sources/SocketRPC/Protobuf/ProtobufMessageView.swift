// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A decoded message that is borrowed from an arena: nothing is copied until it is asked for.
package protocol ProtobufMessageView: ~Copyable, SendableMetatype {
    associatedtype Message: ProtobufMessage

    @safe init(_ memory: UnsafeRawPointer)

    /// The message as a value.
    func copied() -> Message
}
