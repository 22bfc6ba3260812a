// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Stream sockets of the Unix domain, by path. Every descriptor is close-on-exec from the start.
package enum UnixSocket {
    /// Listens on a path, at which nothing may exist yet.
    ///
    /// The permissions are in force before any process can connect, whatever the umask. The umask itself, which belongs
    /// to the whole process, is not changed.
    package static func listen(
        path: String, backlog: Int32 = 4096, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        let socket = try open(nonBlocking: true)
        // The file gets the socket's mode less the umask. This takes away what it may not have …
        guard fchmod(socket.rawValue, mode_t(mode)) == 0 else { throw .last("set the mode of", path) }
        guard unsafe csys_unix_bind(socket.rawValue, path, path.utf8.count) == 0 else { throw pathError("bind", path) }
        // … and this adds what the umask took. No process can connect before `listen`.
        let error: SystemError
        if unsafe chmod(path, mode_t(mode)) != 0 {
            error = .last("set the mode of", path)
        } else if Glibc.listen(socket.rawValue, backlog) != 0 {
            error = .last("listen on", path)
        } else {
            return socket
        }
        // The socket was just created here; the error to report is the first one.
        _ = unsafe unlink(path)
        throw error
    }

    /// Takes over a listening socket that another process made, and makes it non-blocking.
    package static func adoptListener(_ number: Int32) throws(SystemError) -> FileDescriptor {
        let subject = "descriptor \(number)"
        let kind = csys_is_unix_listener(number)
        guard kind >= 0 else { throw .last("take over", subject) }
        guard kind == 1 else {
            throw SystemError(
                code: EINVAL, call: "take over", subject: "\(subject), which is not a listening Unix stream socket")
        }
        let socket = FileDescriptor(adopting: number)
        guard csys_set_close_on_exec(number) == 0 else { throw .last("take over", subject) }
        try socket.setNonBlocking(true)
        return socket
    }

    /// Connects without waiting.
    package static func connect(path: String) throws(SystemError) -> ConnectResult {
        let socket = try open(nonBlocking: true)
        while true {
            if unsafe csys_unix_connect(socket.rawValue, path, path.utf8.count) == 0 { return .connected(socket) }
            let code = errno
            switch code {
            case EINTR: continue
            case EAGAIN: return .backlogFull
            default: throw pathError("connect to", path, code: code)
            }
        }
    }

    /// Connects, waiting while the backlog is full, and returns a descriptor that blocks.
    ///
    /// - Throws: `isTimeout` when the timeout expires.
    package static func connectBlocking(path: String, timeout: Duration? = nil) throws(SystemError) -> FileDescriptor {
        let socket = try open(nonBlocking: false)
        let deadline = timeout.map { MonotonicClock.nowNanoseconds.addingSaturated($0.clampedNanoseconds) }
        while true {
            if let deadline {
                let left = deadline.subtractingSaturated(MonotonicClock.nowNanoseconds)
                guard left > 0 else { throw SystemError(code: ETIMEDOUT, call: "connect to", subject: path) }
                try set(left, csys_set_send_timeout, on: socket)
            }
            if unsafe csys_unix_connect(socket.rawValue, path, path.utf8.count) == 0 { break }
            let code = errno
            guard code == EINTR || code == EAGAIN else { throw pathError("connect to", path, code: code) }
        }
        if deadline != nil { try set(0, csys_set_send_timeout, on: socket) }
        return socket
    }

    /// Accepts one connection from a listening socket that does not block.
    package static func accept(_ listener: borrowing FileDescriptor) throws(SystemError) -> AcceptResult {
        while true {
            let number = csys_accept(listener.rawValue)
            if number >= 0 { return .accepted(FileDescriptor(adopting: number)) }
            let code = errno
            switch code {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .tooManyFiles
            case ECONNABORTED, EPERM: return .transient
            default: throw SystemError(code: code, call: "accept a connection")
            }
        }
    }

    /// Two sockets that are connected to each other.
    package static func socketPair(nonBlocking: Bool = true) throws(SystemError) -> SocketPair {
        var first: Int32 = -1
        var second: Int32 = -1
        let result = unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2) { numbers in
            unsafe numbers.initialize(repeating: -1)
            guard let base = numbers.baseAddress else { return Int32(-1) }
            let result = unsafe csys_unix_pair(nonBlocking, base)
            first = unsafe numbers[0]
            second = unsafe numbers[1]
            return result
        }
        guard result == 0 else { throw .last("create a pair of sockets") }
        return SocketPair(first: FileDescriptor(adopting: first), second: FileDescriptor(adopting: second))
    }

    /// Tells the peer that this side will send no more. Does nothing if the connection has gone.
    package static func shutdownWrite(_ socket: borrowing FileDescriptor) throws(SystemError) {
        try socket.shutDown(SHUT_WR)
    }

    /// Limits how long a blocking write may wait before it returns `wouldBlock`; nil removes the limit.
    package static func setSendTimeout(
        _ timeout: Duration?, on socket: borrowing FileDescriptor
    ) throws(SystemError) {
        try set(timeout.map { max($0.clampedNanoseconds, 1) } ?? 0, csys_set_send_timeout, on: socket)
    }

    private static func open(nonBlocking: Bool) throws(SystemError) -> FileDescriptor {
        let number = csys_unix_socket(nonBlocking)
        guard number >= 0 else { throw .last("create a socket") }
        return FileDescriptor(adopting: number)
    }

    private static func set(
        _ nanoseconds: UInt64, _ option: (Int32, Int64) -> Int32, on socket: borrowing FileDescriptor
    ) throws(SystemError) {
        // A year stands for no limit, and fits the kernel's types.
        guard option(socket.rawValue, Int64(min(nanoseconds, 31_536_000_000_000_000))) == 0 else {
            throw .last("limit the time of a socket")
        }
    }

    private static func pathError(_ call: StaticString, _ path: String, code: Int32 = errno) -> SystemError {
        let limit = csys_unix_path_limit()
        let subject =
            code == ENAMETOOLONG && path.utf8.count > limit
            ? "\(path), whose \(path.utf8.count) bytes are longer than the limit of \(limit) for sockets" : path
        return SystemError(code: code, call: "\(call)", subject: subject)
    }
}

