// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A file that another program writes to: it is read as it grows, and emptied when it gets too long.
///
/// The program keeps the file open and does not notice: the file is copied to one whose name ends in `.1`, then
/// emptied. What the program writes in the microseconds between the last read and the emptying is lost.
package struct LogFile: ~Copyable {
    package let name: String
    private let file: FileDescriptor
    private let limit: Int64
    /// The number of bytes of the file that were read.
    package private(set) var position: Int64

    /// Opens an existing file of a directory, to be read from a position; nil: from its end.
    package init(
        _ name: String, in directory: borrowing Directory, limit: Int64, from start: Int64? = nil
    ) throws(SystemError) {
        let file = try directory.openForUpdating(name)
        var end = lseek(file.rawValue, 0, SEEK_END)
        guard end >= 0 else { throw .last("seek in", name) }
        if let start {
            // If the file is shorter, everything in it is new.
            end = lseek(file.rawValue, off_t(start <= end ? start : 0), SEEK_SET)
            guard end >= 0 else { throw .last("seek in", name) }
        }
        self.file = file
        self.name = name
        self.limit = limit
        position = Int64(end)
    }

    /// Reads what was written since, at most `count` bytes. Returns fewer if that was all.
    package mutating func read(atMost count: Int, into buffer: inout ByteBuffer) throws(SystemError) -> Int {
        let size = csys_file_size(file.rawValue)
        if size >= 0, size < position {
            // Another process has truncated it.
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

    /// Whether its name in the directory at a path still refers to it: what is written to a file without a name is
    /// lost.
    package func isInPlace(at directory: String) throws(SystemError) -> Bool {
        try FileIdentity.of(path: "\(directory)/\(name)") == FileIdentity(of: file)
    }

    /// Whether it should be emptied.
    package var isFull: Bool { position >= limit }

    /// Copies the content of the file to another name, replacing what was kept there, and empties the file.
    ///
    /// What the program writes meanwhile is copied too, and read into the buffer.
    package mutating func rotate(in directory: borrowing Directory, into buffer: inout ByteBuffer) throws(SystemError) {
        var fault: SystemError?
        do throws(SystemError) {
            try keep(in: directory, into: &buffer)
        } catch {
            // On a full disk the file is emptied nevertheless, because otherwise there would never be room again. What
            // came meanwhile is read.
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

    /// How many times a rotation continues to read from a program that writes faster than it is read.
    private static let rotationReads = 8
}

extension LogFile {
    /// The end of what an earlier run left in a file and in the rotated one before it.
    package struct Remains: Sendable {
        package var bytes: [UInt8]
        /// Whether there is more before it, so that the first line may be incomplete.
        package var isCut: Bool
        /// The length of the file; what follows was not read.
        package var end: Int64
        /// When the file was written to last: seconds and nanoseconds of the wall clock.
        package var modifiedSeconds: Int64
        package var modifiedNanoseconds: Int64
    }

    /// Reads at most `limit` bytes from the end; nil if there is no file.
    package static func remains(
        of name: String, in directory: borrowing Directory, atMost limit: Int
    ) throws(SystemError) -> Remains? {
        guard var remains = try end(of: name, in: directory, atMost: limit) else {
            guard var older = try end(of: name + ".1", in: directory, atMost: limit) else { return nil }
            older.end = 0
            return older
        }
        guard !remains.isCut,
            let older = try end(of: name + ".1", in: directory, atMost: limit - remains.bytes.count)
        else { return remains }
        remains.bytes = older.bytes + remains.bytes
        remains.isCut = older.isCut
        return remains
    }

    private static func end(
        of name: String, in directory: borrowing Directory, atMost limit: Int
    ) throws(SystemError) -> Remains? {
        guard try directory.status(of: name) != nil else { return nil }
        let file = try directory.openForUpdating(name)
        let status = try FileStatus(of: file)
        let count = min(status.size, Int64(max(0, limit)))
        guard lseek(file.rawValue, off_t(status.size - count), SEEK_SET) >= 0 else { throw .last("seek in", name) }
        var buffer = ByteBuffer()
        // What a program writes meanwhile is not read.
        while buffer.count < count {
            guard case .bytes = try file.read(into: &buffer, atMost: Int(count) - buffer.count) else { break }
        }
        return Remains(
            bytes: buffer.copied(), isCut: count < status.size, end: status.size - count + Int64(buffer.count),
            modifiedSeconds: status.modifiedSeconds,
            modifiedNanoseconds: status.modifiedNanoseconds)
    }
}
