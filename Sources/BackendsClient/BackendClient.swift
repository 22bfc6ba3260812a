// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
package import SocketRPC
internal import SystemIO

/// A connection to the backend daemon of this host.
///
/// A client connects with its first call and again whenever the daemon was restarted; it may be used from many tasks at
/// once. Cancelling a task ends its call. Call ``close()`` when done.
///
/// Calls that time out do so after their `timeout`, or the client's; what the daemon had begun for others goes on.
public final class BackendClient: Sendable {
    /// The socket this client talks to.
    public let socketPath: String
    let timeout: Duration?
    let caller: any RPCCaller
    private let closing: @Sendable () async -> Void

    /// Makes a client that goes through `caller`; tests pass their own.
    package init(
        socketPath: String, timeout: Duration? = nil, caller: any RPCCaller,
        closing: @escaping @Sendable () async -> Void
    ) {
        self.socketPath = socketPath
        self.timeout = timeout
        self.caller = caller
        self.closing = closing
    }

    /// Ends all calls and closes the connection. Later calls fail.
    public func close() async {
        await closing()
    }

    /// The handle of a backend, which need not exist; this asks nobody.
    ///
    /// - Parameter name: The backend's name.
    /// - Returns: A handle to call.
    public func backend(_ name: String) -> BackendHandle {
        BackendHandle(client: self, name: name, lockToken: nil)
    }
}

extension BackendClient {
    var types: BackendTypeServiceClient { BackendTypeServiceClient(caller) }
    var configs: BackendConfigServiceClient { BackendConfigServiceClient(caller) }
    var lifecycle: LifecycleServiceClient { LifecycleServiceClient(caller) }
    var contexts: RuntimeContextServiceClient { RuntimeContextServiceClient(caller) }
    var models: ModelServiceClient { ModelServiceClient(caller) }
    var observer: ObserveServiceClient { ObserveServiceClient(caller) }

    func options(_ timeout: Duration?) -> CallOptions {
        CallOptions(timeout: timeout ?? self.timeout)
    }
}
