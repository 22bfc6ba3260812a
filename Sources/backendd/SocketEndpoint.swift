// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The socket that the daemon serves: systemd's, or one of its own with the lock of its path.
struct SocketEndpoint: ~Copyable {
    let path: String
    private var listener: FileDescriptor?
    /// Absent for systemd's socket, which is not ours to remove.
    private var lock: SocketLock?

    private init(path: String, listener: consuming FileDescriptor, lock: consuming SocketLock?) {
        self.path = path
        self.listener = consume listener
        self.lock = consume lock
    }

    /// Opens the socket of the configuration, else systemd's, else the one at the default path.
    static func open(_ configuration: DaemonConfiguration) throws(DaemonExit) -> SocketEndpoint {
        do throws(SystemError) {
            if configuration.socketPath == nil, let number = try ListenFDs.take().first {
                return SocketEndpoint(path: "systemd", listener: try UnixSocket.adoptListener(number), lock: nil)
            }
        } catch {
            throw .socket(error.description)
        }
        let path = configuration.socketPath ?? defaultPath(Environment.get("XDG_RUNTIME_DIR"))
        return try bind(path, mode: configuration.socketMode)
    }

    static func defaultPath(_ runtimeDirectory: String?) -> String {
        let directory = runtimeDirectory.flatMap { $0.isEmpty ? nil : $0 } ?? "/run"
        return "\(directory)/backendd/backendd.sock"
    }

    /// Beside the socket: `backendd.d` for `backendd.sock`.
    static func instanceDirectory(_ socketPath: String?) -> String {
        let path = socketPath ?? defaultPath(Environment.get("XDG_RUNTIME_DIR"))
        return (path.hasSuffix(".sock") ? String(path.dropLast(5)) : path) + ".d"
    }

    private static func bind(_ path: String, mode: UInt32) throws(DaemonExit) -> SocketEndpoint {
        do throws(SystemError) {
            try SocketDirectory.create(for: path)
        } catch {
            throw .socket(error.description)
        }
        let lock: SocketLock
        do throws(SocketLockError) {
            lock = try SocketLock.acquire(socketPath: path)
        } catch {
            throw .socket(error.description)
        }
        do throws(SystemError) {
            let listener = try UnixSocket.listen(path: path, mode: mode)
            return SocketEndpoint(path: path, listener: listener, lock: lock)
        } catch {
            throw .socket(error.description)
        }
    }

    /// Hands the listening socket over. To be called once.
    mutating func takeListener() throws(DaemonExit) -> FileDescriptor {
        guard let listener = listener.take() else { throw .fault("the socket \(path) was handed over before") }
        return listener
    }

    /// Removes the socket at the end; the lock goes with this value.
    mutating func close() {
        if let lock = lock.take() { try? lock.removeSocket() }
    }
}
