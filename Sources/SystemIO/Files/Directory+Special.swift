// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

// Files that processes use to find and reach each other.
extension Directory {
    /// Which end of a pipe is opened.
    package enum PipeEnd: Sendable {
        case reading
        case writing
    }

    /// Creates a named pipe for its owner alone. Throws if something has the name.
    package borrowing func makePipe(_ name: String) throws(SystemError) {
        guard unsafe mkfifoat(descriptor.rawValue, name, 0o600) == 0 else { throw .last("create", "\(path)/\(name)") }
    }

    /// Opens an end of a named pipe, which does not block. Throws `ENXIO` if the pipe is opened for writing, and nothing
    /// reads from it.
    package borrowing func openPipe(_ name: String, for end: PipeEnd) throws(SystemError) -> FileDescriptor {
        let flags = (end == .reading ? O_RDONLY : O_WRONLY) | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe openat(descriptor.rawValue, name, flags)
        guard number >= 0 else { throw .last("open", "\(path)/\(name)") }
        let pipe = FileDescriptor(adopting: number)
        guard try FileStatus(of: pipe).kind == .pipe else {
            throw SystemError(code: EINVAL, call: "open", subject: "\(path)/\(name)", reason: "it is not a pipe")
        }
        return pipe
    }

    /// Reads a file of this user; nil if nothing has the name. Throws `EFBIG` if there are more than `limit` bytes.
    package borrowing func read(_ name: String, limit: Int) throws(SystemError) -> [UInt8]? {
        guard try status(of: name) != nil else { return nil }
        do throws(SystemError) {
            return try File.readToEnd(openForUpdating(name), limit: limit, subject: "\(path)/\(name)")
        } catch  where error.isNotFound {
            return nil
        }
    }

    /// Writes a file, in place of what has the name: a reader finds the old content or the new one, complete. The disk may
    /// have it later.
    package borrowing func replace(_ name: String, by bytes: [UInt8]) throws(SystemError) {
        let new = ".\(name).new"
        try remove(new)
        let file = try createFile(new, mode: 0o600)
        do throws(SystemError) {
            try file.writeAll(bytes)
            try rename(new, to: name)
        } catch {
            try? remove(new)
            throw error
        }
    }

    /// Creates a directory in it for its owner alone, and opens it. Throws if something has the name.
    package borrowing func makeTrustedDirectory(_ name: String) throws(SystemError) -> Directory {
        guard unsafe mkdirat(descriptor.rawValue, name, 0o700) == 0 else {
            throw .last("create directory", "\(path)/\(name)")
        }
        guard let made = try trustedDirectory(name) else {
            throw SystemError(code: ENOENT, call: "open directory", subject: "\(path)/\(name)")
        }
        return made
    }

    /// The same directory, opened once more.
    package borrowing func duplicate() throws(SystemError) -> Directory {
        Directory(descriptor: try descriptor.duplicate(), path: path)
    }

    /// A second descriptor of the directory.
    package borrowing func duplicateDescriptor() throws(SystemError) -> FileDescriptor { try descriptor.duplicate() }
}

extension FileDescriptor {
    /// A second descriptor of the same open file, with a number from `number` on.
    package borrowing func duplicate(from number: Int32) throws(SystemError) -> FileDescriptor {
        let number = fcntl(rawValue, F_DUPFD_CLOEXEC, number)
        guard number >= 0 else { throw .last("duplicate a descriptor") }
        return FileDescriptor(adopting: number)
    }

    /// A file in memory with these bytes, which cannot be changed.
    package static func sealed(_ bytes: [UInt8], name: String) throws(SystemError) -> FileDescriptor {
        let number = unsafe bytes.withUnsafeBytes { bytes in
            unsafe csys_sealed_file(name, bytes.baseAddress, bytes.count)
        }
        guard number >= 0 else { throw .last("make a file in memory") }
        return FileDescriptor(adopting: number)
    }

    /// Writes a short message to a pipe that does not block: all of it, or none. Returns false if the pipe is full or nothing
    /// reads from it.
    package borrowing func writeMessage(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe csys_pipe_write(rawValue, bytes.baseAddress, bytes.count) == bytes.count
        }
    }

    /// Takes an advisory lock on the file, exclusive or shared, without waiting. It belongs to the open file, and is
    /// released with its last descriptor in any process. Returns false if another open file has a lock in the way.
    package borrowing func lock(alone: Bool) throws(SystemError) -> Bool {
        if (alone ? csys_flock(rawValue) : csys_flock_shared(rawValue)) == 0 { return true }
        let code = errno
        guard code == EWOULDBLOCK else { throw SystemError(code: code, call: "lock a file") }
        return false
    }

    /// The same lock, exclusive. Throws `EWOULDBLOCK` if another open file has a lock in the way.
    package borrowing func requireLock(_ subject: String) throws(SystemError) {
        guard try lock(alone: true) else { throw SystemError(code: EWOULDBLOCK, call: "lock", subject: subject) }
    }

    /// The process that holds a POSIX lock on the file; nil if none does. That kind of lock is independent of ``lock(alone:)``.
    package borrowing func lockHolder() throws(SystemError) -> Int32? {
        let pid = csys_lock_holder(rawValue)
        guard pid >= 0 else { throw .last("find who locks a file") }
        return pid == 0 ? nil : pid
    }
}
