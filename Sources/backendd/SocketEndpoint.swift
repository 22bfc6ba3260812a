// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The socket that the daemon serves: systemd's, or one of its own with the lock of its path.
package final class SocketEndpoint: Sendable {
    let path: String
    /// The mode of the daemon's own socket; nil for systemd's, which the daemon neither makes nor removes.
    private let mode: UInt32?
    private let state: Guarded<State>

    private struct State: ~Copyable {
        var listener: FileDescriptor?
        /// The right to the path; nil for systemd's, and when the path was lost to another daemon.
        var lock: SharedLock?
        /// Which file is served; nil with systemd's.
        var served: FileIdentity?
    }

    /// The lock of the path, to look at while the state is not locked.
    private final class SharedLock: Sendable {
        let lock: SocketLock

        init(_ lock: consuming SocketLock) {
            self.lock = lock
        }
    }

    private init(path: String, mode: UInt32?, state: consuming sending State) {
        self.path = path
        self.mode = mode
        self.state = Guarded(state)
    }

    /// Whether the socket was made by the daemon, not by systemd.
    var isOwn: Bool { mode != nil }

    /// Opens the socket of the configuration, else systemd's, else the one at the default path.
    static func open(_ configuration: DaemonConfiguration) throws(DaemonExit) -> SocketEndpoint {
        do throws(SystemError) {
            if configuration.socketPath == nil, let number = try ListenFDs.take().first {
                let listener = try UnixSocket.adoptListener(number)
                return SocketEndpoint(
                    path: "systemd", mode: nil, state: State(listener: listener, lock: nil, served: nil))
            }
        } catch {
            throw .socket(error.description)
        }
        let path = configuration.socketPath ?? defaultPath(Environment.get("XDG_RUNTIME_DIR"))
        return try open(path: path, mode: configuration.socketMode)
    }

    /// Takes a path and listens there.
    package static func open(path: String, mode: UInt32) throws(DaemonExit) -> SocketEndpoint {
        SocketEndpoint(path: path, mode: mode, state: try bind(path, mode: mode))
    }

    /// Why the daemon could not listen at its path, if that shows without trying. The path may come from a flag or a variable.
    static func problem(_ configuration: DaemonConfiguration) -> String? {
        if configuration.socketPath == nil, Environment.get("LISTEN_FDS") != nil { return nil }
        let path = configuration.socketPath ?? defaultPath(Environment.get("XDG_RUNTIME_DIR"))
        do throws(SystemError) {
            let kind = try File.kind(of: path)
            if kind == .absent || kind == .socket {
                // Another user may check the configuration of a daemon that runs as root.
                guard let error = SocketDirectory.problem(for: path), !error.isAccessDenied else { return nil }
                return "the daemon cannot listen at \(path): \(error)"
            }
            return
                "the daemon cannot listen at \(path): it is \(kind.phrase), not a socket; move it away, or choose another path"
        } catch {
            return "the daemon cannot listen at \(path): \(error)"
        }
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

    /// Takes the path and listens there, unless what is there is the socket that is served already.
    private static func bind(
        _ path: String, mode: UInt32, served: FileIdentity? = nil
    ) throws(DaemonExit) -> sending State {
        let lock: SocketLock
        do throws(SystemError) {
            try SocketDirectory.create(for: path)
        } catch {
            throw .socket(error.description)
        }
        do throws(SocketLockError) {
            lock = try SocketLock.acquire(socketPath: path, served: served)
        } catch {
            throw .socket(error.description)
        }
        do throws(SystemError) {
            if let served, try FileIdentity.of(path: path) == served {
                return State(listener: nil, lock: SharedLock(lock), served: served)
            }
            let listener = try UnixSocket.listen(path: path, mode: mode)
            return State(listener: listener, lock: SharedLock(lock), served: try FileIdentity.of(path: path))
        } catch {
            throw .socket(error.description)
        }
    }

    /// Hands the listening socket over. To be called once.
    package func takeListener() throws(DaemonExit) -> FileDescriptor {
        guard let listener = state.withLock({ $0.listener.take() }) else {
            throw .fault("the socket \(path) was handed over before")
        }
        return listener
    }

    /// Whether the socket at the path is the one that is served and its lock holds, as always with systemd's.
    func isInPlace() -> Bool {
        guard mode != nil else { return true }
        let (held, served) = state.withLock { ($0.lock, $0.served) }
        guard let held else { return false }
        return (try? FileIdentity.of(path: path)) == served && (try? held.lock.isInPlace()) == true
    }

    /// Makes the socket or its lock file again after they were removed; another daemon's at the path are left alone.
    ///
    /// - Returns: The socket to listen on; nil when the one that is served is in place.
    func restore() throws(DaemonExit) -> FileDescriptor? {
        guard let mode else { return nil }
        // The lock is released first; otherwise `bind` would find it held.
        let served = state.withLock { state in
            state.lock = nil
            return state.served
        }
        let made = SocketEndpoint(path: path, mode: mode, state: try Self.bind(path, mode: mode, served: served))
        let (held, file) = made.state.withLock { ($0.lock, $0.served) }
        state.withLock { state in
            state.lock = held
            state.served = file
        }
        return made.state.withLock { $0.listener.take() }
    }

    /// Removes the socket at the end, unless another one is in its place; the lock goes with this.
    package func close() {
        let (held, served) = state.withLock { state in (state.lock.take(), state.served) }
        guard let held, let served else { return }
        try? held.lock.removeSocket(served)
    }
}
