// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Bytes that are appended at the end and consumed at the front: what was read and is not yet parsed, what is to be
/// written.
///
/// It grows without a limit: the caller bounds it by checking `count` before appending. An empty buffer that was never
/// appended to has no storage. All storage is initialized at all times, so that a mistake of the caller cannot expose
/// foreign memory.
///
/// It is public, unlike most of this module, because the compiler inlines only public code across modules.
public struct ByteBuffer: ~Copyable, Sendable {
    /// `storage[head..<tail]` is what can be read, `storage[tail...]` is room.
    @usableFromInline var storage: [UInt8]
    @usableFromInline var head = 0
    @usableFromInline var tail = 0

    /// A buffer without storage.
    @inlinable
    public init() {
        storage = []
    }

    /// A buffer with room for `capacity` bytes.
    @inlinable
    public init(capacity: Int) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    /// A buffer that holds `bytes`. Not inlined: Swift 6.3's optimizer aborts if the buffer has no name.
    public init(_ bytes: [UInt8]) {
        storage = bytes
        tail = bytes.count
    }

    /// How many bytes can be read.
    @inlinable public var count: Int { tail &- head }

    /// Whether there is nothing to read.
    @inlinable public var isEmpty: Bool { head == tail }

    /// How many bytes the storage holds, read or not.
    @inlinable public var capacity: Int { storage.count }

    /// The bytes that can be read.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe storage.span.bytes.extracting(head..<tail) }
    }

    /// The bytes that can be read, as an array.
    public func copied() -> [UInt8] {
        Array(storage[head..<tail])
    }
}

// Removing bytes.
extension ByteBuffer {
    /// Drops `count` bytes at the front.
    @inlinable
    public mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= tail &- head, "more is consumed than there is")
        head &+= count
        if head == tail {
            head = 0
            tail = 0
        }
    }

    /// Moves as many bytes as fit into `room`. Returns their number.
    package mutating func move(into room: UnsafeMutableRawBufferPointer) -> Int {
        let moved = min(room.count, count)
        let start = head
        unsafe storage.withUnsafeBytes { all in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[start..<start + moved]))
        }
        consume(moved)
        return moved
    }

    /// Drops everything and keeps the storage.
    @inlinable
    public mutating func removeAll() {
        head = 0
        tail = 0
    }

    /// Frees memory: the storage becomes `capacity` bytes, or what the content needs if that is more.
    public mutating func shrink(toCapacity capacity: Int) {
        let wanted = max(capacity, count)
        guard wanted < storage.count else { return }
        reallocate(wanted)
    }
}

// Adding bytes.
extension ByteBuffer {
    /// Makes room for `count` bytes after the content.
    @inlinable
    public mutating func reserve(_ count: Int) {
        if count > storage.count &- tail { makeRoom(count) }
    }

    /// Makes room for `added` bytes after the content, which will have `total` in the end: for up to twice as much as there is then, so
    /// that it is not copied often, and what has not come does not take more than what has.
    package mutating func reserve(_ added: Int, of total: Int) {
        guard added > storage.count - tail else { return }
        let needed = count + added
        reallocate(max(needed, min(total, 2 * needed)))
    }

    /// Makes room for the next part of content that will have `total` bytes. Returns how many bytes to read: `limit`, or those that are
    /// missing if they are fewer.
    ///
    /// Small content, or content of an unknown size, 0, is read together with what comes after it.
    package mutating func reserve(partOf total: Int, atMost limit: Int) -> Int {
        guard total > 128 << 10, total > count else { return limit }
        let part = min(limit, total - count)
        reserve(part, of: total)
        return part
    }

