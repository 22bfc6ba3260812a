// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where the answer to a call of a blocking client goes.
protocol BlockingEndpoint: AnyObject {
    /// A message came.
    func received(_ payload: RawSpan)
    /// The call is over; nil means OK. Comes once, after all messages.
    func ended(_ status: RPCStatus?)
    /// Whether an answer without bytes is a message.
    var takesEmptyAnswer: Bool { get }
    /// Forgets the end, for the call is tried again.
    func reset()
}
