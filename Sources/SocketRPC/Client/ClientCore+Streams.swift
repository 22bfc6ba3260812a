// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What the caller of a streaming call does with it.
extension ClientCore {
    /// Sends a message, or the half close, as far as the call has come.
    func send(_ waiter: SendWaiter, of call: ClientCall, _ stream: StreamEndpoint) {
        guard !waiter.isCancelled else { return waiter.finish(.callCancelled) }
        switch call.phase {
        case .ended(let status):
            // A half close has nothing to add; the reader gets the status, behind what came before it.
            waiter.finish(waiter.encode == nil ? nil : status ?? .callEnded)
        case .new:
            stream.request = waiter.encode
            start(call)
            waiter.finish(call.endStatus)
        case .waiting where call.kind.clientStreams:
            stream.block(waiter)
        case .open(let connection, _) where call.kind.clientStreams:
            connection.send(waiter, of: call, stream)
        case .waiting, .open:
            waiter.finish(waiter.encode == nil ? nil : .misuse("\(call.method) takes one message"))
        }
    }
}
