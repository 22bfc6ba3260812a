// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Observes every call of a server, unary and streaming, inline ones too, on the connection's loop.
///
/// Interceptors run in the order given for `callStarted` and in reverse for `callEnded`.
package protocol ServerInterceptor: Sendable {
    /// Called before the handler. Throwing refuses the call: no handler runs, and the caller gets the status.
    func callStarted(_ context: CallContext) throws(RPCStatus)

    /// Called exactly once for each call whose `callStarted` returned, when its outcome is decided; nil means OK.
    func callEnded(_ context: CallContext, status: RPCStatus?)
}

extension ServerInterceptor {
    package func callStarted(_ context: CallContext) throws(RPCStatus) {}
    package func callEnded(_ context: CallContext, status: RPCStatus?) {}
}
