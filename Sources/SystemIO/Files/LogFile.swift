// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A file that another program appends to and rotates: it is read as it grows, and the file that follows it after it.
///
/// A rotation adds a number to the name of the file, raises those of older ones, and begins a new file.
package struct LogFile: ~Copyable {
    package let name: String
    private var file: FileDescriptor
    private var identity: FileIdentity
    /// The number of bytes of the file that were read.
    package private(set) var position: Int64

    /// Opens an existing file of a directory, to be read from a position; nil: from its end.
    package init(
        _ name: String, in directory: borrowing Directory, from start: Int64? = nil
    ) throws(SystemError) {
        let file = try directory.openForUpdating(name)
        var end = lseek(file.rawValue, 0, SEEK_END)
        guard end >= 0 else { throw .last("seek in", name) }
        if let start {
            // If the file is shorter, everything in it is new.
            end = lseek(file.rawValue, off_t(start <= end ? start : 0), SEEK_SET)
            guard end >= 0 else { throw .last("seek in", name) }
        }
        identity = try FileIdentity(of: file)
        self.file = file
        self.name = name
        position = Int64(end)
    }

    /// Reads what was written since, at most `count` bytes. Returns fewer if that was all.
    package mutating func read(atMost count: Int, into buffer: inout ByteBuffer) throws(SystemError) -> Int {
        let size = csys_file_size(file.rawValue)
        if size >= 0, size < position {
            // It was emptied, which is how a file is rotated if no other can be made.
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

    /// Whether another file has its name now. What was written to it before that is still to be read.
    package borrowing func isFollowed(in directory: borrowing Directory) throws(SystemError) -> Bool {
        guard let named = try directory.identity(of: name) else { return false }
        return named != identity
    }

    /// Goes on with the beginning of the file that follows.
    package mutating func advance(in directory: borrowing Directory) throws(SystemError) {
        var next = name
        for number in 1..<Self.most {
            guard let known = try directory.identity(of: "\(name).\(number)") else { break }
            if known == identity {
                next = number == 1 ? name : "\(name).\(number - 1)"
                break
            }
        }
        let file = try directory.openForUpdating(next)
        identity = try FileIdentity(of: file)
        self.file = file
        position = 0
    }

    /// The most files of a stream.
    private static let most = 100

    /// Calls `onChange` in each turn of the watcher's loop in which the file was written to, truncated, or lost its name.
    package borrowing func watch(
        with watcher: FileWatcher, onChange: @escaping () -> Void
    ) throws(SystemError) -> FileWatcher.Watch {
        try watcher.watch(file, name, onChange: onChange)
    }
}

/// A place in the output of a program: in the file that was the newest one then.
package struct LogPlace: Hashable, Sendable {
    package var file: FileIdentity
    package var offset: Int64

    package init(file: FileIdentity, offset: Int64) {
        self.file = file
        self.offset = offset
    }

    /// The end of a file that is open.
    package init(endOf file: borrowing FileDescriptor) throws(SystemError) {
        self.init(file: try FileIdentity(of: file), offset: try FileStatus(of: file).size)
    }
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
        /// How many of the bytes, the last ones, come after the place that was asked for.
        package var newerCount = 0
    }

    /// Reads at most `limit` bytes from the end; nil if the file is missing. Counts the bytes after `start`: all of them if the file of that
    /// place was removed by a rotation.
    package static func remains(
        of name: String, in directory: borrowing Directory, atMost limit: Int, after start: LogPlace? = nil
    ) throws(SystemError) -> Remains? {
        guard case (var remains, let place)? = try end(of: name, in: directory, atMost: limit) else {
            guard case (var older, _)? = try end(of: name + ".1", in: directory, atMost: limit) else { return nil }
            older.end = 0
            return older
        }
        func count(_ bytes: Int, before end: LogPlace) -> Int? {
            guard let start, start.file == end.file else { return nil }
            // A file that is shorter now was emptied, which is how it is rotated if no other can be made.
            return end.offset < start.offset ? bytes : min(bytes, Int(clamping: end.offset - start.offset))
        }
        let newer = count(remains.bytes.count, before: place)
        if let newer { remains.newerCount = newer }
        guard !remains.isCut,
            let (older, olderPlace) = try end(of: name + ".1", in: directory, atMost: limit - remains.bytes.count)
        else {
            if start != nil, newer == nil { remains.newerCount = remains.bytes.count }
            return remains
        }
        if start != nil, newer == nil {
            remains.newerCount =
                remains.bytes.count
                + (count(older.bytes.count, before: olderPlace) ?? older.bytes.count)
        }
        remains.bytes = older.bytes + remains.bytes
        remains.isCut = older.isCut
        return remains
    }

    private static func end(
        of name: String, in directory: borrowing Directory, atMost limit: Int
    ) throws(SystemError) -> (Remains, LogPlace)? {
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
        let remains = Remains(
            bytes: buffer.copied(), isCut: count < status.size, end: status.size - count + Int64(buffer.count),
            modifiedSeconds: status.modifiedSeconds, modifiedNanoseconds: status.modifiedNanoseconds)
        return (remains, LogPlace(file: try FileIdentity(of: file), offset: remains.end))
    }
}
