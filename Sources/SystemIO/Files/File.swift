// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Reads and removes whole files. Every call may block on the disk.
package enum File {
    /// What is at a path; links are not followed.
    package static func kind(of path: String) throws(SystemError) -> FileKind {
        var (mode, owner): (UInt32, UInt32) = (0, 0)
        return try kind(of: path, &mode, &owner)
    }

    /// The permission bits of what is at a path.
    package static func mode(of path: String) throws(SystemError) -> UInt32 {
        var (mode, owner): (UInt32, UInt32) = (0, 0)
        _ = try kind(of: path, &mode, &owner)
        return mode
    }

    /// The uid that owns what is at a path.
    package static func owner(of path: String) throws(SystemError) -> UInt32 {
        var (mode, owner): (UInt32, UInt32) = (0, 0)
        _ = try kind(of: path, &mode, &owner)
        return owner
    }

    /// Reads a file, or anything else that can be opened, to its end.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - limit: The largest number of bytes to read.
    ///   - patience: How long a pipe may have nothing to read, or no writer; nil: indefinitely.
    /// - Returns: The whole content.
    /// - Throws: `EFBIG` if there are more than `limit` bytes, `ETIMEDOUT` if nothing comes in time.
    package static func read(path: String, limit: Int, patience: Duration? = nil) throws(SystemError) -> [UInt8] {
        let number = unsafe patience == nil ? csys_open_read(path) : csys_open_read_now(path)
        guard number >= 0 else { throw .last("open", path) }
        return try readToEnd(FileDescriptor(adopting: number), limit: limit, subject: path, patience: patience)
    }

    /// Reads a descriptor to its end.
    package static func readToEnd(
        _ file: borrowing FileDescriptor, limit: Int, subject: String, patience: Duration? = nil
    ) throws(SystemError) -> [UInt8] {
        var buffer = ByteBuffer()
        while true {
            if let patience, try file.wait(for: .read, timeout: patience).isEmpty {
                throw SystemError(code: ETIMEDOUT, call: "read", subject: subject)
            }
            // One byte more than allowed distinguishes a file that is too long from one that just fits.
            let result: ReadResult
            do {
                result = try file.read(into: &buffer, atMost: min(65536, limit - buffer.count + 1))
            } catch {
                throw SystemError(code: error.code, call: error.call, subject: subject)
            }
            switch result {
            case .endOfFile:
                return buffer.copied()
            case .wouldBlock:
                _ = try file.wait(for: .read, timeout: nil)
            case .bytes:
                guard buffer.count <= limit else {
                    throw SystemError(code: EFBIG, call: "read", subject: "\(subject), more than \(limit) bytes")
                }
            }
        }
    }

    /// Opens a file for appending, creating it with the permission bits if it is missing. Links are not followed.
    package static func openForAppending(_ path: String, mode: UInt32 = 0o600) throws(SystemError) -> FileDescriptor {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
        guard number >= 0 else { throw .last("open", path) }
        return FileDescriptor(adopting: number)
    }

    /// Whether this process may run the program at a path.
    package static func isExecutable(_ path: String) -> Bool {
        unsafe csys_is_executable(path)
    }

    /// Whether the file system at a path is mounted so that its programs cannot run.
    package static func isOnNoExec(_ path: String) -> Bool {
        unsafe csys_is_noexec(path)
    }

    /// Removes a file. Does nothing if it is missing.
    package static func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 else {
            let code = errno
            guard code == ENOENT else { throw SystemError(code: code, call: "remove", subject: path) }
            return
        }
    }

    private static func kind(
        of path: String, _ mode: inout UInt32, _ owner: inout UInt32
    ) throws(SystemError) -> FileKind {
        switch unsafe csys_file_kind(path, &mode, &owner) {
        case Int32(CSYS_ABSENT): return .absent
        case Int32(CSYS_SOCKET): return .socket
        case Int32(CSYS_DIRECTORY): return .directory
        case Int32(CSYS_REGULAR): return .regular
        case Int32(CSYS_LINK): return .link
        case Int32(CSYS_PIPE): return .pipe
        case Int32(CSYS_OTHER): return .other
        default: throw .last("look at", path)
        }
    }
}

/// What is at a path.
package enum FileKind: Hashable, Sendable {
    case absent, socket, directory, regular, link, pipe, other

    /// In a sentence: "it is a directory".
    package var phrase: String {
        switch self {
        case .absent: "missing"
        case .socket: "a socket"
        case .directory: "a directory"
        case .regular: "a regular file"
        case .link: "a symbolic link"
        case .pipe: "a named pipe (FIFO)"
        case .other: "a device"
        }
    }
}
