// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A process, not necessarily a child: one that gets its number later is never mistaken for it.
package struct ProcessHandle: ~Copyable, Sendable {
    package let pid: Int32
    private let process: FileDescriptor

    /// Opens the process that has the number now; nil if none has.
    package init?(pid: Int32) throws(SystemError) {
        let number = csys_pidfd_open(pid)
        let code = errno
        guard number >= 0 else {
            if code == ESRCH { return nil }
            throw SystemError(code: code, call: "watch process", subject: "\(pid)")
        }
        self.pid = pid
        process = FileDescriptor(adopting: number)
    }

    /// Sends a signal. Does nothing if the process has ended.
    package borrowing func signal(_ signal: Signal) throws(SystemError) {
        guard csys_pidfd_signal(process.rawValue, signal.rawValue) == 0 else {
            let code = errno
            guard code == ESRCH else { throw SystemError(code: code, call: "signal process", subject: "\(pid)") }
            return
        }
    }

    /// Calls `onExit` on the loop when the process has ended. Call on the loop.
    package borrowing func watch(
        on loop: EventLoop, onExit: @escaping () -> Void
    ) throws(SystemError) -> ProcessWatch {
        try ProcessWatch(process: process.duplicate(), loop: loop, onExit: onExit)
    }
}
