// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// What calls need of a connection's protocol: how it carries what a handler takes and gives.
///
/// Everything happens on the connection's loop.
protocol CallWire: AnyObject {
    var connection: SocketConnection { get }
    var server: ServerLoop { get }
    var calls: CallTable { get set }

    /// A started call needs a handler that runs as a task. Returns why it cannot have one, nil if it can.
    func handlerNeeded(_ id: UInt32, kind: RPCKind) -> RPCStatus?
    /// The handler has returned. Returns whether its call has not ended yet.
    func handlerFinished(_ id: UInt32) -> Bool
    /// The deadline of a call passed before its handler returned.
    func deadlinePassed(_ id: UInt32)
    /// The handler took a message of `length` bytes.
    func messageTaken(_ id: UInt32, length: Int)

    /// Whether the handler may send another message now.
    func hasRoom(_ id: UInt32) -> Bool
    /// Sends a message of a stream. Returns why it could not be sent, nil if it was.
    func send(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus?
    /// Ends a call with its one message. Returns the status that was sent instead, nil if the message was.
    func answer(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus?
    /// Ends a call whose messages were sent before.
    func answerEnd(_ id: UInt32)
    /// Ends a call with a status.
    func answer(_ id: UInt32, _ status: RPCStatus)
}

extension CallWire {
    /// Resumes the handlers that wait for room, as far as there is room for their calls.
    func resumeSenders() {
        for call in calls.takeSenders() {
            if hasRoom(call.id) {
                call.roomMade(.success(()))
            } else {
                calls.addSender(call)
            }
        }
    }
}

// Starting handlers. What fails from here on is the outcome of a started call.
extension CallWire {
    /// Answers a unary call whose request is complete.
    func start(_ id: UInt32, _ context: CallContext, _ handler: MethodHandler, _ payload: RawSpan) {
        switch handler.body {
        case .inline(let answer): answerInline(id, context, payload, answer)
        case .unary(let decode): decodeUnary(id, context, payload, decode)
        case .streaming: break
        }
    }

    private func answerInline(
        _ id: UInt32, _ context: CallContext, _ payload: RawSpan,
        _ inlineAnswer: MethodHandler.InlineAnswer
    ) {
        let arena = server.scratch.requestArena
        do throws(RPCStatus) {
            let reply = try inlineAnswer(payload, context, arena)
            switch consume reply {
            case .ready(let message):
                let failure = answer(id, message)
                server.callEnded(context, failure)
            case .later(let work):
                startUnary(id, context, work)
            }
        } catch {
            fail(id, context, error)
        }
        arena.reset()
    }

    private func decodeUnary(
        _ id: UInt32, _ context: CallContext, _ payload: RawSpan,
        _ decode: @Sendable (RawSpan, Arena) throws(RPCStatus) -> MethodHandler.UnaryWork
    ) {
        let arena = server.scratch.requestArena
        do throws(RPCStatus) {
            let work = try decode(payload, arena)
            arena.reset()
            startUnary(id, context, work)
        } catch {
            arena.reset()
            fail(id, context, error)
        }
    }

    private func startUnary(_ id: UInt32, _ context: CallContext, _ work: @escaping MethodHandler.UnaryWork) {
        guard let call = open(id, context, .unary) else { return }
        call.start { context, _ throws(RPCStatus) in try await work(context) }
    }

    /// Adds a call to the table, or refuses it.
    func open(_ id: UInt32, _ context: CallContext, _ kind: RPCKind) -> ServerCall? {
        guard server.peerCalls.begin(context.peer.pid) else {
            fail(id, context, .tooManyCalls)
            return nil
        }
        if let refusal = handlerNeeded(id, kind: kind) {
            server.peerCalls.end(context.peer.pid)
            fail(id, context, refusal)
            return nil
        }
        // Its task runs at once, up to its first suspension.
        connection.spend(16)
        let call = ServerCall(id: id, kind: kind, context: context, wire: self)
        calls.add(call)
        server.openCallCount += 1
        server.handlerCount += 1
        return call
    }

    /// Answers a started call that has no handler running.
    private func fail(_ id: UInt32, _ context: CallContext, _ status: RPCStatus) {
        answer(id, status)
        server.callEnded(context, status)
    }
}

// What the server itself refuses calls and messages with.
extension RPCStatus {
    /// The router does not have the service of a request.
    static func unknown(service: RawSpan) -> RPCStatus {
        RPCStatus(.unimplemented, reason: "SERVICE_UNKNOWN", "service \(shown(service))")
    }

    /// The service of a request does not have the method.
    static func unknown(method: RawSpan) -> RPCStatus {
        RPCStatus(.unimplemented, reason: "METHOD_UNKNOWN", "method \(shown(method))")
    }

    /// A name in a message, limited in length.
    private static func shown(_ name: RawSpan) -> String {
        name.byteCount <= 256 ? name.text : name.extracting(0..<256).text + "…"
    }

    /// A process has as many calls open as one may.
    fileprivate static var tooManyCalls: RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "TOO_MANY_CALLS",
            "this process has too many calls open; wait for some to end", retryAfter: .seconds(1))
    }

    /// A request has more metadata than one may have.
    static func metadataTooLarge(pairs: Int, bytes: Int, pairLimit: Int, byteLimit: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "METADATA_TOO_LARGE",
            """
            the request has \(pairs) pairs of metadata in \(bytes) bytes, more than \
            the limit of \(pairLimit) pairs in \(byteLimit) bytes
            """)
    }

    /// A message is longer than any client accepts.
    static func messageTooLong(_ size: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
            "a message of \(size) bytes does not fit a frame of \(FrameHeader.maximumLength) bytes; ask for less at once"
        )
    }

    /// Too much waits for the client already.
    static var outputFull: RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "OUTPUT_FULL", "too many answers wait for the client to read them",
            retryAfter: .seconds(1))
    }
}
