// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The directory of a socket.
package enum SocketDirectory {
    /// Makes the directory that `socketPath` lies in, when it is missing, for its owner alone; its parents must exist.
    ///
    /// One that exists stays as it is.
    package static func create(for socketPath: String, mode: UInt32 = 0o700) throws(SystemError) {
        guard let directory = parent(of: socketPath) else { return }
        if unsafe mkdir(directory, mode_t(mode)) == 0 {
            // The umask may have taken permissions away; it cannot have added any.
            guard unsafe chmod(directory, mode_t(mode)) == 0 else { throw .last("set the mode of", directory) }
            return
        }
        let code = errno
        guard code == EEXIST else { throw SystemError(code: code, call: "create directory", subject: directory) }
    }

    /// Makes a directory, and those above it that are missing, for their owner alone. Those that exist stay as they are.
    package static func createAll(_ directory: String) throws(SystemError) {
        if unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST { return }
        let code = errno
        guard code == ENOENT, let above = parent(of: directory), above != directory else {
            throw SystemError(code: code, call: "create directory", subject: directory)
        }
        try createAll(above)
        guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .last("create directory", directory)
        }
    }

    /// The path without its last component. Nothing for a name in the current directory.
    package static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
