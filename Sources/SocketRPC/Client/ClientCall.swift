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
    let deadline: CallDeadline
    let endpoint: any CallEndpoint
    var phase = Phase.new
    var timer: TimerToken?

    init(
        service: String, method: String, kind: RPCKind, metadata: RPCMetadata, deadline: CallDeadline,
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

    /// Ends the call for its caller.
    func end(_ status: RPCStatus?, isLocal: Bool, on loop: EventLoop) {
        guard !isEnded else { return }
        phase = .ended(status)
        if let timer { loop.cancel(timer) }
        timer = nil
        endpoint.ended(status, isLocal: isLocal)
    }
}
