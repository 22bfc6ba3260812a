// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How a call ended, when it did not end well: what every RPC of this package throws.
///
/// The shape is `google.rpc.Status`: a code that programs switch on, a message for a person, and typed details.
/// OK is never thrown.
public struct RPCStatus: Error, Hashable, Sendable {
    /// The gRPC status code.
    public var code: Code
    /// What was tried, on what, and what to do.
    public var message: String
    /// Typed details, each a serialized message with its type URL.
    public var details: [GoogleAny]

    /// Makes a status with ready details.
    public init(_ code: Code, _ message: String, details: [GoogleAny] = []) {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension RPCStatus: CustomStringConvertible {
    /// The code's name and the message in one line.
    public var description: String { "\(code): \(message)" }
}
