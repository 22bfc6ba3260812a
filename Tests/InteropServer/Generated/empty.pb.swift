// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from grpc/testing/empty.proto; do not edit.

internal import CProtos
package import CTestProtos
package import SocketRPC

/// The message `grpc.testing.Empty`.
package struct Empty: Hashable, Sendable {
    /// A message with nothing set.
    package init() {}
}

extension Empty: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Grpc__Testing__Empty>.size }
    package static let protobufName = "grpc.testing.Empty"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Grpc__Testing__Empty()
        unsafe grpc__testing__empty__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Grpc__Testing__Empty.self, capacity: 1)
        unsafe grpc__testing__empty__init(storage)
    }
}

extension Empty {
    /// A `grpc.testing.Empty` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = Empty
        @usableFromInline let storage: UnsafePointer<Grpc__Testing__Empty>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Grpc__Testing__Empty.self)
        }

        /// The message as a value.
        package func copied() -> Empty {
            unsafe Empty(copying: storage)
        }
    }
}
