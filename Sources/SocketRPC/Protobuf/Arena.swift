// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CProtos

/// Memory for decoding and encoding one message at a time; `reset` frees everything in it at once.
///
/// Do not share it: each loop has one for its inline handlers. What it lends is valid until the next reset.
@safe package final class Arena {
    /// The largest size of a decoded message in memory, in bytes. A hostile message expands about twentyfold.
    package static let defaultLimit = 32 << 20

    /// The largest number of levels of nested messages, read or written.
    static let deepest = 100

    package let limit: Int
    /// Whether a NUL in a string becomes an escape rather than an error.
    ///
    /// A server answers with the output of processes and libraries: one bad text must not cost the whole answer.
    let escapesNUL: Bool
    /// Nil if there was no memory for it; then every allocation fails.
    let storage: UnsafeMutablePointer<message_arena>?

    package init(limit: Int = defaultLimit, escapesNUL: Bool = false) {
        self.limit = limit
        self.escapesNUL = escapesNUL
        unsafe storage = message_arena_create(limit)
    }

    deinit {
        if let storage = unsafe storage { unsafe message_arena_destroy(storage) }
    }

    /// Frees everything. Pointers, views and prepared messages of the arena are invalid from here on.
    package func reset() {
        if let storage = unsafe storage { unsafe message_arena_reset(storage) }
    }

    /// The number of bytes that were allocated since the last reset.
    package var bytesInUse: Int {
        guard let storage = unsafe storage else { return 0 }
        return unsafe message_arena_total(storage)
    }

    /// The error for what does not fit.
    var tooLarge: PayloadError { PayloadError(.tooLarge, "the message takes more than \(limit) bytes of memory") }

    /// Counts a nested message, or an entry of a map. Balance each call with `leave`.
    @usableFromInline
    func enter(_ name: @autoclosure () -> String) throws(PayloadError) {
        guard let storage = unsafe storage else { return }
        guard unsafe storage.pointee.depth < Self.deepest else {
            throw PayloadError(.unencodable, "\(name()) is nested deeper than \(Self.deepest) messages")
        }
        unsafe storage.pointee.depth += 1
    }

    @usableFromInline
    func leave() {
        guard let storage = unsafe storage else { return }
        unsafe storage.pointee.depth -= 1
    }

    /// Uninitialized memory, aligned to 16 bytes.
    @usableFromInline
    func allocate(_ size: Int) throws(PayloadError) -> UnsafeMutableRawPointer {
        guard let storage = unsafe storage, let memory = unsafe message_arena_alloc(storage, size) else {
            throw tooLarge
        }
        return unsafe memory
    }
}
