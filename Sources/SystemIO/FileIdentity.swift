// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Which file it is, whatever its name: two names with one identity are one file.
package struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// The identity of an open file.
    package init(of file: borrowing FileDescriptor) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw .last("look at a file") }
        self.init(status)
    }

    /// The identity of what is at a path, of a link itself unless `followingLinks`; nil when there is nothing.
    package static func of(path: String, followingLinks: Bool = false) throws(SystemError) -> FileIdentity? {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        if result == 0 { return FileIdentity(status) }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "look at", subject: path) }
        return nil
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
