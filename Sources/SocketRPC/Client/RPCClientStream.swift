// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The caller's side of a streaming call of an `RPCClient`.
struct RPCClientStream: ClientStreamTransport {
    private let client: RPCClient
    private let parts: LoopBound<(call: ClientCall, stream: StreamEndpoint)>
    private let inbox: StreamInbox
    private let kind: RPCKind

    init(
        _ client: RPCClient, service: String, method: String, kind: RPCKind, metadata: RPCMetadata,
        deadline: Deadline?
    ) {
        self.client = client
        self.kind = kind
        let inbox = StreamInbox()
        self.inbox = inbox
        let stream = StreamEndpoint(inbox)
        let call = ClientCall(
            service: service, method: method, kind: kind, metadata: metadata, deadline: deadline, endpoint: stream)
        parts = LoopBound(sending: (call, stream), on: client.loop)
    }

    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]? {
        try await inbox.receive()
    }

    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {
        try await send { (arena) throws(PayloadError) in try arena.prepare(message) }
    }

    nonisolated(nonsending) func finishSending() async throws(RPCStatus) {
        try await send(nil)
    }

    private nonisolated(nonsending) func send(_ encode: SendWaiter.Encoder?) async throws(RPCStatus) {
        let waiter = LoopBound(sending: SendWaiter(encode), on: client.loop)
        let parts = parts
        let status: RPCStatus? = await client.suspend(ifClosed: .clientClosed) { core, continuation in
            waiter.withValue { waiter in
                waiter.wait(continuation)
                parts.withValue { core.send(waiter, of: $0.call, $0.stream) }
            }
        } onCancel: { _ in
            waiter.withValue { waiter in
                parts.withValue { $0.stream.cancelled(waiter) }
            }
        }
        if let status { throw status }
    }
}

// Opening and closing.
extension RPCClientStream {
    /// Sends the request of a call whose messages follow it. For other kinds the request is the first message.
    func open() {
        guard kind.clientStreams else { return }
        let parts = parts
        if !client.post({ core in parts.withValue { core.start($0.call) } }) {
            inbox.end(.clientClosed, isLocal: true)
        }
    }

    /// Cancels the call because its task is cancelled.
    func cancelLater() {
        let parts = parts
        client.postLater { core in
            parts.withValue { core.giveUp($0.call, .callCancelled) }
        }
    }

    /// Cancels the call if it is not over, and waits until it is.
    nonisolated(nonsending) func close() async {
        await withTaskContinuation { continuation in
            let parts = parts
            let isPosted = client.post { core in
                parts.withValue { parts in
                    core.giveUp(parts.call, .callCancelled)
                    continuation.resume()
                }
            }
            if !isPosted { continuation.resume() }
        }
    }
}
