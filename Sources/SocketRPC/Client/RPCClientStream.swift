// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A streaming call of an `RPCClient`, for its caller.
struct RPCClientStream: ClientStreamTransport {
    private let client: RPCClient
    private let parts: LoopBound<(call: ClientCall, stream: StreamEndpoint)>
    private let inbox: StreamInbox
    private let kind: RPCKind

    init(
        _ client: RPCClient, service: String, method: String, kind: RPCKind, metadata: RPCMetadata,
        deadline: CallDeadline
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
        let status: RPCStatus? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isPosted = client.post { core in
                    waiter.withValue { waiter in
                        waiter.wait(continuation)
                        parts.withValue { core.send(waiter, of: $0.call, $0.stream) }
                    }
                }
                if !isPosted { continuation.resume(returning: .clientClosed) }
            }
        } onCancel: {
            client.postLater { _ in
                waiter.withValue { waiter in
                    parts.withValue { $0.stream.cancelled(waiter) }
                }
            }
        }
        if let status { throw status }
    }
}

// The frame around the caller's work.
extension RPCClientStream {
    /// Sends the request of a call whose messages follow it. Of the others the request is the first message.
    func open() {
        guard kind.clientStreams else { return }
        let parts = parts
        if !client.post({ core in parts.withValue { core.start($0.call) } }) {
            inbox.end(.clientClosed, isLocal: true)
        }
    }

    /// Ends the call for the cancellation of its task.
    func cancelLater() {
        let parts = parts
        client.postLater { core in
            parts.withValue { core.giveUp($0.call, .callCancelled) }
        }
    }

    /// Ends the call if it is not over. Returns how it ended; nil means OK.
    nonisolated(nonsending) func close() async -> RPCStatus? {
        await withCheckedContinuation { continuation in
            let parts = parts
            let isPosted = client.post { core in
                parts.withValue { parts in
                    core.giveUp(parts.call, .callCancelled)
                    continuation.resume(returning: parts.call.endStatus)
                }
            }
            if !isPosted { continuation.resume(returning: .clientClosed) }
        }
    }
}
