// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// A directory for one test, removed with its contents when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// Short, so that a socket's path in it fits.
    package let path: String

    package init() throws(SystemError) {
        var template = Array("/tmp/backendd-test.XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { name in
            unsafe name.baseAddress.flatMap { base in
                unsafe mkdtemp(base).flatMap { unsafe String(validatingCString: $0) }
            }
        }
        guard let made else { throw .last("make a temporary directory") }
        path = made
    }

    deinit {
        Self.removeTree(path)
    }

    /// The path of something in the directory.
    package func file(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a file into the directory and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws(SystemError) -> String {
        let path = file(name)
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .last("create", path) }
        try FileDescriptor(adopting: number).writeAll(Array(text.utf8))
        return path
    }

    private static func removeTree(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                    unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name != "." && name != ".." { removeTree(path + "/" + name) }
            }
            unsafe closedir(directory)
        }
        unsafe rmdir(path)
    }
}

/// The contents of a directory.
package enum DirectoryListing {
    /// The number of entries, without `.` and `..`.
    package static func count(of path: String) throws(SystemError) -> Int {
        guard let directory = unsafe opendir(path) else { throw .last("open", path) }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return count - 2
    }
}