extension FileDescriptor {
    /// Makes what the peer sends from now on fail there; what it has sent can still be read. Does nothing if the
    /// connection has gone.
    package borrowing func shutDownReading() throws(SystemError) { try shutDown(SHUT_RD) }

    fileprivate borrowing func shutDown(_ half: Int) throws(SystemError) {
        guard shutdown(rawValue, Int32(half)) == 0 else {
            let code = errno
            guard code == ENOTCONN else { throw SystemError(code: code, call: "shut down a connection") }
            return
        }
    }
}

/// The outcome of accepting a connection.
package enum AcceptResult: ~Copyable, Sendable {
    /// A connection, which does not block.
    case accepted(FileDescriptor)
    /// No connection waits.
    case wouldBlock
    /// The process or the system has no descriptor, or no memory, left. The connection still waits, so the listener
    /// stays readable.
    case tooManyFiles
    /// This one connection failed; the next may succeed.
    case transient
}

/// The outcome of connecting without waiting.
package enum ConnectResult: ~Copyable, Sendable {
    /// A connection, which does not block.
    case connected(FileDescriptor)
    /// Too many connections wait to be accepted; try again later.
    case backlogFull
}

/// Two sockets that are connected to each other.
package struct SocketPair: ~Copyable, Sendable {
    package let first: FileDescriptor
    package let second: FileDescriptor

    /// Releases both to the caller, which closes them.
    package consuming func take() -> (Int32, Int32) {
        (first.release(), second.release())
    }
}
