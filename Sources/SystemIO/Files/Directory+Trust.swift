// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Access to what only this user and root can change.
///
/// A directory is trusted if this user or root owns it and no other user may write to it, and if the same is true of
/// every directory above it. There the sticky bit, as on `/tmp`, is enough, because it keeps other users from replacing
/// a name.
extension Directory {
    /// The number of links a path may lead through, as in the kernel.
    private static let linkLimit = 40

    /// Opens a trusted directory, component by component, by descriptor.
    ///
    /// A link in the path is followed if this user or root owns it. With `creating`, missing directories are created
    /// for their owner alone, and the directory itself must not be a link. With `isShared`, it may be a sticky
    /// directory that all users write to. Throws `EPERM`, with directory, owner and mode, if another user could change
    /// one of the directories.
    package static func trusted(
        _ path: String, creating: Bool = false, isShared: Bool = false
    ) throws(SystemError) -> Directory {
        try walk(path, atMissing: creating ? .make : .fail, isShared: isShared)
    }

    /// What to do if a path leads to nothing.
    private enum Missing { case fail, make, stop }

    private static func walk(
        _ path: String, atMissing: Missing, isShared: Bool
    ) throws(SystemError) -> Directory {
        var names = try components(of: path)
        var links = 0
        var directory = try root(isStep: !names.isEmpty)
        try directory.requireTrust(isShared: isShared || !names.isEmpty)
        while let name = names.popLast() {
            let status = try directory.status(of: name)
            if let status, status.kind == .link {
                if atMissing != .fail, names.isEmpty { throw .isLink(directory.path(of: name)) }
                links += 1
                guard links <= linkLimit else { throw SystemError(code: ELOOP, call: "open directory", subject: path) }
                let target = try directory.target(of: name, status)
                if target.hasPrefix("/") { directory = try root(isStep: true) }
                names += parts(of: target)
                if names.isEmpty { directory = try directory.step(".", isLast: true) }
                continue
            }
            if status == nil {
                switch atMissing {
                case .fail: throw SystemError(code: ENOENT, call: "open directory", subject: directory.path(of: name))
                case .make: try directory.makeDirectory(name, mode: 0o700)
                case .stop: return directory
                }
            }
            directory = try directory.step(name, isLast: names.isEmpty)
            try directory.requireTrust(isShared: isShared || !names.isEmpty)
        }
        return directory
    }

    /// Why a directory could not be used, or created if it is missing, as far as can be told without trying; nil if it
    /// could.
    package static func problem(creating path: String) -> SystemError? {
        do throws(SystemError) {
            try walk(path, atMissing: .stop, isShared: false).requireWritable()
            return nil
        } catch {
            return error
        }
    }

    /// Throws if this user cannot create files in it, as far as can be told without trying.
    package borrowing func requireWritable() throws(SystemError) {
        if csys_is_of_kernel(descriptor.rawValue) {
            throw SystemError(code: EROFS, call: "make files in", subject: path)
        }
        guard unsafe faccessat(descriptor.rawValue, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
            throw .last("write to directory", path)
        }
    }

    /// Opens a directory in it, which must be trusted too; nil if nothing has the name.
    package borrowing func trustedDirectory(_ name: String) throws(SystemError) -> Directory? {
        guard let directory = try directory(name) else { return nil }
        try directory.requireTrust(isShared: false)
        return directory
    }

    private borrowing func requireTrust(isShared: Bool) throws(SystemError) {
        let status = try FileStatus(of: descriptor)
        guard !status.isTrusted(isShared: isShared) else { return }
        throw .untrusted("directory", path, status)
    }

    private static func root(isStep: Bool) throws(SystemError) -> Directory {
        let number = unsafe csys_open_directory(-1, "/", isStep)
        guard number >= 0 else { throw .last("open directory", "/") }
        return Directory(descriptor: FileDescriptor(adopting: number), path: "/")
    }

    private borrowing func step(_ name: String, isLast: Bool) throws(SystemError) -> Directory {
        let number = unsafe csys_open_directory(descriptor.rawValue, name, !isLast)
        guard number >= 0 else { throw .last("open directory", path(of: name)) }
        return Directory(descriptor: FileDescriptor(adopting: number), path: path(of: name))
    }

    /// The target of a link that this user or root owns.
    private borrowing func target(of name: String, _ status: FileStatus) throws(SystemError) -> String {
        guard status.isOwnerTrusted else { throw .untrusted("link", path(of: name), status) }
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe text.withUnsafeMutableBytes { text in
            guard let base = text.baseAddress else { return -1 }
            return unsafe readlinkat(
                descriptor.rawValue, name, base.assumingMemoryBound(to: CChar.self), text.count)
        }
        guard count >= 0 else { throw .last("read link", path(of: name)) }
        return String(decoding: text.prefix(count), as: UTF8.self)
    }

