// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

extension BackendClient {
    /// Makes a client of the daemon at a socket. It connects with the first call.
    ///
    /// - Parameters:
    ///   - socket: The socket; nil: the one named by `BACKENDD_SOCKET`, else the one that exists of
    ///     `$XDG_RUNTIME_DIR/backendd/backendd.sock` and `/run/backendd/backendd.sock`.
    ///   - timeout: How long a call may take that says nothing itself; nil: five minutes.
    /// - Throws: `RESOURCE_EXHAUSTED` when the process may open no more descriptors or threads.
    public convenience init(socket: String? = nil, timeout: Duration? = nil) throws(BackendClientError) {
        let path = socket ?? SocketLookup.path()
        let caller: RPCClient
        do throws(SystemError) {
            caller = try RPCClient(path: path)
        } catch {
            throw BackendClientError(.resourceExhausted, reason: "NO_CLIENT", "cannot make a client: \(error)")
        }
        self.init(socketPath: path, timeout: timeout, caller: caller) { await caller.close() }
    }
}
