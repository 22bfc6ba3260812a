// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

extension FileStatus {
    /// Of an open file.
    package init(of file: borrowing FileDescriptor) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw .last("look at a file") }
        self.init(status)
    }

    /// Of what is at a path; links are followed.
    package init(at path: String) throws(SystemError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last("look at", path) }
        self.init(status)
    }

    /// Of a name in a directory, a link itself; nil where there is none.
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
