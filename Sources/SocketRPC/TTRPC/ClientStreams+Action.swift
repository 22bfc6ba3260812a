// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ClientStreams {
    /// What a connection is to do about a frame.
    package enum Action: Hashable, Sendable {
        /// Nothing; the frame is dropped.
        case ignore
        /// Leave the frame, and those behind it, until the reader of the call has made room for it. Then ask again.
        case wait(UInt32)
        /// The body is the answer that ends the call.
        case answer(UInt32)
        /// Give the body to the reader.
        case deliver(UInt32)
        /// Give the body to the reader; the call ends well with it.
        case deliverLast(UInt32)
        /// The call ends well.
        case end(UInt32)
        /// The call fails, here.
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
        /// Send a frame that cancels the call, for servers that know it.
        package static var cancel: Aftermath { Aftermath(rawValue: 4) }
        /// Take no new calls on the connection and close it after the others.
        package static var retire: Aftermath { Aftermath(rawValue: 2) }
    }

    /// A call that ended with its connection.
    package struct Loss: Hashable, Sendable {
        package let id: UInt32
        /// Whether the kernel got a byte of the request. If not, the call provably did not run.
        package let wasWritten: Bool

        package init(id: UInt32, wasWritten: Bool) {
            self.id = id
            self.wasWritten = wasWritten
        }
    }
}
