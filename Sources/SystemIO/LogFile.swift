// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A file that a program of its own writes to, read as it grows, and started anew when it gets too long.
///
/// The program keeps the file open and does not know: the file is copied to one with `.1` at its end, then emptied. What the
/// program writes between the last read and the emptying, a matter of microseconds, is lost.
package struct LogFile: ~Copyable {
    package let path: String
    private let file: FileDescriptor
    private let limit: Int64
    private var position: Int64

    /// Opens a file that is there; what is in it already is not read.
    package init(path: String, limit: Int64) throws(SystemError) {
        let number = unsafe csys_open_read_no_follow(path)
        guard number >= 0 else { throw .last("open", path) }
        let file = FileDescriptor(adopting: number)
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0 else { throw .last("seek in", path) }
        self.file = file
        self.path = path
        self.limit = limit
        position = Int64(end)
    }

    /// Reads what was written since, at most so many bytes; less means that this was all.
    package mutating func read(atMost count: Int, into buffer: inout ByteBuffer) throws(SystemError) -> Int {
        let size = csys_file_size(file.rawValue)
        if size >= 0, size < position {
            // Somebody else has cut it.
            position = 0
            _ = lseek(file.rawValue, 0, SEEK_SET)
        }
        switch try file.read(into: &buffer, atMost: count) {
        case .bytes(let count):
            position += Int64(count)
            return count
        case .endOfFile, .wouldBlock:
            return 0
        }
    }

    /// Whether it should be started anew.
    package var isFull: Bool { position >= limit }

    /// Keeps what is in the file under another name, in the place of what was kept before, and empties it.
    ///
    /// What the program writes meanwhile is kept too, and read into the buffer.
    package mutating func rotate(into buffer: inout ByteBuffer) throws(SystemError) {
        do throws(SystemError) {
            try keep(into: &buffer)
        } catch {
            // On a disk that is full the file is emptied all the same, or it would never have room again.
        }
        guard unsafe truncate(path, 0) == 0 else { throw .last("empty", path) }
        position = 0
        guard lseek(file.rawValue, 0, SEEK_SET) >= 0 else { throw .last("seek in", path) }
    }

    private mutating func keep(into buffer: inout ByteBuffer) throws(SystemError) {
        let kept = path + ".1"
        try File.remove(kept)
        let copy = try File.openForAppending(kept)
        guard csys_copy(file.rawValue, copy.rawValue, position) == 0 else { throw .last("copy", path) }
        for _ in 0..<Self.rotationReads {
            var late = ByteBuffer()
            guard try read(atMost: 1 << 20, into: &late) > 0 else { break }
            let bytes = late.copied()
            try copy.writeAll(bytes)
            buffer.append(contentsOf: bytes)
        }
    }

    /// How often a rotation reads on behind a program that writes faster than anybody reads.
    private static let rotationReads = 8
}
