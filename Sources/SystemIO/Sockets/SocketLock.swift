// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The right to serve on a socket path: an flock on `PATH.lock`, held for as long as this value lives.
///
/// The kernel releases it when the process dies. The lock file stays: removing it would let two processes hold a
/// lock on two files of one name.
package struct SocketLock: ~Copyable, Sendable {
    package let socketPath: String
    private let file: FileDescriptor

    /// Takes the lock and removes a socket that a dead daemon left behind.
    ///
    /// A path at which a daemon answers, or that is not a socket, is left untouched.
    /// So is `served`, the socket of the caller itself at a path whose lock file was removed.
    package static func acquire(
        socketPath: String, served: FileIdentity? = nil
    ) throws(SocketLockError) -> SocketLock {
        let lockPath = socketPath + ".lock"
        let file: FileDescriptor
        do throws(SystemError) {
            let directory = try SocketDirectory.open(for: socketPath)
            file = try directory.openForUpdating(SocketDirectory.name(of: lockPath), creating: true)
        } catch {
            throw .system(error)
        }
        guard csys_flock(file.rawValue) == 0 else {
            let code = errno
            guard code == EWOULDBLOCK else {
                throw .system(SystemError(code: code, call: "lock", subject: lockPath))
            }
            throw .held(path: socketPath)
        }
        try removeStaleSocket(socketPath, served)
        return SocketLock(socketPath: socketPath, file: file)
    }

    private init(socketPath: String, file: consuming FileDescriptor) {
        self.socketPath = socketPath
        self.file = file
    }

    /// Whether the file at `PATH.lock` is still the locked one. If it was removed, another process can take the path.
    package borrowing func isInPlace() throws(SystemError) -> Bool {
        try FileIdentity.of(path: socketPath + ".lock") == FileIdentity(of: file)
    }

    /// Removes the socket with the identity, unless another one has taken its place. Does nothing if there is none.
    package borrowing func removeSocket(_ socket: FileIdentity) throws(SystemError) {
        // With the lock in place no other daemon creates a socket there between the check and the removal.
        guard try isInPlace(), try FileIdentity.of(path: socketPath) == socket else { return }
        try File.remove(socketPath)
    }

    private static func removeStaleSocket(_ path: String, _ served: FileIdentity?) throws(SocketLockError) {
        let refusal: SocketLockError?
        do throws(SystemError) {
            switch try File.kind(of: path) {
            case .absent:
                refusal = nil
            case .directory, .regular, .link, .pipe, .other:
                refusal = .notASocket(path: path)
            case .socket where try isServed(path, as: served):
                refusal = nil
            case .socket where try isServed(path):
                refusal = .inUse(path: path)
            case .socket:
                try File.remove(path)
                refusal = nil
            }
        } catch {
            throw .system(error)
        }
        if let refusal { throw refusal }
    }

    private static func isServed(_ path: String, as served: FileIdentity?) throws(SystemError) -> Bool {
        guard let served else { return false }
        return try FileIdentity.of(path: path) == served
    }

    /// Whether a process listens on a socket's path.
    private static func isServed(_ path: String) throws(SystemError) -> Bool {
        do {
            switch try UnixSocket.connect(path: path) {
            case .connected: return true
            case .backlogFull: return true
            }
        } catch  where error.isConnectionRefused {
            return false
        } catch  where error.isNotFound {
            // Its daemon has just removed it.
            return false
        }
    }
}

/// Why a socket path cannot be served on.
package enum SocketLockError: Error, Hashable, Sendable {
    /// Another process holds the lock of the path.
    case held(path: String)
    /// Another process answers on the socket without holding its lock.
    case inUse(path: String)
    /// What is at the path is not a socket.
    case notASocket(path: String)
    /// A system call failed.
    case system(SystemError)
}

extension SocketLockError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .held(let path):
            "cannot serve on \(path): another daemon holds \(path).lock; stop it, or choose another path"
        case .inUse(let path):
            "cannot serve on \(path): another process answers there; stop it, or choose another path"
        case .notASocket(let path):
            "cannot serve on \(path): it is not a socket; move it away, or choose another path"
        case .system(let error):
            error.description
        }
    }
}