    borrowing func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// The components of a path from the root, the first one last.
    private static func components(of path: String) throws(SystemError) -> [String] {
        guard !path.hasPrefix("/") else { return parts(of: path) }
        guard let current = unsafe getcwd(nil, 0) else { throw .last("find the current directory") }
        defer { unsafe free(current) }
        return parts(of: unsafe String(cString: current) + "/" + path)
    }

    private static func parts(of path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map { String($0) }.reversed()
    }
}

// MARK: Files

extension Directory {
    /// Opens a file for appending, and creates it, for its owner alone, if it is missing.
    ///
    /// - Throws: `EPERM` with the file, its owner and its mode if it is a link, has another name, or belongs to
    ///   another user.
    package borrowing func openForAppending(_ name: String) throws(SystemError) -> FileDescriptor {
        try openOwn(name, O_WRONLY | O_CREAT | O_APPEND)
    }

    /// Opens a file to read, write and empty, and creates it, for its owner alone, if `creating`. Throws as above.
    package borrowing func openForUpdating(_ name: String, creating: Bool = false) throws(SystemError) -> FileDescriptor
    {
        try openOwn(name, creating ? O_RDWR | O_CREAT : O_RDWR)
    }

    private borrowing func openOwn(_ name: String, _ flags: Int32) throws(SystemError) -> FileDescriptor {
        // Without blocking on a pipe that has no reader.
        let all = flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
        let number = unsafe openat(descriptor.rawValue, name, all, 0o600)
        guard number >= 0 else {
            let error = SystemError.last("open", path(of: name))
            if let status = try status(of: name), !status.isOwnFile { throw .untrusted("file", path(of: name), status) }
            throw error
        }
        let file = FileDescriptor(adopting: number)
        let status = try FileStatus(of: file)
        guard status.isOwnFile else { throw .untrusted("file", path(of: name), status) }
        if status.mode & 0o077 != 0, fchmod(number, 0o600) != 0 { throw .last("set the mode of", path(of: name)) }
        try file.setNonBlocking(false)
        return file
    }
}

extension File {
    /// Why another user could change a file; nil if only this user and root can, and for what is not a regular file.
    ///
    /// `what` names the file in the message: a configuration, a program.
    package static func risk(of path: String, as what: String) -> SystemError? {
        do throws(SystemError) {
            let parent = try Directory.trusted(SocketDirectory.parent(of: path) ?? ".", isShared: true)
            if let name = path.split(separator: "/").last, let status = try parent.status(of: String(name)),
                status.kind == .link, !status.isOwnerTrusted
            {
                throw .untrusted("link", path, status)
            }
            guard let file = try? openRegular(path) else { return nil }
            let status = try FileStatus(of: file)
            if status.isTrusted(isShared: false) { return nil }
            throw .untrusted(what, path, status)
        } catch {
            return error
        }
    }
}

extension FileStatus {
    /// Whether this user or root is the owner.
    var isOwnerTrusted: Bool { owner == 0 || owner == geteuid() }

    /// Whether no other user may write to it or, if `isShared`, replace what others own in it. A group with the number
    /// of its user is the user's own.
    package func isTrusted(isShared: Bool) -> Bool {
        let isOwnGroup = group == getegid() && getegid() == geteuid()
        let isClosed = mode & (isOwnGroup ? 0o002 : 0o022) == 0
        return isOwnerTrusted && (isClosed || isShared && mode & 0o1000 != 0)
    }

    /// Whether it is a regular file of this user with one name.
    fileprivate var isOwnFile: Bool { kind == .regular && owner == geteuid() && links == 1 }
}

extension SystemError {
    /// A link instead of a directory of the daemon's own.
    fileprivate static func isLink(_ path: String) -> SystemError {
        SystemError(
            code: ELOOP, call: "use directory", subject: path,
            reason: "it is a link; remove it, or name the directory that it leads to")
    }

    /// Something that another user can change, or owns.
    static func untrusted(_ what: String, _ path: String, _ status: FileStatus) -> SystemError {
        let mode = String(status.mode, radix: 8)
        let own = geteuid()
        var reason = "uid \(status.owner) owns it and its mode is 0\(mode), so another user could change it"
        if what == "file" {
            let isNamedTwice = status.links > 1 && status.kind == .regular
            let kind = isNamedTwice ? "a file with \(status.links) names" : status.kind.phrase
            reason = "it is \(kind) of uid \(status.owner) with mode 0\(mode)"
            reason += ", but must be a regular file of uid \(own) with one name; "
            reason += isNamedTwice ? "remove its other names, which 'find / -samefile' finds" : "move it away"
        } else if what == "link" {
            reason = "uid \(status.owner) made it; remove it"
        } else {
            reason += "; make uid \(own) its owner and remove write permission for others"
        }
        return SystemError(
            code: EPERM, call: "trust \(what)", subject: path, reason: reason + ", or choose another path")
    }
}
