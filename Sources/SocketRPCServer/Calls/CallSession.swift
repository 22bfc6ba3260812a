// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A session as its calls see it: how what a handler gives and takes goes over this protocol's wire.
protocol CallSession: WireSession {
    var connection: SocketConnection { get }
    var environment: ServerLoop { get }
    /// The calls whose handlers run as tasks, those of ended calls included.
    var calls: [UInt32: ServerCall] { get set }
    /// Handlers that wait until there is room for output, the longest first.
    var senders: [ServerCall] { get set }

    /// A started call needs a handler that runs as a task. Returns why it cannot have one, nil when it can.
    func handlerNeeded(_ id: UInt32, kind: RPCKind) -> RPCStatus?
    /// The handler has returned. Returns whether its call has no end yet.
    func handlerFinished(_ id: UInt32) -> Bool
    /// The deadline of a call passed before its handler returned.
    func deadlinePassed(_ id: UInt32)
    /// The handler took a message of `length` bytes.
    func messageTaken(_ id: UInt32, length: Int)

    /// Whether the handler may send a further message now.
    func hasRoom(_ id: UInt32) -> Bool
    /// Sends a message of a stream. Returns why it could not be sent, nil when it was.
    func send(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus?
    /// Ends a call with its one message. Returns the status that was sent instead, nil when the message was.
    func answer(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus?
    /// Ends a call whose messages were sent before.
    func answerEnd(_ id: UInt32)
    /// Ends a call with a status.
    func answer(_ id: UInt32, _ status: RPCStatus)
}

extension CallSession {
    /// Lets handlers go on for whose calls there is room again.
    func resumeSenders() {
        guard !senders.isEmpty else { return }
        let waiting = senders
        senders = []
        for call in waiting {
            if hasRoom(call.id) {
                call.roomMade(.success(()))
            } else {
                senders.append(call)
            }
        }
    }

    func callFinished(_ id: UInt32) {
        calls[id] = nil
        // The memory of a busy time is not kept for an idle one.
        if calls.isEmpty && calls.capacity > 16 { calls = [:] }
    }
}

// Starting handlers. What goes wrong from here on is the outcome of a started call.
extension CallSession {
    /// Answers a unary call whose request has come whole.
    func start(_ id: UInt32, _ context: CallContext, _ handler: MethodHandler, _ payload: RawSpan) {
        switch handler.body {
        case .inline(let handle): answerInline(id, context, payload, handle)
        case .unary(let decode): decodeUnary(id, context, payload, decode)
        case .streaming: break
        }
    }

    private func answerInline(
        _ id: UInt32, _ context: CallContext, _ payload: RawSpan,
        _ handle: @Sendable (RawSpan, CallContext, Arena) throws(RPCStatus) -> InlineReply
    ) {
        let arena = environment.scratch.requestArena
        do throws(RPCStatus) {
            let reply = try handle(payload, context, arena)
            switch consume reply {
            case .ready(let message):
                let failure = answer(id, message)
                environment.callEnded(context, failure)
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
        let arena = environment.scratch.requestArena
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

    /// Enters a call into the table, or refuses it.
    func open(_ id: UInt32, _ context: CallContext, _ kind: RPCKind) -> ServerCall? {
        guard environment.peerCalls.begin(context.peer.pid) else {
            fail(
                id, context,
                RPCStatus(
                    .resourceExhausted, reason: "TOO_MANY_CALLS",
                    "this process has too many calls open; wait for some to end", retryAfter: .seconds(1))
            )
            return nil
        }
        if let refusal = handlerNeeded(id, kind: kind) {
            environment.peerCalls.end(context.peer.pid)
            fail(id, context, refusal)
            return nil
        }
        let call = ServerCall(id: id, kind: kind, context: context, session: self)
        calls[id] = call
        environment.openCallCount += 1
        environment.handlerCount += 1
        return call
    }

    /// Answers a started call that has no handler running.
    func fail(_ id: UInt32, _ context: CallContext, _ status: RPCStatus) {
        answer(id, status)
        environment.callEnded(context, status)
    }

    /// The status of a request for what the router does not have.
    static func unknown(service: RawSpan) -> RPCStatus {
        RPCStatus(.unimplemented, reason: "SERVICE_UNKNOWN", "service \(shown(service))")
    }

    static func unknown(method: RawSpan) -> RPCStatus {
        RPCStatus(.unimplemented, reason: "METHOD_UNKNOWN", "method \(shown(method))")
    }

    /// A name in a message: not at any length.
    private static func shown(_ name: RawSpan) -> String {
        name.byteCount <= 256 ? name.text : name.extracting(0..<256).text + "…"
    }

    /// The status of a request with more metadata than one may have.
    func metadataTooLarge(pairs: Int, bytes: Int, limit: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "METADATA_TOO_LARGE",
            """
            the request has \(pairs) pairs of metadata in \(bytes) bytes, more than \
            the limit of \(environment.configuration.metadataPairs) pairs in \(limit) bytes
            """)
    }

    /// The deadline of a call that brought none.
    func defaultDeadline() -> Deadline? {
        environment.configuration.defaultTimeout.map { Deadline(after: $0) }
    }

    /// The status of a message that no client would take.
    static func tooLong(_ size: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
            "a message of \(size) bytes does not fit a frame of \(FrameHeader.maximumLength) bytes; ask for less at once"
        )
    }

    /// The status of an answer for which too much waits already.
    static var outputFull: RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "OUTPUT_FULL", "too many answers wait for the client to read them",
            retryAfter: .seconds(1))
    }
}
