// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

extension FileDescriptor {
    /// Reads once, at most `limit` bytes, and appends them to `buffer`.
    package borrowing func read(
        into buffer: inout ByteBuffer, atMost limit: Int
    ) throws(SystemError) -> ReadResult {
        precondition(limit > 0, "a read of no bytes looks like the end of the file")
        let number = rawValue
        var blocked = false
        let count = try unsafe buffer.fill(atMost: limit) { (room) throws(SystemError) in
            while true {
                let got = unsafe Glibc.read(number, room.baseAddress, room.count)
                if got >= 0 { return got }
                let code = errno
                if code == EINTR { continue }
                guard code == EAGAIN else { throw SystemError(code: code, call: "read") }
                blocked = true
                return 0
            }
        }
        if blocked { return .wouldBlock }
        return count == 0 ? .endOfFile : .bytes(count)
    }

    /// Sends the buffer over a socket and consumes what was sent.
    ///
    /// A peer that has gone is an error (`isDisconnect`), never a signal.
    package borrowing func write(_ buffer: inout ByteBuffer) throws(SystemError) -> WriteResult {
        while !buffer.isEmpty {
            let sent = unsafe buffer.bytes.withUnsafeBytes { bytes in
                unsafe send(rawValue, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if sent >= 0 {
                buffer.consume(sent)
                continue
            }
            let code = errno
            if code == EINTR { continue }
            guard code == EAGAIN else { throw SystemError(code: code, call: "send") }
            return .wouldBlock
        }
        return .drained
    }

    /// Writes as much as can be written at once. Returns the number of bytes written.
    ///
    /// Does not block on a socket, nor on a descriptor that is non-blocking.
    package borrowing func writeAvailable(_ bytes: [UInt8]) throws(SystemError) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let sent = unsafe send(
                    rawValue, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                guard sent < 0, errno == ENOTSOCK else { return sent }
                return unsafe Glibc.write(rawValue, bytes.baseAddress, bytes.count)
            }
            if count >= 0 { return count }
            let code = errno
            if code == EINTR { continue }
            guard code == EAGAIN else { throw SystemError(code: code, call: "write") }
            return 0
        }
    }

    /// Writes all bytes to a descriptor that blocks: a file, a pipe, a terminal.
    package borrowing func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        try Self.writeAll(bytes, to: rawValue)
    }

    /// Writes all bytes to a file from a place on, over what it has there.
    package borrowing func writeAll(_ bytes: [UInt8], at place: Int) throws(SystemError) {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
                return unsafe pwrite(rawValue, rest.baseAddress, rest.count, off_t(place + start))
            }
            if written >= 0 {
                start += written
            } else if errno != EINTR {
                throw .last("write")
            }
        }
    }

    /// Writes the content of a file to the disk.
    package borrowing func synchronize() throws(SystemError) {
        guard fdatasync(rawValue) == 0 else { throw .last("write to the disk") }
    }

    /// Writes all bytes to a descriptor; waits for one that is non-blocking.
    static func writeAll(_ bytes: [UInt8], to number: Int32) throws(SystemError) {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
                return unsafe Glibc.write(number, rest.baseAddress, rest.count)
            }
            if written >= 0 {
                start += written
                continue
            }
            let code = errno
            switch code {
            case EINTR:
                continue
            case EAGAIN:
                _ = try wait(for: .write, on: number, timeout: nil)
            default:
                throw SystemError(code: code, call: "write")
            }
        }
    }

    /// Waits until the descriptor is ready for one of `interest`, or its peer has gone.
    ///
    /// Returns an empty set when the timeout expires. Without a timeout it waits indefinitely.
    package borrowing func wait(
        for interest: Interest, timeout: Duration?
    ) throws(SystemError) -> ReadyEvents {
        try Self.wait(for: interest, on: rawValue, timeout: timeout)
    }

    static func wait(
        for interest: Interest, on number: Int32, timeout: Duration?
    ) throws(SystemError) -> ReadyEvents {
        let deadline = timeout.map { MonotonicClock.nowNanoseconds.addingSaturated($0.clampedNanoseconds) }
        while true {
            let left = deadline.map { Int64(clamping: $0.subtractingSaturated(MonotonicClock.nowNanoseconds)) }
            let events = csys_poll(number, interest.rawValue, left ?? -1)
            if events >= 0 { return ReadyEvents(rawValue: UInt32(events)) }
            let code = errno
            guard code == EINTR else { throw SystemError(code: code, call: "wait for a descriptor") }
        }
    }
}

/// The outcome of a read.
package enum ReadResult: Hashable, Sendable {
    /// The number of bytes read, at least one.
    case bytes(Int)
    /// No bytes are available yet.
    case wouldBlock
    /// The end of the file: no more bytes follow.
    case endOfFile
}

/// The outcome of a write.
package enum WriteResult: Hashable, Sendable {
    /// The buffer is empty.
    case drained
    /// The rest of the buffer has to wait until the descriptor is writable.
    case wouldBlock
}
