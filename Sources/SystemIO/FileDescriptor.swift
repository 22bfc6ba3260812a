// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// An open descriptor with one owner, closed when the owner lets it go.
///
/// Calls retry an interrupted system call; they block exactly when the descriptor does.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number, for as long as the owner lives.
    package let rawValue: Int32

    /// Takes over a descriptor that nobody else closes.
    package init(adopting rawValue: Int32) {
        precondition(rawValue >= 0, "a descriptor is not negative")
        self.rawValue = rawValue
    }

    deinit {
        // Linux closes the descriptor even when it reports an interruption; there is nothing to repeat.
        _ = Glibc.close(rawValue)
    }

    /// Gives the descriptor away: the caller closes it.
    package consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    /// A second descriptor of the same open file.
    package borrowing func duplicate() throws(SystemError) -> FileDescriptor {
        try Self.duplicate(rawValue)
    }

    /// A second descriptor of the same open file as one that somebody else has.
    package static func duplicate(_ rawValue: Int32) throws(SystemError) -> FileDescriptor {
        let number = fcntl(rawValue, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw .last("duplicate a descriptor") }
        return FileDescriptor(adopting: number)
    }

    package borrowing func setNonBlocking(_ on: Bool) throws(SystemError) {
        guard csys_set_non_blocking(rawValue, on) == 0 else { throw .last("set the flags of a descriptor") }
    }
}
