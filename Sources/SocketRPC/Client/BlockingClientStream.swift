// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One streaming call of a blocking client, of any kind.
///
/// What arrives on it while the client does something else is kept, up to a limit beyond which the call fails.
package final class BlockingClientStream<Request: ProtobufMessage, Response: ProtobufMessage> {
    private let client: BlockingRPCClient
    private let target: BlockingTarget
    private let inbox: BlockingInbox
    /// The connection and the ID, once the request was sent.
    private var call: (connection: BlockingConnection, id: UInt32)?
    private var isHalfClosed = false

    init(_ client: BlockingRPCClient, _ target: BlockingTarget) throws(RPCStatus) {
        self.client = client
        self.target = target
        inbox = BlockingInbox(takesEmptyAnswer: !target.kind.serverStreams)
        if target.kind.clientStreams {
            call = try client.open(target, nil as Request?, inbox)
        }
    }

    /// Sends one message; returns when the kernel has it.
    package func send(_ request: Request) throws(RPCStatus) {
        guard !isHalfClosed else { throw .misuse("a message is sent after the half close") }
        guard let call else {
            self.call = try client.open(target, request, inbox)
            isHalfClosed = true
            return
        }
        if let end = inbox.end {
            throw end ?? .callEnded
        }
        try call.connection.appendMessage(call.id, request)
        try run { call.connection.output.isEmpty }
    }

    /// Says that no further message comes: the half close.
    package func finishSending() throws(RPCStatus) {
        guard !isHalfClosed else { return }
        isHalfClosed = true
        guard let call else {
            self.call = try client.open(target, nil as Request?, inbox)
            return
        }
        guard call.connection.streams.halfClosed(call.id) else { return }
        call.connection.append(.halfClose(of: call.id))
        try run { call.connection.output.isEmpty }
    }

    /// The next message, nil at the end of the stream; throws the status that ended the call.
    package func next() throws(RPCStatus) -> Response? {
        guard let call else { throw .misuse("\(target.method) has no request to be answered, or is over") }
        if !inbox.isReady {
            call.connection.write()
            try run { inbox.isReady }
        }
        guard let payload = try inbox.next() else { return nil }
        call.connection.streams.messagesTaken(call.id, count: 1, bytes: payload.count)
        do throws(PayloadError) {
            return try Response(decoding: payload)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// Ends the call if it is not over.
    func close() {
        guard let call else { return }
        self.call = nil
        if inbox.end == nil { call.connection.giveUp(call.id, .callCancelled) }
        client.dropIfRetired(call.connection)
    }

    private func run(until isDone: () -> Bool) throws(RPCStatus) {
        guard let call else { return }
        do throws(RPCStatus) {
            try call.connection.run(target.deadline, until: isDone)
        } catch {
            call.connection.giveUp(call.id, error)
            throw error
        }
    }
}
