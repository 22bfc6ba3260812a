// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Sends HTTP requests, many at once, from one event loop.
///
/// It uses libcurl, which is opened for the first request. Each request has a connection of its own. The loop must run
/// until the last request is answered.
package final class HTTPTransfer: Sendable {
    /// The file of libcurl, as the dynamic linker looks it up.
    package static let libraryName = "libcurl.so.4"
    /// The number of requests that may be under way.
    package static let limit = 1024

    private let loop: EventLoop
    private let engine: LoopBound<TransferEngine>

    package init(loop: EventLoop, libraryName: String = HTTPTransfer.libraryName) {
        self.loop = loop
        engine = LoopBound(sending: TransferEngine(loop: loop, libraryName: libraryName), on: loop)
    }

    /// Sends a request and returns the whole answer, whatever its status.
    ///
    /// It waits at most for the request's `timeout`. Cancelling ends the request at once and closes its connection.
    package func perform(_ request: HTTPRequest) async throws(HTTPTransferError) -> HTTPResponse {
        let engine = engine
        let cancelled = HTTPTransferError(.cancelled, "the request was cancelled")
        return try await loop.suspend(ifCancelled: .failure(cancelled)) { waiter in
            engine.withValue { $0.begin(request, waiter) }
        }.get()
    }
}

/// Why a request has no answer.
package struct HTTPTransferError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// libcurl is not installed, or not usable.
        case unavailableLibrary
        /// The limit of requests is reached; this one was not begun.
        case tooMany
        /// The name was not found, or no process listens there.
        case connect
        /// One side does not accept the certificate of the other, or a certificate file cannot be used.
        case tls
        /// The request timed out.
        case timeout
        /// The request is not valid, or what came back is not an answer.
        case `protocol`
        case cancelled
        /// The answer is longer than its limit.
        case tooLarge
    }

    package let kind: Kind
    /// What was tried and what happened. It names the server, but never a path, query or header.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension HTTPTransferError: CustomStringConvertible {
    package var description: String { message }
}
