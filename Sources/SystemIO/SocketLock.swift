// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The right to serve on a socket path: an flock on `PATH.lock`, held for as long as this value lives.
///
/// The kernel takes it back when the process dies. The lock file stays: removing it would let two processes hold a
/// lock on two files of one name.
package struct SocketLock: ~Copyable, Sendable {
    package let socketPath: String
    private let file: FileDescriptor

    /// Takes the lock and removes a socket that a dead daemon left behind.
    ///
    /// A path where a daemon answers, or where something else than a socket is, is left untouched.
    package static func acquire(socketPath: String) throws(SocketLockError) -> SocketLock {
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
        try removeStaleSocket(socketPath)
        return SocketLock(socketPath: socketPath, file: file)
    }

    private init(socketPath: String, file: consuming FileDescriptor) {
        self.socketPath = socketPath
        self.file = file
    }

    /// Removes the socket, at the end of its daemon. Nothing to remove is fine.
    package borrowing func removeSocket() throws(SystemError) {
        try File.remove(socketPath)
    }

    private static func removeStaleSocket(_ path: String) throws(SocketLockError) {
        let refusal: SocketLockError?
        do throws(SystemError) {
            switch try File.kind(of: path) {
            case .absent:
                refusal = nil
            case .directory, .regular, .link, .other:
                refusal = .notASocket(path: path)
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

    /// Whether somebody listens on a socket's path.
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
