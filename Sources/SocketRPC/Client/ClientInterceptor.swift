// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Sees every call of a client, unary and streaming, where the caller runs.
///
/// Interceptors run in the order given for `callStarted` and in reverse for `callEnded`. A call that is tried again counts once.
package protocol ClientInterceptor: Sendable {
    /// Called before anything else happens; may change what goes with the call.
    func callStarted(service: String, method: String, options: inout CallOptions)

    /// Called once for each `callStarted`, when the outcome is known; nil means OK.
    func callEnded(service: String, method: String, status: RPCStatus?)
}

extension ClientInterceptor {
    package func callStarted(service: String, method: String, options: inout CallOptions) {}
    package func callEnded(service: String, method: String, status: RPCStatus?) {}
}
