// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CProtos

/// Memory for decoding and encoding one message at a time; everything in it is taken back at once by `reset`.
///
/// Not to be shared: a loop has one for its inline handlers. What it lends is valid until the next reset.
@safe package final class Arena {
    /// What the decoded form of one message may take, in bytes. A hostile message expands about twentyfold.
    package static let defaultLimit = 32 << 20

    /// How many messages may be in each other, read or written.
    static let deepest = 100

    package let limit: Int
    /// Whether a NUL in a string becomes an escape rather than an error.
    ///
    /// A server answers with what processes and libraries said: one bad text must not cost the whole answer.
    let escapesNUL: Bool
    /// How many messages are around the one that is being stored.
    @usableFromInline
    var depth = 0
    /// Nil when there was no memory for it; every allocation fails then.
    private let storage: UnsafeMutablePointer<message_arena>?

    package init(limit: Int = defaultLimit, escapesNUL: Bool = false) {
        self.limit = limit
        self.escapesNUL = escapesNUL
        unsafe storage = message_arena_create(limit)
    }

    deinit {
        if let storage = unsafe storage { unsafe message_arena_destroy(storage) }
    }

    /// Takes everything back. Pointers, views and prepared messages of the arena are invalid from here on.
    package func reset() {
        if let storage = unsafe storage { unsafe message_arena_reset(storage) }
    }

    /// How much was handed out since the last reset.
    package var bytesInUse: Int {
        guard let storage = unsafe storage else { return 0 }
        return unsafe storage.pointee.total
    }

    /// Whether an allocation was refused since the last reset.
    var isExhausted: Bool {
        guard let storage = unsafe storage else { return true }
        return unsafe storage.pointee.exhausted
    }

    /// For protobuf-c's decoder.
    var allocator: UnsafeMutablePointer<ProtobufCAllocator>? {
        guard let storage = unsafe storage else { return nil }
        // The allocator is the arena's first member.
        return unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: ProtobufCAllocator.self)
    }

    /// Uninitialised memory, aligned to 16 bytes.
    @usableFromInline
    func allocate(_ size: Int) throws(PayloadError) -> UnsafeMutableRawPointer {
        guard let storage = unsafe storage, let memory = unsafe message_arena_alloc(storage, size) else {
            throw PayloadError(.tooLarge, "the message takes more than \(limit) bytes of memory")
        }
        return unsafe memory
    }
}
