// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ServerStreams {
    /// What a connection is to do.
    package enum Action: Hashable, Sendable {
        /// Nothing.
        case ignore
        /// Look into the request.
        case dispatch(UInt32)
        /// Start the handler.
        case run(UInt32)
        /// Give the frame's body to the handler.
        case deliver(UInt32)
        /// Give the frame's body to the handler, then the end of the stream.
        case deliverLast(UInt32)
        /// Give the end of the stream to the handler.
        case halfClose(UInt32)
        /// Answer with a status. No call is touched by that.
        case refuse(UInt32, Refusal)
        /// End an open call with a status, and cancel its handler.
        case end(UInt32, Refusal)
        /// Send what the handler gave.
        case finish(UInt32)
        case closeConnection
    }
}
