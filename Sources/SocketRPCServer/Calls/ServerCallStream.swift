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
        let call = self.call
        while true {
            switch await call.loop.run({ call.withValue { $0.send(message) } }) {
            case .sent: return
            case .failed(let status): throw status
            case .full: try await waitUntilRoomIsMade()
            }
        }
    }
}
