// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
package import SocketRPC
internal import SystemIO

/// A connection to the backend daemon of this host.
///
/// A client connects with its first call, and again after the daemon was restarted. Any number of tasks may use it at
/// once. Cancelling a task ends its call. Call ``close()`` when done, or let ``withBackendClient(socket:timeout:_:)``
/// do so.
///
/// A call times out after its `timeout`, or else after that of the client. What the daemon has begun for the call
/// continues.
public final class BackendClient: Sendable {
    /// How long a call may take if neither the call nor the client says: five minutes. `backendctl` has the same default.
    ///
    /// Streams of events and log lines have no limit.
    public static let defaultTimeout = Duration.seconds(300)

    /// How long a stream of events or log lines tries to resume after its connection was lost, if the call does not
    /// say: 30 seconds.
    public static let defaultPatience = Duration.seconds(30)

    /// How long an unload waits for the current uses of the model if the call does not say: 30 seconds.
    public static let defaultDrain = Duration.seconds(30)

    /// The path of the daemon's socket.
    public let socketPath: String
    /// How long a call may take if it does not say.
    public let timeout: Duration
    private let caller: any RPCCaller
    private let closing: @Sendable () async -> Void

    /// Makes a client for the daemon at a socket. It connects with its first call.
    ///
    /// - Parameters:
    ///   - socket: The path of the socket; nil: the one that `BACKENDD_SOCKET` names, else the one that exists of
    ///     `$XDG_RUNTIME_DIR/backendd/backendd.sock` and `/run/backendd/backendd.sock`.
    ///   - timeout: How long a call may take if it does not say.
    /// - Throws: ``FailureReason/noClient`` if the process has no file descriptor or thread left.
    public convenience init(
        socket: String? = nil, timeout: Duration = BackendClient.defaultTimeout
    ) throws(BackendClientError) {
        let path = socket ?? SocketLookup.path()
        let caller: RPCClient
        do throws(SystemError) {
            caller = try RPCClient(path: path)
        } catch {
            throw BackendClientError(.resourceExhausted, reason: .noClient, "cannot make a client: \(error)")
        }
        self.init(socketPath: path, timeout: timeout, caller: caller) { await caller.close() }
    }

    /// Makes a client that calls through `caller`.
    package init(
        socketPath: String, timeout: Duration, caller: any RPCCaller, closing: @escaping @Sendable () async -> Void
    ) {
        self.socketPath = socketPath
        self.timeout = timeout
        self.caller = caller
        self.closing = closing
    }

    /// Ends all calls and closes the connection.
    ///
    /// Calls under way and later calls throw ``FailureReason/clientClosed``. Closing twice does nothing.
    public func close() async {
        await closing()
    }

    /// Returns the handle of a backend, without a call. The backend need not exist.
    ///
    /// - Parameter name: The backend's name.
    /// - Returns: A handle to make calls with.
    public func backend(_ name: String) -> BackendHandle {
        BackendHandle(client: self, name: name, lockToken: nil)
    }
}

/// Makes a client, runs `body` with it and closes it, whether `body` returns, throws or is cancelled.
///
/// The client connects with its first call, so a missing daemon is an error of that call.
///
/// - Parameters:
///   - socket: The path of the socket; nil: the one that ``BackendClient/init(socket:timeout:)`` finds.
///   - timeout: How long a call may take if it does not say.
///   - body: What to do with the client.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws; ``FailureReason/noClient`` if the process has no file descriptor or thread left.
public func withBackendClient<Value>(
    socket: String? = nil, timeout: Duration = BackendClient.defaultTimeout,
    _ body: (BackendClient) async throws -> Value
) async throws -> Value {
    let client = try BackendClient(socket: socket, timeout: timeout)
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}

extension BackendClient {
    var types: BackendTypeServiceClient { BackendTypeServiceClient(caller) }
    var configs: BackendConfigServiceClient { BackendConfigServiceClient(caller) }
    var configuration: ConfigurationServiceClient { ConfigurationServiceClient(caller) }
    var lifecycle: LifecycleServiceClient { LifecycleServiceClient(caller) }
    var contexts: RuntimeContextServiceClient { RuntimeContextServiceClient(caller) }
    var models: ModelServiceClient { ModelServiceClient(caller) }
    var observer: ObserveServiceClient { ObserveServiceClient(caller) }

    func options(_ timeout: Duration?) -> CallOptions {
        CallOptions(timeout: timeout ?? self.timeout)
    }

    /// Fetches all pages of a list.
    ///
    /// - Parameters:
    ///   - what: What the list holds, for the error message.
    ///   - page: Fetches the page of a token, which is empty for the first page, and returns its elements and the next
    ///     token.
    /// - Returns: The elements of all pages.
    /// - Throws: Why a page was not fetched; `PROTOCOL_ERROR` if the list does not end.
    nonisolated(nonsending) func allPages<Element>(
        of what: String,
        _ page: nonisolated(nonsending) (String) async throws(RPCStatus) -> (elements: [Element], next: String)
    ) async throws(BackendClientError) -> [Element] {
        var elements: [Element] = []
        var token = ""
        repeat {
            let next = try await calling { () async throws(RPCStatus) in try await page(token) }
            guard next.next.isEmpty || (next.next != token && !next.elements.isEmpty) else {
                throw .protocolError("the daemon's list of \(what) does not end")
            }
            elements += next.elements
            token = next.next
        } while !token.isEmpty
        return elements
    }
}
