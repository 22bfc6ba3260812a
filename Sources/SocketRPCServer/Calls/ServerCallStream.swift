// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// The handler's view of a streaming call. It may be used from any executor; on the loop a message is encoded directly
/// into the output.
final class ServerCallStream: ServerStream {
    private let call: LoopBound<ServerCall>

    init(_ call: LoopBound<ServerCall>) {
        self.call = call
    }

    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]? {
        if call.loop.isCurrent, let ready = call.withValue({ $0.take() }) { return try ready.get() }
        let call = self.call
        let result = await call.loop.suspend(ifCancelled: .failure(ServerCall.waitCancelled)) { waiter in
            call.withValue { $0.wait(waiter) }
        }
        return try result.get()
    }

    nonisolated(nonsending) func answerEach(
        in context: CallContext, _ answer: @escaping MethodHandler.InlineAnswer
    ) async throws(RPCStatus) {
        let call = self.call
        while true {
            let pause = await call.loop.suspend(ifCancelled: .failure(ServerCall.waitCancelled)) { waiter in
                call.withValue { $0.answerEach(answer, until: waiter) }
            }
            switch try pause.get() {
            case .halfClosed: return
            case .full: try await waitUntilRoomIsMade()
            case .turnOver: await Task.yield()
            case .work(let work): try await send(try await work(context))
            }
        }
    }

    nonisolated(nonsending) func waitForRoom() async throws(RPCStatus) {
        let call = self.call
        // If several wait for the same room, the first ones take it.
        while await call.loop.run({ call.withValue { !$0.canSend } }) {
            try await waitUntilRoomIsMade()
        }
    }

    private nonisolated(nonsending) func waitUntilRoomIsMade() async throws(RPCStatus) {
        let call = self.call
        let result = await call.loop.suspend(ifCancelled: .failure(ServerCall.waitCancelled)) { waiter in
            call.withValue { $0.waitForRoom(waiter) }
        }
        try result.get()
    }

    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {
        try await send { $0.send(message) }
    }

    nonisolated(nonsending) func send(encoded message: [UInt8]) async throws(RPCStatus) {
        try await send { $0.send(encoded: message) }
    }

    private nonisolated(nonsending) func send(
        _ attempt: @escaping @Sendable (ServerCall) -> ServerCall.SendOutcome
    ) async throws(RPCStatus) {
        let call = self.call
        while true {
            switch await call.loop.run({ call.withValue(attempt) }) {
            case .sent: return
            case .failed(let status): throw status
            case .full: try await waitUntilRoomIsMade()
            }
        }
    }
}
