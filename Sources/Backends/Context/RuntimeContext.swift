// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a server knows of an inference request, asked for piece by piece.
///
/// A backend asks for what it needs and nothing else is copied, so a context may be a view of bytes that are gone after the
/// call; ``copied()`` makes one that stays. Values belong to the sender of the request: they never go into logs,
/// events or error messages.
package protocol RuntimeContext: ~Copyable, ~Escapable {
    var kind: RuntimeContextKind { get }

    /// The model the request is for.
    func modelID() -> String

    /// The text of the first header or metadata entry with the name, whatever its case; nil if there is none or it is binary.
    func firstValue(of name: String) -> String?

    /// The bytes of the first metadata entry with the name, whatever its case; nil if there is none or it is text.
    func firstBinaryValue(of name: String) -> [UInt8]?

    /// gRPC: `/package.Service/Method`. HTTP: the request's method.
    func method() -> String

    /// HTTP: path and query as sent. gRPC: empty.
    func target() -> String

    /// gRPC: the peer as the server names it. HTTP: the client's address.
    func peer() -> String

    func copied() -> OwnedRuntimeContext
}

/// Which kind of server received the inference request.
package enum RuntimeContextKind: Hashable, Sendable {
    case grpc
    case http
}
