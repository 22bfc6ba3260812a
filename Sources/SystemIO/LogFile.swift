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

extension LogFile {
    /// The end of what another run has left in a file and in the one that was kept before it.
    package struct Remains: Sendable {
        package var bytes: [UInt8]
        /// Whether there is more before, so that the first line may lack its beginning.
        package var isCut: Bool
        /// When the file was written to last: seconds and nanoseconds of the wall clock.
        package var modifiedSeconds: Int64
        package var modifiedNanoseconds: Int64
    }

    /// Reads at most `limit` bytes from the end; nil where there are none. Neither file is read from its beginning.
    package static func remains(
        of name: String, in directory: borrowing Directory, atMost limit: Int
    ) throws(SystemError) -> Remains? {
        var remains: Remains?
        for name in [name, name + ".1"] {
            let room = limit - (remains?.bytes.count ?? 0)
            guard let part = try end(of: name, in: directory, atMost: room) else { continue }
            if var later = remains {
                later.bytes = part.bytes + later.bytes
                later.isCut = part.isCut
                remains = later
            } else {
                remains = part
            }
            if part.isCut { break }
        }
        return remains
    }

    private static func end(
        of name: String, in directory: borrowing Directory, atMost limit: Int
    ) throws(SystemError) -> Remains? {
        guard try directory.status(of: name) != nil else { return nil }
        let file = try directory.openForUpdating(name)
        let status = try FileStatus(of: file)
        guard status.size > 0 else { return nil }
        let count = min(status.size, Int64(max(0, limit)))
        guard lseek(file.rawValue, off_t(status.size - count), SEEK_SET) >= 0 else { throw .last("seek in", name) }
        var buffer = ByteBuffer()
        // A program that goes on writing is not followed.
        while buffer.count < count {
            guard case .bytes = try file.read(into: &buffer, atMost: Int(count) - buffer.count) else { break }
        }
        return Remains(
            bytes: buffer.copied(), isCut: count < status.size, modifiedSeconds: status.modifiedSeconds,
            modifiedNanoseconds: status.modifiedNanoseconds)
    }
}
