// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A system call that failed: its error number, what was tried and on what.
package struct SystemError: Error, Hashable, Sendable {
    /// The error number, as in `errno`.
    package let code: Int32
    /// What was tried, a verb that reads well after "cannot": `bind`, `connect to`.
    package let call: String
    /// What it was tried on: a path, a name.
    package let subject: String?
    /// The reason, if more is known than the error number says.
    package let reason: String?

    package init(code: Int32, call: String, subject: String? = nil, reason: String? = nil) {
        self.code = code
        self.call = call
        self.subject = subject
        self.reason = reason
    }

    /// The error of the call that has just failed on this thread.
    ///
    /// Call directly after the failure, before another call changes the error number.
    package static func last(_ call: StaticString, _ subject: String? = nil) -> SystemError {
        let code = errno
        return SystemError(code: code, call: "\(call)", subject: subject)
    }
}

extension SystemError: CustomStringConvertible {
    /// `cannot bind /run/x.sock: Address already in use`
    package var description: String {
        let what = subject.map { "\(call) \($0)" } ?? call
        return "cannot \(what): \(reason ?? Self.text(for: code))"
    }

    /// The C library's text for an error number.
    package static func text(for code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress else { return "error \(code)" }
            unsafe csys_error_text(code, base, buffer.count)
            return unsafe String(cString: base)
        }
    }
}

extension SystemError {
    /// No process listens there.
    package var isConnectionRefused: Bool { code == ECONNREFUSED }
    /// Nothing has that name.
    package var isNotFound: Bool { code == ENOENT }
    /// What to do about a file that cannot grow, as the end of a sentence; nil for other errors.
    package var writeRemedy: String? {
        switch code {
        case ENOSPC: "the disk is full; make room on it"
        case EDQUOT: "the user's quota is used up; raise it, or remove files"
        case EIO: "the disk has failed; check the kernel's log"
        case EFBIG: "the file has reached the limit on file sizes; raise it"
        case EROFS: "the disk is read-only; mount it for writing"
        default: nil
        }
    }
    /// The description, with what to do about a file that cannot grow.
    package var advice: String {
        let what = subject.map { "\(call) \($0)" } ?? call
        return writeRemedy.map { "cannot \(what): \($0)" } ?? description
    }
    /// A pipe is opened for writing, and nothing reads from it.
    package var isWithoutReader: Bool { code == ENXIO }
    /// Another process holds a lock in the way.
    package var isHeldByAnother: Bool { code == EWOULDBLOCK }
    /// The caller is not allowed to do that.
    package var isPermissionDenied: Bool { code == EACCES || code == EPERM }
    /// The permission bits of a file or directory do not allow that.
    package var isAccessDenied: Bool { code == EACCES }
    /// The peer has closed the connection.
    package var isDisconnect: Bool { code == EPIPE || code == ECONNRESET }
    /// The process, or the system, has no descriptor left.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
    /// A path leads through more links than the system follows, such as one that leads to itself.
    package var isLinkLoop: Bool { code == ELOOP }
    /// A part of a path before its last one is not a directory.
    package var isBelowFile: Bool { code == ENOTDIR }
    /// The system cannot run a file of this format.
    package var isUnknownFormat: Bool { code == ENOEXEC }
    /// The arguments and the environment of a program are longer than the system allows.
    package var isArgumentListTooLong: Bool { code == E2BIG }
    /// The file of a program is open for writing.
    package var isBeingWritten: Bool { code == ETXTBSY }
    /// The system has no memory, process or descriptor left.
    package var isOutOfResources: Bool { code == EAGAIN || code == ENOMEM || isOutOfDescriptors }
    /// The call timed out.
    package var isTimeout: Bool { code == ETIMEDOUT }
}

extension SystemError {
    /// Nothing happened in time.
    package static func timedOut(_ call: StaticString, _ subject: String) -> SystemError {
        SystemError(code: ETIMEDOUT, call: "\(call)", subject: subject)
    }

    /// A file does not hold what it should.
    package static func notReadable(_ path: String) -> SystemError {
        SystemError(code: EBADMSG, call: "read", subject: path)
    }

    /// Another daemon works in a directory.
    package static func heldByAnother(_ path: String) -> SystemError {
        SystemError(
            code: EWOULDBLOCK, call: "use directory", subject: path,
            reason: "another daemon uses it; stop that one, or choose another directory")
    }

    /// A message is longer than whoever gets it would take.
    package static func messageTooLong(_ what: String, _ reason: String) -> SystemError {
        SystemError(code: EMSGSIZE, call: "encode", subject: what, reason: reason)
    }

    /// A file was written to while it was copied.
    package static func changedWhileRead(_ path: String) -> SystemError {
        SystemError(
            code: EAGAIN, call: "copy", subject: path, reason: "another process wrote to it meanwhile; try again")
    }
}
