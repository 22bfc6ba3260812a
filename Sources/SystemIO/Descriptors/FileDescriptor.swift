// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// An open descriptor with one owner, closed when the owner releases it.
///
/// Calls retry an interrupted system call; they block only if the descriptor does.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number, for as long as the owner lives.
    package let rawValue: Int32

    /// Takes over a descriptor that nothing else closes.
    package init(adopting rawValue: Int32) {
        precondition(rawValue >= 0, "a descriptor is not negative")
        self.rawValue = rawValue
    }

    deinit {
        // Linux closes the descriptor even when it reports an interruption; there is nothing to retry.
        _ = Glibc.close(rawValue)
    }

    /// Releases the descriptor to the caller, which closes it.
    package consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    /// A second descriptor of the same open file.
    package borrowing func duplicate() throws(SystemError) -> FileDescriptor {
        try Self.duplicate(rawValue)
    }

    /// A second descriptor of the open file of a descriptor that has another owner.
    package static func duplicate(_ rawValue: Int32) throws(SystemError) -> FileDescriptor {
        let number = fcntl(rawValue, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw .last("duplicate a descriptor") }
        return FileDescriptor(adopting: number)
    }

    /// A descriptor of the same pipe or terminal that does not block. Unlike a duplicate it shares no flags with the
    /// first. Nil for other kinds of files, and for a terminal that this user may not open.
    package static func withoutBlocking(_ rawValue: Int32) -> FileDescriptor? {
        var status = stat()
        guard unsafe fstat(rawValue, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFIFO || kind == S_IFCHR else { return nil }
        let number = unsafe open("/proc/self/fd/\(rawValue)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return number < 0 ? nil : FileDescriptor(adopting: number)
    }

    /// Occupies the numbers of closed standard streams, so that no other file gets them. Using such a stream fails as
    /// before.
    ///
    /// Call before anything is opened.
    package static func holdStandardStreams() {
        for (number, unused) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(number, F_GETFD) < 0 {
            // The lowest number that is free is this one.
            _ = unsafe open("/dev/null", unused)
        }
    }

    package borrowing func setNonBlocking(_ on: Bool) throws(SystemError) {
        guard csys_set_non_blocking(rawValue, on) == 0 else { throw .last("set the flags of a descriptor") }
    }
}
