// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Sends HTTP requests, many at once, from one event loop.
///
/// libcurl does it, opened when the first request needs it. Each request has a connection of its own. The loop must run until the
/// last request has its answer.
package final class HTTPTransfer: Sendable {
    /// The file of libcurl, as the dynamic linker looks it up.
    package static let libraryName = "libcurl.so.4"
    /// How many requests may be under way.
    package static let limit = 1024

    private let loop: EventLoop
    private let engine: LoopBound<TransferEngine>

    package init(loop: EventLoop, libraryName: String = HTTPTransfer.libraryName) {
        self.loop = loop
        engine = LoopBound(sending: TransferEngine(loop: loop, libraryName: libraryName), on: loop)
    }

    /// Sends a request and returns the whole answer, whatever its status is.
    ///
    /// It waits at most for the request's `timeout`. Cancellation ends the request at once and closes its connection.
    package func perform(_ request: HTTPRequest) async throws(HTTPTransferError) -> HTTPResponse {
        let (loop, engine) = (loop, engine)
        let call = TransferCall()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.execute { engine.withValue { $0.begin(request, call, continuation) } }
            }
        } onCancel: {
            call.cancel()
            loop.execute { engine.withValue { $0.cancel(call) } }
        }
        return try result.get()
    }
}
