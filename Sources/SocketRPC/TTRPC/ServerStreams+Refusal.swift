// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ServerStreams {
    /// Why the server itself ends or refuses a stream.
    package enum Refusal: Hashable, Sendable {
        case evenStreamID
        case inactiveStream
        case reusedStreamID
        case dataAfterHalfClose
        case frameTooLong(Int)
        case inflatedTooLong
        case streamOverBudget
        case serverOverBudget
        case outputOverBudget
        case tooManyStreams
        case deadlineExceeded
        case draining
        case shutDown
        /// Never sent, because the peer has gone. Interceptors get it as the outcome.
        case peerClosed
        /// The client has given the call up. Sent over ttrpc only, where it frees the ID.
        case callCancelled
    }
}

extension ServerStreams.Refusal {
    /// The status on the wire. The messages for wrong stream IDs are those of containerd's server, for clients that
    /// compare them.
    package var status: RPCStatus {
        RPCStatus(code, reason: reason, message, retryAfter: retryAfter)
    }

    /// How long to wait before retrying, if waiting helps.
    private var retryAfter: Duration? {
        switch self {
        case .tooManyStreams, .streamOverBudget, .serverOverBudget, .outputOverBudget, .draining, .shutDown: .seconds(1)
        case .evenStreamID, .inactiveStream, .reusedStreamID, .dataAfterHalfClose, .frameTooLong, .inflatedTooLong,
            .deadlineExceeded, .peerClosed, .callCancelled:
            nil
        }
    }

    private var code: RPCStatus.Code {
        switch self {
        case .evenStreamID, .inactiveStream, .reusedStreamID, .dataAfterHalfClose: .invalidArgument
        case .frameTooLong, .inflatedTooLong, .streamOverBudget, .serverOverBudget, .outputOverBudget, .tooManyStreams:
            .resourceExhausted
        case .deadlineExceeded: .deadlineExceeded
        case .draining, .shutDown: .unavailable
        case .peerClosed, .callCancelled: .cancelled
        }
    }

    private var reason: String {
        switch self {
        case .evenStreamID: "STREAM_ID_EVEN"
        case .inactiveStream: "STREAM_INACTIVE"
        case .reusedStreamID: "STREAM_ID_REUSED"
        case .dataAfterHalfClose: "STREAM_HALF_CLOSED"
        case .frameTooLong, .inflatedTooLong: "MESSAGE_TOO_LARGE"
        case .streamOverBudget: "STREAM_OVER_BUDGET"
        case .serverOverBudget: "SERVER_OVER_BUDGET"
        case .outputOverBudget: "OUTPUT_OVER_BUDGET"
        case .tooManyStreams: "TOO_MANY_STREAMS"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .draining: "SERVER_DRAINING"
        case .shutDown: "SERVER_SHUT_DOWN"
        case .peerClosed: "PEER_CLOSED"
        case .callCancelled: "CALL_CANCELLED"
        }
    }

    private var message: String {
        switch self {
        case .evenStreamID: "StreamID must be odd for client initiated streams"
        case .inactiveStream: "StreamID is no longer active"
        case .reusedStreamID: "StreamID cannot be re-used and must increment"
        case .dataAfterHalfClose: "a message came after the end of the stream; send the half close last"
        case .frameTooLong(let length):
            "a frame of \(length) bytes is longer than the limit of \(FrameHeader.maximumLength) bytes"
        case .inflatedTooLong:
            "a message is longer than the limit of \(FrameHeader.maximumLength) bytes when it is inflated"
        case .streamOverBudget:
            "the limit of waiting messages on this stream is reached; wait for answers before sending more"
        case .serverOverBudget:
            "the requests of all clients take more memory than the limit, and this call takes the most; try again later"
        case .outputOverBudget:
            "too much output waits for all clients, and most of it for this one; read faster, then call again"
        case .tooManyStreams:
            "too many calls are open on this connection; wait for some to end or open another connection"
        case .deadlineExceeded: "context deadline exceeded"
        case .draining: "the server is shutting down and takes no new calls; try again later"
        case .shutDown: "the server shut down before the call ended; try again later"
        case .peerClosed: "the client has closed the connection"
        case .callCancelled: "the client has cancelled the call"
        }
    }
}
