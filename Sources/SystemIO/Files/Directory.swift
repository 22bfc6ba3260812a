// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// An open directory. Operations by name stay inside it: no link is followed, whatever happens to its path meanwhile.
///
/// Names are single components; the caller checks those that come from outside. Every call may block on the disk.
package struct Directory: ~Copyable, Sendable {
    let descriptor: FileDescriptor
    package let path: String

    /// Opens a directory; links in its path are followed.
    package init(path: String) throws(SystemError) {
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .last("open directory", path) }
        self.init(descriptor: FileDescriptor(adopting: number), path: path)
    }

    init(descriptor: consuming FileDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a directory in it; nil if nothing has the name.
    package borrowing func directory(_ name: String) throws(SystemError) -> Directory? {
        let number = unsafe openat(descriptor.rawValue, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        if number >= 0 { return Directory(descriptor: FileDescriptor(adopting: number), path: "\(path)/\(name)") }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "open directory", subject: "\(path)/\(name)") }
        return nil
    }

    /// Creates a directory in it, unless something has the name already.
    package borrowing func makeDirectory(_ name: String, mode: UInt32) throws(SystemError) {
        if unsafe mkdirat(descriptor.rawValue, name, mode_t(mode)) == 0 { return }
        let code = errno
        guard code == EEXIST else {
            throw SystemError(code: code, call: "create directory", subject: "\(path)/\(name)")
        }
    }

    /// Sets the permission bits of the directory itself.
    package borrowing func setMode(_ mode: UInt32) throws(SystemError) {
        guard fchmod(descriptor.rawValue, mode_t(mode)) == 0 else { throw .last("set the mode of", path) }
    }

    /// Creates a file to write to. Throws if something has the name.
    package borrowing func createFile(_ name: String, mode: UInt32) throws(SystemError) -> FileDescriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe openat(descriptor.rawValue, name, flags, mode_t(mode))
        guard number >= 0 else { throw .last("create", "\(path)/\(name)") }
        return FileDescriptor(adopting: number)
    }

    /// The identity of the directory, which no other file has while it is open.
    package borrowing func identity() throws(SystemError) -> FileIdentity { try FileIdentity(of: descriptor) }

    /// The identity of the file that a name refers to; nil if nothing has it.
    package borrowing func identity(of name: String) throws(SystemError) -> FileIdentity? {
        try FileIdentity.of(name, in: descriptor.rawValue)
    }

    /// The status of a name; nil if nothing has it.
    package borrowing func status(of name: String) throws(SystemError) -> FileStatus? {
        try FileStatus.of(name, in: descriptor.rawValue)
    }

    /// Whether the directory itself was removed since it was opened.
    package borrowing func isRemoved() throws(SystemError) -> Bool { try FileStatus(of: descriptor).links == 0 }

    /// Renames a file, replacing what has the other name.
    package borrowing func rename(_ name: String, to other: String) throws(SystemError) {
        guard unsafe renameat(descriptor.rawValue, name, descriptor.rawValue, other) == 0 else {
            throw .last("rename a file to", "\(path)/\(other)")
        }
    }

    /// Removes a file, a link or an empty directory. Does nothing if nothing has the name.
    package borrowing func remove(_ name: String, isDirectory: Bool = false) throws(SystemError) {
        if unsafe unlinkat(descriptor.rawValue, name, isDirectory ? AT_REMOVEDIR : 0) == 0 { return }
        let code = errno
        guard code == ENOENT else { throw SystemError(code: code, call: "remove", subject: "\(path)/\(name)") }
    }

    /// Removes everything in it, whatever bytes the names have, without following links.
    ///
    /// - Throws: `ELOOP` if directories are nested deeper than 16 levels.
    package borrowing func removeContents(depth: Int = 16) throws(SystemError) {
        for name in try rawNames() { try removeTree(name, depth: depth) }
    }

    /// Removes a directory with everything in it, or whatever else has the name.
    private borrowing func removeTree(_ name: [CChar], depth: Int) throws(SystemError) {
        if unsafe unlinkat(descriptor.rawValue, name, 0) == 0 { return }
        let (code, path) = (errno, "\(path)/\(Self.text(name))")
        if code == ENOENT { return }
        let number = unsafe openat(descriptor.rawValue, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { throw SystemError(code: code, call: "remove", subject: path) }
        let inner = Directory(descriptor: FileDescriptor(adopting: number), path: path)
        guard depth > 0 else { throw SystemError(code: ELOOP, call: "remove", subject: path) }
        try inner.removeContents(depth: depth - 1)
        guard unsafe unlinkat(descriptor.rawValue, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw .last("remove", path)
        }
    }

    /// Writes the names in it to the disk.
    package borrowing func synchronize() throws(SystemError) {
        guard fsync(descriptor.rawValue) == 0 else { throw .last("write to the disk", path) }
    }

    /// Takes an advisory lock on the directory, exclusive or shared, without waiting. It is released with the last
    /// reference. Returns false if another process holds a lock in the way.
    package borrowing func lock(alone: Bool) throws(SystemError) -> Bool {
        if (alone ? csys_flock(descriptor.rawValue) : csys_flock_shared(descriptor.rawValue)) == 0 { return true }
        let code = errno
        guard code == EWOULDBLOCK else { throw SystemError(code: code, call: "lock", subject: path) }
        return false
    }

    /// The names in it, without `.` and `..`; bytes that are not UTF-8 are replaced. If there are more than `limit`,
    /// some of them.
    package borrowing func names(atMost limit: Int = .max) throws(SystemError) -> [String] {
        try rawNames(atMost: limit).map { Self.text($0) }
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The same, each with the NUL at its end.
    private borrowing func rawNames(atMost limit: Int = .max) throws(SystemError) -> [[CChar]] {
        let number = unsafe openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .last("open directory", path) }
        guard let stream = unsafe fdopendir(number) else {
            let error = SystemError.last("read directory", path)
            _ = Glibc.close(number)
            throw error
        }
        defer { unsafe closedir(stream) }
        var names: [[CChar]] = []
        while names.count < limit, let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { start in
                    unsafe Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
                }
            }
            let text = Self.text(name)
            if text != "." && text != ".." { names.append(name) }
        }
        return names
    }
}
