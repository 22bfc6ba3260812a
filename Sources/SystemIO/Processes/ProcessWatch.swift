// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Reports when a process, not necessarily a child, has ended. Use it on the loop only.
///
/// The process is identified by a pidfd, so another one that gets its number later is not mistaken for it.
package final class ProcessWatch {
    private let descriptor: FileDescriptor?
    private let loop: EventLoop
    private var registration: Registration?
    private var onExit: (() -> Void)?

    /// Watches a process and calls `onExit` on the loop when it has ended: in this turn if it has ended already, but
    /// never from within this call.
    package convenience init(
        pid: Int32, loop: EventLoop, onExit: @escaping () -> Void
    ) throws(SystemError) {
        let number = csys_pidfd_open(pid)
        let code = errno
        if number >= 0 {
            try self.init(process: FileDescriptor(adopting: number), loop: loop, onExit: onExit)
        } else if code == ESRCH {
            try self.init(process: nil, loop: loop, onExit: onExit)
        } else {
            throw SystemError(code: code, call: "watch process", subject: "\(pid)")
        }
    }

    /// Watches the process that connected to a Unix socket.
    package convenience init(
        peerOf socket: borrowing FileDescriptor, loop: EventLoop, onExit: @escaping () -> Void
    ) throws(SystemError) {
        let number = csys_peer_pidfd(socket.rawValue)
        let code = errno
        if number >= 0 {
            try self.init(process: FileDescriptor(adopting: number), loop: loop, onExit: onExit)
        } else if code == ENOPROTOOPT {
            try self.init(pid: UnixSocket.peerCredentials(socket).pid, loop: loop, onExit: onExit)
        } else if code == ESRCH || code == EINVAL {
            // The kernel's error for a peer that was reaped before the call.
            try self.init(process: nil, loop: loop, onExit: onExit)
        } else {
            throw SystemError(code: code, call: "watch the process of a connection")
        }
    }

    /// Watches the process behind a pidfd; nil stands for one that has ended.
    package init(
        process: consuming FileDescriptor?, loop: EventLoop, onExit: @escaping () -> Void
    ) throws(SystemError) {
        var number: Int32?
        if let process {
            number = process.rawValue
            descriptor = consume process
        } else {
            descriptor = nil
        }
        self.loop = loop
        self.onExit = onExit
        if let number {
            registration = try loop.register(number, interest: .read, handler: self)
        } else {
            let watch = LoopBound(self, on: loop)
            loop.execute { watch.withValue { $0.exited() } }
        }
    }

    /// Ends the watch: `onExit` is not called any more.
    package func cancel() {
        onExit = nil
        if let registration {
            self.registration = nil
            loop.deregister(registration)
        }
    }

    private func exited() {
        let onExit = onExit
        cancel()
        onExit?()
    }
}

extension ProcessWatch: EventHandler {
    package func ready(_ events: ReadyEvents) {
        exited()
    }
}
