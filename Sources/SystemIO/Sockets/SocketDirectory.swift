// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The directory of a socket.
package enum SocketDirectory {
    /// Creates the directory of `socketPath` if it is missing, for its owner alone; its parents must exist.
    /// A directory that exists is not changed.
    /// - Throws: `EPERM` if another user could change it or a directory above it; sticky directories are allowed.
    package static func create(for socketPath: String, mode: UInt32 = 0o700) throws(SystemError) {
        let directory = parent(of: socketPath) ?? "."
        let isMade = unsafe mkdir(directory, mode_t(mode)) == 0
        let code = errno
        guard isMade || code == EEXIST else {
            throw SystemError(code: code, call: "create directory", subject: directory)
        }
        let opened = try Directory.trusted(directory, isShared: true)
        // The umask may have taken permissions away; it cannot have added any.
        if isMade { try opened.setMode(mode) }
    }

    /// Why the directory of a socket could not be used or created, as far as can be told without trying; nil if it could.
    package static func problem(for socketPath: String) -> SystemError? {
        let directory = parent(of: socketPath) ?? "."
        do throws(SystemError) {
            // Only the last directory of the path is created.
            let isMissing = try File.kind(of: directory) == .absent
            let place = isMissing ? parent(of: directory) ?? "." : directory
            try Directory.trusted(place, isShared: true).requireWritable()
            return nil
        } catch {
            return error
        }
    }

    /// Opens the trusted directory of a socket.
    static func open(for socketPath: String) throws(SystemError) -> Directory {
        try Directory.trusted(parent(of: socketPath) ?? ".", isShared: true)
    }

    /// The path without its last component; nil for a name in the current directory.
    package static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component of a path.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
