// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ServerStreams {
    /// Why the server itself answers a stream with a status.
    package enum Refusal: Hashable, Sendable {
        case evenStreamID
        case inactiveStream
        case reusedStreamID
        case dataAfterHalfClose
        case frameTooLong(Int)
        case streamOverBudget
        case tooManyStreams
        case deadlineExceeded
        case draining
        case shutDown
        /// Never sent: there is nobody to send it to. It is how interceptors learn of the end.
        case peerClosed
    }
}

extension ServerStreams.Refusal {
    /// The status on the wire. The texts for wrong stream IDs are those of containerd's server, for clients that compare them.
    package var status: RPCStatus {
        switch self {
        case .evenStreamID: RPCStatus(.invalidArgument, "StreamID must be odd for client initiated streams")
        case .inactiveStream: RPCStatus(.invalidArgument, "StreamID is no longer active")
        case .reusedStreamID: RPCStatus(.invalidArgument, "StreamID cannot be re-used and must increment")
        case .dataAfterHalfClose:
            RPCStatus(.invalidArgument, "a message came after the end of the stream; send the half close last")
        case .frameTooLong(let length):
            RPCStatus(
                .resourceExhausted,
                "a frame of \(length) bytes is longer than the limit of \(FrameHeader.maximumLength) bytes")
        case .streamOverBudget:
            RPCStatus(
                .resourceExhausted,
                "more messages wait on this stream than the server keeps; wait for its answers before sending more")
        case .tooManyStreams:
            RPCStatus(
                .resourceExhausted,
                "too many calls are open on this connection; wait for some to end or open another connection")
        case .deadlineExceeded: RPCStatus(.deadlineExceeded, "context deadline exceeded")
        case .draining:
            RPCStatus(
                .unavailable, reason: "SERVER_DRAINING",
                "the server is shutting down and takes no new calls; try again later")
        case .shutDown: RPCStatus(.unavailable, "the server has shut down before the call was over; try again later")
        case .peerClosed: RPCStatus(.cancelled, "the client has closed the connection")
        }
    }
}
