// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a generated client stub makes calls with.
package protocol RPCCaller: Sendable {
    /// Calls a unary method. Cancelling the task ends the wait; the deadline ends it too, here and on the server.
    nonisolated(nonsending) func unary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions
    ) async throws(RPCStatus) -> Response

    /// Opens a streaming call for the duration of `body`. A call that is not over when `body` returns or throws is
    /// cancelled.
    nonisolated(nonsending) func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions,
        _ body: nonisolated(nonsending) (ClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result
}

/// What a caller sets for one call.
package struct CallOptions: Sendable {
    /// How long the call may take; nil: the client's default.
    package var timeout: Duration?
    package var metadata: RPCMetadata

    package init(timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata()) {
        self.timeout = timeout
        self.metadata = metadata
    }
}
