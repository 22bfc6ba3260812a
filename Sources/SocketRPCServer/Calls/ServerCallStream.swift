// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A streaming call as its handler sees it. It may be used from any executor; on the loop a message is encoded straight into the
/// output.
final class ServerCallStream: ServerStream {
    private let call: LoopBound<ServerCall>

    init(_ call: LoopBound<ServerCall>) {
        self.call = call
    }

    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]? {
        if call.loop.isCurrent, let ready = call.withValue({ $0.take() }) { return try ready.get() }
        let result = await wait {
            $0.wait($1)
        } onCancel: {
            $0.waitCancelled($1)
        }
        return try result.get()
    }

    nonisolated(nonsending) func waitForRoom() async throws(RPCStatus) {
        let call = self.call
        // Of many that wait for the same room the first ones take it.
        while await call.loop.run({ call.withValue { !$0.canSend } }) {
            try await waitUntilRoomIsMade()
        }
    }

    private nonisolated(nonsending) func waitUntilRoomIsMade() async throws(RPCStatus) {
        let result = await wait {
            $0.waitForRoom($1)
        } onCancel: {
            $0.waitForRoomCancelled($1)
        }
        try result.get()
    }

    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {
        let call = self.call
        while true {
            switch await call.loop.run({ call.withValue { $0.send(message) } }) {
            case .sent: return
            case .failed(let status): throw status
            case .full: try await waitUntilRoomIsMade()
            }
        }
    }

    /// Suspends until the call resumes the waiter, or the task is cancelled.
    private nonisolated(nonsending) func wait<Value: Sendable>(
        _ begin: @escaping @Sendable (ServerCall, Waiter<Value>) -> Void,
        onCancel: @escaping @Sendable (ServerCall, Waiter<Value>) -> Void
    ) async -> Value {
        let call = self.call
        let waiter = Waiter<Value>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter.arm(continuation)
                if call.loop.isCurrent {
                    call.withValue { begin($0, waiter) }
                } else {
                    call.loop.execute { call.withValue { begin($0, waiter) } }
                }
            }
        } onCancel: {
            waiter.cancel()
            call.loop.execute { call.withValue { onCancel($0, waiter) } }
        }
    }
}
