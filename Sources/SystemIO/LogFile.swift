// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A file that another program writes to, read as it grows, and emptied when it gets too long.
///
/// The program keeps the file open and does not know: the file is copied to one with `.1` at its end, then emptied. What the
/// program writes between the last read and the emptying, a matter of microseconds, is lost.
package struct LogFile: ~Copyable {
    package let name: String
    private let file: FileDescriptor
    private let limit: Int64
    private var position: Int64

    /// Opens a file that exists in a directory; what is in it already is not read.
    package init(_ name: String, in directory: borrowing Directory, limit: Int64) throws(SystemError) {
        let file = try directory.openForUpdating(name)
        let end = lseek(file.rawValue, 0, SEEK_END)
        guard end >= 0 else { throw .last("seek in", name) }
        self.file = file
        self.name = name
        self.limit = limit
        position = Int64(end)
    }

    /// Reads what was written since, at most `count` bytes; fewer means that this was all.
    package mutating func read(atMost count: Int, into buffer: inout ByteBuffer) throws(SystemError) -> Int {
        let size = csys_file_size(file.rawValue)
        if size >= 0, size < position {
            // Another process has cut it.
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

    /// Whether its name in the directory at a path still stands for it: what is written to a file without that name is lost.
    package func isInPlace(at directory: String) throws(SystemError) -> Bool {
        try FileIdentity.of(path: "\(directory)/\(name)") == FileIdentity(of: file)
    }

    /// Whether it should be emptied.
    package var isFull: Bool { position >= limit }

    /// Keeps what is in the file under another name, in the place of what was kept before, and empties it.
    ///
    /// What the program writes meanwhile is kept too, and read into the buffer.
    package mutating func rotate(in directory: borrowing Directory, into buffer: inout ByteBuffer) throws(SystemError) {
        var fault: SystemError?
        do throws(SystemError) {
            try keep(in: directory, into: &buffer)
        } catch {
            // On a disk that is full the file is emptied all the same, or it would never have room again. What came meanwhile is read.
            fault = error
            for _ in 0..<Self.rotationReads {
                guard let count = try? read(atMost: 1 << 20, into: &buffer), count > 0 else { break }
            }
        }
        guard ftruncate(file.rawValue, 0) == 0 else { throw .last("empty", name) }
        position = 0
        guard lseek(file.rawValue, 0, SEEK_SET) >= 0 else { throw .last("seek in", name) }
        if let fault { throw fault }
    }

    private mutating func keep(in directory: borrowing Directory, into buffer: inout ByteBuffer) throws(SystemError) {
        let kept = name + ".1"
        try directory.remove(kept)
        let copy = try directory.createFile(kept, mode: 0o600)
        guard csys_copy(file.rawValue, copy.rawValue, position) == 0 else { throw .last("copy", name) }
        for _ in 0..<Self.rotationReads {
            var late = ByteBuffer()
            guard try read(atMost: 1 << 20, into: &late) > 0 else { break }
            let bytes = late.copied()
            buffer.append(contentsOf: bytes)
            try copy.writeAll(bytes)
        }
    }

    /// How often a rotation reads on behind a program that writes faster than it is read.
    private static let rotationReads = 8
}