    /// Appends one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[tail] = byte
        tail &+= 1
    }

    /// Appends four bytes, the most significant first.
    @inlinable
    public mutating func append(bigEndian value: UInt32) {
        reserve(4)
        storage[tail] = UInt8(truncatingIfNeeded: value &>> 24)
        storage[tail &+ 1] = UInt8(truncatingIfNeeded: value &>> 16)
        storage[tail &+ 2] = UInt8(truncatingIfNeeded: value &>> 8)
        storage[tail &+ 3] = UInt8(truncatingIfNeeded: value)
        tail &+= 4
    }

    /// Appends the first `count` bytes, at most sixteen, of two words whose lowest byte comes first.
    @inlinable
    public mutating func append(_ words: (UInt64, UInt64), count: Int) {
        precondition(count >= 0 && count <= 16, "two words have sixteen bytes")
        reserve(16)
        let start = tail
        unsafe storage.withUnsafeMutableBytes { all in
            unsafe all.storeBytes(of: words.0.littleEndian, toByteOffset: start, as: UInt64.self)
            unsafe all.storeBytes(of: words.1.littleEndian, toByteOffset: start &+ 8, as: UInt64.self)
        }
        tail &+= count
    }

    /// Appends a copy of the bytes.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        let added = bytes.byteCount
        guard added > 0 else { return }
        reserve(added)
        let start = tail
        unsafe storage.withUnsafeMutableBytes { all in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: all[start..<start &+ added]).copyMemory(from: source)
            }
        }
        tail &+= added
    }

    /// Appends the bytes of an array.
    @inlinable
    public mutating func append(contentsOf bytes: [UInt8]) {
        unsafe append(bytes.span.bytes)
    }

    /// Appends `count` bytes that `body` must write completely: what it leaves out keeps its former value.
    @inlinable
    public mutating func appendUninitialized(_ count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        precondition(count >= 0, "a negative number of bytes is appended")
        reserve(count)
        let start = tail
        unsafe storage.withUnsafeMutableBytes { all in
            unsafe body(UnsafeMutableRawBufferPointer(rebasing: all[start..<start &+ count]))
        }
        tail &+= count
    }

    /// Replaces four bytes of the content, counted from its front, by a number: a length that is known only afterwards.
    @inlinable
    public mutating func overwrite(at offset: Int, bigEndian value: UInt32) {
        precondition(offset >= 0 && offset <= tail &- head &- 4, "bytes outside the content are overwritten")
        let start = head &+ offset
        storage[start] = UInt8(truncatingIfNeeded: value &>> 24)
        storage[start &+ 1] = UInt8(truncatingIfNeeded: value &>> 16)
        storage[start &+ 2] = UInt8(truncatingIfNeeded: value &>> 8)
        storage[start &+ 3] = UInt8(truncatingIfNeeded: value)
    }

    /// Drops `count` bytes at the end: what was appended last and is not needed after all.
    @inlinable
    public mutating func removeLast(_ count: Int) {
        precondition(count >= 0 && count <= tail &- head, "more is removed than there is")
        tail &-= count
        if head == tail { removeAll() }
    }
}

extension ByteBuffer {
    /// Lends the room after the content to a system call, which fills it.
    mutating func fill<E: Error>(
        atMost limit: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        reserve(limit)
        let start = tail
        var result: Result<Int, E> = .success(0)
        unsafe storage.withUnsafeMutableBytes { all in
            do throws(E) {
                result = .success(
                    try unsafe body(UnsafeMutableRawBufferPointer(rebasing: all[start..<start &+ limit])))
            } catch {
                result = .failure(error)
            }
        }
        let added = try result.get()
        precondition(added >= 0 && added <= limit, "more bytes were written than there was room for")
        tail &+= added
        return added
    }

    @usableFromInline
    mutating func makeRoom(_ added: Int) {
        let content = count
        let needed = content + added
        // Moving to the front copies `content` bytes, after at least as many were consumed.
        if needed <= storage.count && content <= head {
            moveToFront()
        } else {
            // A large buffer grows more slowly, because unused room is memory too.
            let room = storage.count < 256 << 10 ? storage.count : storage.count / 4
            reallocate(max(needed, storage.count + min(room, Int.max - storage.count)))
        }
    }

    private mutating func moveToFront() {
        let (first, last) = (head, tail)
        unsafe storage.withUnsafeMutableBytes { all in
            unsafe all.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[first..<last]))
        }
        head = 0
        tail = last - first
    }

    private mutating func reallocate(_ capacity: Int) {
        let content = count
        let (first, last) = (head, tail)
        var larger = [UInt8](repeating: 0, count: capacity)
        unsafe larger.withUnsafeMutableBytes { room in
            unsafe storage.withUnsafeBytes { old in
                unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[first..<last]))
            }
        }
        storage = larger
        head = 0
        tail = content
    }
}
