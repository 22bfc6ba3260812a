// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One call, on the client's loop: from its start, perhaps over several connections, to its one end.
final class ClientCall {
    enum Phase {
        /// Nothing has happened. Next: `waiting`, `ended`.
        case new
        /// No connection has room. Next: `open`, `ended`.
        case waiting
        /// Sent, with an ID on a connection. Next: `waiting` when it is tried again, `ended`.
        case open(ClientConnection, UInt32)
        /// Over; nil means OK.
        case ended(RPCStatus?)
    }

    let service: String
    let method: String
    let kind: RPCKind
    let metadata: RPCMetadata
    /// Nanoseconds on the monotonic clock.
    let deadline: UInt64?
    let endpoint: any CallEndpoint
    var phase = Phase.new
    var timer: TimerToken?

    init(
        service: String, method: String, kind: RPCKind, metadata: RPCMetadata, deadline: UInt64?,
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

    /// How the call failed, when it has.
    var endStatus: RPCStatus? {
        switch phase {
        case .ended(let status): status
        case .new, .waiting, .open: nil
        }
    }

    /// What the server is told of the deadline; 0: there is none, nil: it has passed.
    func timeoutNano(now: UInt64) -> Int64? {
        guard let deadline else { return 0 }
        return deadline > now ? Int64(clamping: deadline - now) : nil
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
