// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Whole files, read and removed in one call that blocks.
package enum File {
    /// What is at a path; a link counts as itself.
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

    /// Reads a file, or what else can be opened, to its end.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - limit: How many bytes there may be.
    ///   - patience: How long a pipe may have nothing to read, or no writer; nil: as long as it likes.
    /// - Returns: All there is.
    /// - Throws: `EFBIG` when there are more than `limit` bytes, `ETIMEDOUT` when nothing comes.
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
            // One byte more than allowed tells a file that is too long from one that just fits.
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

    /// Opens a file to write at its end, making it with the permission bits where it is not there. A link is not followed.
    package static func openForAppending(_ path: String, mode: UInt32 = 0o600) throws(SystemError) -> FileDescriptor {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
        guard number >= 0 else { throw .last("open", path) }
        return FileDescriptor(adopting: number)
    }

    /// Whether this process may run the program at a path.
    package static func isExecutable(_ path: String) -> Bool {
        unsafe csys_is_executable(path)
    }

    /// Whether the file system at a path is mounted so that none of its programs can be run.
    package static func isOnNoExec(_ path: String) -> Bool {
        unsafe csys_is_noexec(path)
    }

    /// Whether this process may make names in the directory at a path.
    package static func isWritableDirectory(_ path: String) -> Bool {
        unsafe csys_is_writable_directory(path)
    }

    /// Removes a file. One that is not there is fine.
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
