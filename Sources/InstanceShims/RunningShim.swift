// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The process of a shim that this daemon or an earlier one has started; none if it has already ended.
struct RunningShim: ~Copyable, Sendable {
    private let child: ChildProcess?
    private let handle: ProcessHandle?
    let pid: Int32

    init(_ child: consuming ChildProcess) {
        pid = child.pid
        self.child = consume child
        handle = nil
    }

    init(_ handle: consuming ProcessHandle) {
        pid = handle.pid
        child = nil
        self.handle = consume handle
    }

    /// One that has ended.
    init() {
        pid = 0
        child = nil
        handle = nil
    }

    /// Calls `onExit` on the loop when the shim has ended. Call on the loop.
    borrowing func watch(on loop: EventLoop, onExit: @escaping () -> Void) throws(SystemError) {
        if child != nil {
            _ = try child?.watch(on: loop, onExit: onExit)
        } else if handle != nil {
            _ = try handle?.watch(on: loop, onExit: onExit)
        } else {
            _ = try ProcessWatch(process: nil, loop: loop, onExit: onExit)
        }
    }

    borrowing func signal(_ signal: Signal) {
        try? child?.signal(signal)
        try? handle?.signal(signal)
    }

    /// Returns how it ended, if it was a child of this daemon.
    @discardableResult
    borrowing func reap() -> ChildProcess.Status? { (try? child?.poll()) ?? nil }
}
