// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ClientStreams {
    /// What a connection must do about a frame.
    package enum Action: Hashable, Sendable {
        /// Nothing; the frame is dropped.
        case ignore
        /// Leave the frame, and those after it, until the reader of the call has made room for it. Then ask again.
        case wait(UInt32)
        /// The body is the answer that ends the call.
        case answer(UInt32)
        /// Give the body to the reader.
        case deliver(UInt32)
        /// Give the body to the reader; the call succeeds with it.
        case deliverLast(UInt32)
        /// The call succeeds.
        case end(UInt32)
        /// The call fails on this side.
        case fail(UInt32, Failure, Aftermath)
    }

    /// What is left to do for a call that the server has not ended.
    package struct Aftermath: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Send a half close.
        package static var halfClose: Aftermath { Aftermath(rawValue: 1) }
        /// Send a frame that cancels the call, for servers that support it.
        package static var cancel: Aftermath { Aftermath(rawValue: 4) }
        /// Accept no new calls on the connection and close it after the open ones.
        package static var retire: Aftermath { Aftermath(rawValue: 2) }
    }

    /// A call that ended with its connection.
    package struct Loss: Hashable, Sendable {
        package let id: UInt32
        /// Whether the kernel took a byte of the request. If not, the call provably did not run.
        package let wasWritten: Bool

        package init(id: UInt32, wasWritten: Bool) {
            self.id = id
            self.wasWritten = wasWritten
        }
    }
}

extension ClientStreams {
    /// Why the client itself ends a call because of what the server sent.
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
                "the client's limit of waiting messages on this stream is reached, and its reader takes none; read them faster"
            )
        }
    }
}
