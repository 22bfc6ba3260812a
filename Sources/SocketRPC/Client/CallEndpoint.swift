// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A caller's end of a call, on the client's loop: where the request comes from and where the answer goes.
protocol CallEndpoint: AnyObject {
    /// The message that goes with the request; nil: none does. Asked again when the call is tried again.
    func prepareRequest(_ arena: Arena) throws(PayloadError) -> PreparedMessage?
    /// A message came.
    func received(_ payload: RawSpan, _ arena: Arena)
    /// The call is over; nil means OK. Comes once, after all messages. `isLocal`: the caller, or the client, gave the call up.
    func ended(_ status: RPCStatus?, isLocal: Bool)
    /// Whether sending the request again would repeat all that was sent and lose nothing that came.
    var isRepeatable: Bool { get }
    /// The other view of this, for a call of messages.
    var stream: StreamEndpoint? { get }
}
