// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The metadata of a file.
package struct FileStatus: Hashable, Sendable {
    package var kind: FileKind
    package var size: Int64
    /// When its content was changed last: seconds and nanoseconds of the wall clock.
    package var modifiedSeconds: Int64
    package var modifiedNanoseconds: Int64
    /// The permission bits.
    package var mode: UInt32
    /// The user and the group it belongs to.
    package var owner: UInt32
    package var group: UInt32
    /// The number of its names; 0: it was removed and exists only while it is open.
    package var links: Int
}

extension FileStatus {
    /// The status of an open file.
    package init(of file: borrowing FileDescriptor) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw .last("look at a file") }
        self.init(status)
    }

    /// The status of what is at a path; links are followed.
    package init(at path: String) throws(SystemError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last("look at", path) }
        self.init(status)
    }

    /// The status of a name in a directory; links are not followed. Nil if nothing has the name.
    static func of(_ name: String, in directory: Int32) throws(SystemError) -> FileStatus? {
        var status = stat()
        if unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "look at", subject: name) }
        return nil
    }

    private init(_ status: stat) {
        let kind: FileKind
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFSOCK: kind = .socket
        case S_IFLNK: kind = .link
        case S_IFIFO: kind = .pipe
        default: kind = .other
        }
        self.init(
            kind: kind, size: Int64(status.st_size), modifiedSeconds: Int64(status.st_mtim.tv_sec),
            modifiedNanoseconds: Int64(status.st_mtim.tv_nsec), mode: UInt32(status.st_mode & 0o7777),
            owner: status.st_uid, group: status.st_gid, links: Int(status.st_nlink))
    }
}

/// The identity of a file: names with the same identity are names of one file.
///
/// It counts as long as something keeps the file, such as an open descriptor: after that, the system gives it to another file.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    /// The identity of an open file.
    package init(of file: borrowing FileDescriptor) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw .last("look at a file") }
        self.init(status)
    }

    /// The identity of what is at a path, of a link itself unless `followingLinks`; nil if nothing is there.
    package static func of(path: String, followingLinks: Bool = false) throws(SystemError) -> FileIdentity? {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        if result == 0 { return FileIdentity(status) }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "look at", subject: path) }
        return nil
    }

    /// The identity of a name in a directory, of a link itself; nil if nothing has the name.
    static func of(_ name: String, in directory: Int32) throws(SystemError) -> FileIdentity? {
        var status = stat()
        if unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileIdentity(status) }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "look at", subject: name) }
        return nil
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
