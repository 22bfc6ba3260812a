// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Stream sockets of the Unix domain, by path. Every descriptor is close-on-exec from the start.
package enum UnixSocket {
    /// Listens on a path, where nothing may be yet.
    ///
    /// The permissions are in force before anybody can connect, whatever the umask is; the umask itself, which belongs to the
    /// whole process, is not touched.
    package static func listen(
        path: String, backlog: Int32 = 4096, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        let socket = try open(nonBlocking: true)
        // The file gets the socket's mode less the umask. This takes away what it may not have …
        guard fchmod(socket.rawValue, mode_t(mode)) == 0 else { throw .last("set the mode of", path) }
        guard unsafe csys_unix_bind(socket.rawValue, path, path.utf8.count) == 0 else { throw pathError("bind", path) }
        // … and this adds what the umask took. Until `listen` nobody can connect.
        let error: SystemError
        if unsafe chmod(path, mode_t(mode)) != 0 {
            error = .last("set the mode of", path)
        } else if Glibc.listen(socket.rawValue, backlog) != 0 {
            error = .last("listen on", path)
        } else {
            return socket
        }
        // Our own file, a moment old; the error to tell is the first one.
        _ = unsafe unlink(path)
        throw error
    }

    /// Takes over a listening socket that another process made, and makes it non-blocking.
    package static func adoptListener(_ number: Int32) throws(SystemError) -> FileDescriptor {
        let subject = "descriptor \(number)"
        let kind = csys_is_unix_listener(number)
        guard kind >= 0 else { throw .last("take over", subject) }
        guard kind == 1 else {
            throw SystemError(code: EINVAL, call: "take over", subject: "\(subject), no listening Unix stream socket")
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
    /// - Throws: `isTimeout` when the time is over.
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
        guard result == 0 else { throw .last("make a pair of sockets") }
        return SocketPair(first: FileDescriptor(adopting: first), second: FileDescriptor(adopting: second))
    }

    /// Who connected, as the kernel recorded it then.
    package static func peerCredentials(_ socket: borrowing FileDescriptor) throws(SystemError) -> PeerCredentials {
        var (pid, uid, gid): (Int32, UInt32, UInt32) = (0, 0, 0)
        guard unsafe csys_peer_credentials(socket.rawValue, &pid, &uid, &gid) == 0 else {
            throw .last("ask who is connected")
        }
        return PeerCredentials(pid: pid, uid: uid, gid: gid)
    }

    /// A pidfd of the process that connected, which no other process of the same number can stand in for.
    ///
    /// Nothing on kernels before 6.5.
    package static func peerProcess(_ socket: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
        let number = csys_peer_pidfd(socket.rawValue)
        if number >= 0 { return FileDescriptor(adopting: number) }
        let code = errno
        guard code == ENOPROTOOPT else { throw SystemError(code: code, call: "ask which process is connected") }
        return nil
    }

    /// Tells the peer that nothing more will be sent. Does nothing when the connection is gone.
    package static func shutdownWrite(_ socket: borrowing FileDescriptor) throws(SystemError) {
        guard shutdown(socket.rawValue, Int32(SHUT_WR)) == 0 else {
            let code = errno
            guard code == ENOTCONN else { throw SystemError(code: code, call: "shut down a connection") }
            return
        }
    }

    /// How long a blocking read may wait before it gives `wouldBlock`; without a limit when there is none.
    package static func setReceiveTimeout(
        _ timeout: Duration?, on socket: borrowing FileDescriptor
    ) throws(SystemError) {
        try set(timeout.map { max($0.clampedNanoseconds, 1) } ?? 0, csys_set_receive_timeout, on: socket)
    }

    /// How long a blocking write may wait before it gives `wouldBlock`; without a limit when there is none.
    package static func setSendTimeout(
        _ timeout: Duration?, on socket: borrowing FileDescriptor
    ) throws(SystemError) {
        try set(timeout.map { max($0.clampedNanoseconds, 1) } ?? 0, csys_set_send_timeout, on: socket)
    }

    private static func open(nonBlocking: Bool) throws(SystemError) -> FileDescriptor {
        let number = csys_unix_socket(nonBlocking)
        guard number >= 0 else { throw .last("make a socket") }
        return FileDescriptor(adopting: number)
    }

    private static func set(
        _ nanoseconds: UInt64, _ option: (Int32, Int64) -> Int32, on socket: borrowing FileDescriptor
    ) throws(SystemError) {
        // A year is as good as for ever, and fits the kernel's types.
        guard option(socket.rawValue, Int64(min(nanoseconds, 31_536_000_000_000_000))) == 0 else {
            throw .last("limit the time of a socket")
        }
    }

    private static func pathError(_ call: StaticString, _ path: String, code: Int32 = errno) -> SystemError {
        let limit = csys_unix_path_limit()
        let subject =
            code == ENAMETOOLONG && path.utf8.count > limit
            ? "\(path), a socket's path of \(path.utf8.count) bytes where \(limit) fit" : path
        return SystemError(code: code, call: "\(call)", subject: subject)
    }
}
