// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a socket path cannot be served on.
package enum SocketLockError: Error, Hashable, Sendable {
    /// Another process holds the lock of the path.
    case held(path: String)
    /// Somebody answers on the socket without holding its lock.
    case inUse(path: String)
    /// There is something at the path that is no socket.
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
            "cannot serve on \(path): what is there is no socket; move it away, or choose another path"
        case .system(let error):
            error.description
        }
    }
}
