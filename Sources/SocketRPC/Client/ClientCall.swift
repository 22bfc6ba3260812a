// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One call, on the client's loop, from its start to its end. It may use several connections.
final class ClientCall {
    enum Phase {
        /// Nothing has happened. Next: `waiting`, `ended`.
        case new
        /// No connection has room. Next: `open`, `ended`.
        case waiting
        /// Sent, with an ID on a connection. Next: `waiting` if it is retried, `ended`.
        case open(ClientConnection, UInt32)
        /// Over; nil means OK.
        case ended(RPCStatus?)
    }

    let service: String
    let method: String
    let kind: RPCKind
    let metadata: RPCMetadata
    let deadline: Deadline?
    let endpoint: any CallEndpoint
    var phase = Phase.new
    var timer: TimerToken?

    init(
        service: String, method: String, kind: RPCKind, metadata: RPCMetadata, deadline: Deadline?,
        endpoint: any CallEndpoint
    ) {
        self.service = service
        self.method = method
        self.kind = kind
        self.metadata = metadata
        self.deadline = deadline
        self.endpoint = endpoint
    }

    var isEnded: Bool {
        switch phase {
        case .ended: true
        case .new, .waiting, .open: false
        }
    }

    /// How the call failed, if it has.
    var endStatus: RPCStatus? {
        switch phase {
        case .ended(let status): status
        case .new, .waiting, .open: nil
        }
    }

    /// Ends the call for its caller.
    func end(_ status: RPCStatus?, isLocal: Bool, on loop: EventLoop) {
        guard !isEnded else { return }
        phase = .ended(status)
        if let timer { loop.cancel(timer) }
        timer = nil
        endpoint.ended(status, isLocal: isLocal)
    }
}

/// The caller's side of a call, on the client's loop: it provides the request and takes the answer.
protocol CallEndpoint: AnyObject {
    /// The message in the request; nil: none. Called again when the call is retried.
    func prepareRequest(_ arena: Arena) throws(PayloadError) -> PreparedMessage?
    /// A message came.
    func received(_ payload: RawSpan, _ arena: Arena)
    /// The call is over; nil means OK. Called once, after all messages. `isLocal`: the caller, or the client, gave the
    /// call up.
    func ended(_ status: RPCStatus?, isLocal: Bool)
    /// Whether a retry would repeat everything that was sent and lose nothing that was received.
    var isRepeatable: Bool { get }
    /// This object as the endpoint of a streaming call; nil for a unary one.
    var stream: StreamEndpoint? { get }
}
