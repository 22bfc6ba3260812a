// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ClientStreams {
    /// Why the client itself ends a call for what the server sent.
    package enum Failure: Hashable, Sendable {
        case unexpectedFrame(FrameType)
        case frameTooLong(Int)
        case readerTooSlow
    }
}

extension ClientStreams.Failure {
    /// The status for the caller.
    package var status: RPCStatus {
        switch self {
        case .unexpectedFrame(let type):
            RPCStatus(
                .internal, reason: "PROTOCOL_ERROR",
                "the server answered with a frame of type \(type.rawValue), which this call cannot have")
        case .frameTooLong(let length):
            RPCStatus(
                .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
                "the server's answer of \(length) bytes is longer than the limit of \(FrameHeader.maximumLength) bytes")
        case .readerTooSlow:
            RPCStatus(
                .resourceExhausted, reason: "SLOW_READER",
                "as many messages wait on this stream as the client keeps, and its reader takes none; read them faster")
        }
    }
}
