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

    nonisolated(nonsending) func receive<Result>(
        _ body: ([UInt8], Arena) throws(RPCStatus) -> Result
    ) async throws(RPCStatus) -> Result? {
        if call.loop.isCurrent, call.withValue({ $0.endTurn() }) { await Task.yield() }
        guard let payload = try await receive() else { return nil }
        return try lend(payload, body)
    }

    func receiveNow<Result>(_ body: ([UInt8], Arena) throws(RPCStatus) -> Result) throws(RPCStatus) -> Result? {
        guard call.loop.isCurrent, let payload = try call.withValue({ $0.takeInTurn() })?.get() else { return nil }
        return try lend(payload, body)
    }

    private func lend<Result>(
        _ payload: [UInt8], _ body: ([UInt8], Arena) throws(RPCStatus) -> Result
    ) throws(RPCStatus) -> Result {
        // That of the loop is free: what runs on the loop uses it without a suspension.
        let arena = call.loop.isCurrent ? call.withValue { $0.requestArena } : Arena()
        defer { arena.reset() }
        return try body(payload, arena)
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

    func sendNow(encoded message: [UInt8]) throws(RPCStatus) -> Bool {
        guard call.loop.isCurrent else { return false }
        switch call.withValue({ $0.send(encoded: message) }) {
        case .sent: return true
        case .full: return false
        case .failed(let status): throw status
        }
    }
}
