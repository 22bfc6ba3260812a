// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A call whose handler runs as a task on the connection's loop.
///
/// It belongs to the loop and is the same for both protocols: the wire knows the protocol, the call has the task, the
/// timer and the waiters.
final class ServerCall {
    typealias Handler = @Sendable (CallContext, ServerCallStream) async throws(RPCStatus) -> (any ProtobufMessage)?
    typealias Received = Result<[UInt8]?, RPCStatus>
    typealias Paused = Result<Pause, RPCStatus>

    /// Why messages are not answered as they come.
    enum Pause: Sendable {
        /// The client has sent all.
        case halfClosed
        /// The client has to read before it gets another answer.
        case full
        /// Others have to get their turn.
        case turnOver
        /// The next answer comes from this.
        case work(MethodHandler.UnaryWork)
    }

    let id: UInt32
    let kind: RPCKind
    let context: CallContext
    let wire: any CallWire
    private var task: Task<Void, Never>?
    private var deadlineTimer: TimerToken?
    private var isFinished = false
    /// Why the call was ended before its handler returned.
    private var ending: RPCStatus?
    // Input.
    private var waiting = MessageQueue<[UInt8]>()
    private var isHalfClosed = false
    private var receiver: LoopWaiter<Received>?
    /// How messages are answered as they come, while the handler waits until something else has to be done.
    private var answering: (answer: MethodHandler.InlineAnswer, pause: LoopWaiter<Paused>)?
    /// How many messages that have waited are answered before others get their turn.
    private static let mostInTurn = 8
    // Output.
    private var sender: LoopWaiter<Result<Void, RPCStatus>>?

    init(id: UInt32, kind: RPCKind, context: CallContext, wire: any CallWire) {
        self.id = id
        self.kind = kind
        self.context = context
        self.wire = wire
    }

    private var loop: EventLoop { context.loop }
    private var server: ServerLoop { wire.server }

    /// Runs the handler up to its first suspension.
    func start(_ handler: @escaping Handler) {
        if let deadline = context.deadline {
            deadlineTimer = loop.schedule(at: deadline.nanoseconds) { [self] in
                deadlineTimer = nil
                wire.deadlinePassed(id)
            }
        }
        let (loop, context) = (self.loop, self.context)
        let bound = LoopBound(self, on: loop)
        let task = Task.immediate(executorPreference: loop) {
            let result: Result<(any ProtobufMessage)?, RPCStatus>
            do throws(RPCStatus) {
                result = .success(try await handler(context, ServerCallStream(bound)))
            } catch {
                result = .failure(error)
            }
            await loop.run { bound.withValue { $0.finished(result) } }
        }
        if !isFinished { self.task = task }
        // If the call ended before its handler suspended first, the task could not be cancelled then.
        if ending != nil { task.cancel() }
    }

    /// Ends the call before its handler has returned: resumes the waiters and cancels the task.
    func end(with status: RPCStatus) {
        guard ending == nil, !isFinished else { return }
        ending = status
        cancelTimer()
        waiting.removeAll()
        let cancelled = RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(status.message)")
        receiver?.resume(.failure(cancelled))
        receiver = nil
        pause(.failure(cancelled))
        sender?.resume(.failure(cancelled))
        sender = nil
        task?.cancel()
        server.openCallEnded()
        server.callEnded(context, status)
        wire.connection.updateInterest()
        wire.connection.flushSoon()
    }

    private func finished(_ result: Result<(any ProtobufMessage)?, RPCStatus>) {
        isFinished = true
        task = nil
        cancelTimer()
        let isOpen = wire.handlerFinished(id)
        server.peerCalls.end(context.peer.pid)
        if isOpen {
            let status = finish(result)
            server.openCallEnded()
            server.callEnded(context, status)
            wire.connection.updateInterest()
        }
        server.handlerEnded()
        wire.connection.flushSoon()
    }

    /// Sends the end of the call. Returns its status, nil for OK.
    private func finish(_ result: Result<(any ProtobufMessage)?, RPCStatus>) -> RPCStatus? {
        switch (result, kind) {
        case (.failure(let status), _):
            return fail(status)
        case (.success(let message?), .unary), (.success(let message?), .clientStreaming):
            return finish(message)
        case (.success(nil), .unary), (.success(nil), .clientStreaming):
            return fail(
                RPCStatus(
                    .internal, reason: "ANSWER_MISSING",
                    "the handler of \(context.service)/\(context.method) gave no answer"))
        case (.success, .serverStreaming), (.success, .bidirectionalStreaming):
            wire.answerEnd(id)
            return nil
        }
    }

    private func finish(_ message: any ProtobufMessage) -> RPCStatus? {
        let arena = server.scratch.replyArena
        defer { arena.reset() }
        do throws(PayloadError) {
            return wire.answer(id, try arena.prepare(message))
        } catch {
            return fail(RPCStatus(error))
        }
    }

    private func fail(_ status: RPCStatus) -> RPCStatus {
        wire.answer(id, status)
        return status
    }

    private func cancelTimer() {
        if let deadlineTimer { loop.cancel(deadlineTimer) }
        deadlineTimer = nil
    }
}

// Messages from the client.
extension ServerCall {
    func received(_ payload: RawSpan) {
        if let receiver {
            self.receiver = nil
            wire.messageTaken(id, length: payload.byteCount)
            receiver.resume(.success(payload.copied))
        } else if let answering, wire.hasRoom(id), !wire.connection.isResting {
            wire.messageTaken(id, length: payload.byteCount)
            if let paused = answerNow(payload, answering.answer) { pause(paused) }
        } else {
            waiting.append(payload.copied)
            pause(.success(wire.hasRoom(id) ? .turnOver : .full))
        }
    }

    func halfClosed() {
        isHalfClosed = true
        pause(.success(.halfClosed))
        if let receiver {
            self.receiver = nil
            receiver.resume(.success(nil))
        }
    }

    /// What the handler can have at once; nil: it must wait.
    func take() -> Received? {
        if let ending {
            return .failure(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(ending.message)"))
        }
        if isFinished { return .failure(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over")) }
        guard let payload = waiting.popFirst() else { return isHalfClosed ? .success(nil) : nil }
        wire.messageTaken(id, length: payload.count)
        return .success(payload)
    }

    func wait(_ waiter: LoopWaiter<Received>) {
        if let ready = take() { return waiter.resume(ready) }
        guard receiver == nil else {
            return waiter.resume(
                .failure(RPCStatus(.internal, reason: "STREAM_MISUSED", "two tasks receive from one stream at a time")))
        }
        receiver = waiter
        waiter.onCancel = { [weak self] in self?.receiver = nil }
    }

    /// Answers the messages that wait and each that comes, until the waiter is resumed with a pause.
    func answerEach(_ answer: @escaping MethodHandler.InlineAnswer, until waiter: LoopWaiter<Paused>) {
        for _ in 0..<Self.mostInTurn {
            guard canSend else { return waiter.resume(.success(.full)) }
            switch take() {
            case .failure(let status): return waiter.resume(.failure(status))
            case .success(nil): return waiter.resume(.success(.halfClosed))
            case .success(let payload?):
                let message = ByteBuffer(payload)
                if let paused = answerNow(message.bytes, answer) { return waiter.resume(paused) }
            case nil:
                guard answering == nil else {
                    let misuse = "two tasks answer one stream at a time"
                    return waiter.resume(.failure(RPCStatus(.internal, reason: "STREAM_MISUSED", misuse)))
                }
                answering = (answer, waiter)
                waiter.onCancel = { [weak self] in self?.answering = nil }
                return
            }
        }
        waiter.resume(.success(.turnOver))
    }

    /// Answers a message, for which there is room. Returns what has to be done before the next one; nil: nothing.
    private func answerNow(_ payload: RawSpan, _ answer: MethodHandler.InlineAnswer) -> Paused? {
        let arena = server.scratch.requestArena
        defer { arena.reset() }
        do throws(RPCStatus) {
            let reply = try answer(payload, context, arena)
            switch consume reply {
            case .ready(let message): return wire.send(id, message).map { .failure($0) }
            case .later(let work): return .success(.work(work))
            }
        } catch {
            return .failure(error)
        }
    }

    /// Lets the handler go on that waits for a pause.
    private func pause(_ paused: Paused) {
        guard let answering else { return }
        self.answering = nil
        answering.pause.resume(paused)
    }

    static var waitCancelled: RPCStatus {
        RPCStatus(.cancelled, reason: "CALL_ENDED", "the task that waited was cancelled")
    }
}

// Messages to the client.
extension ServerCall {
    /// What became of a message.
    enum SendOutcome: Sendable {
        case sent
        /// The output is full; the handler must wait for room.
        case full
        case failed(RPCStatus)
    }

    func send<Message: ProtobufMessage>(_ message: Message) -> SendOutcome {
        send { (arena) throws(PayloadError) in try arena.prepare(message) }
    }

    func send(encoded message: [UInt8]) -> SendOutcome {
        send { (arena) throws(PayloadError) in try arena.prepare(encoded: message) }
    }

    private func send(_ prepare: (Arena) throws(PayloadError) -> PreparedMessage) -> SendOutcome {
        if let ending {
            return .failed(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(ending.message)"))
        }
        guard !isFinished, wire.connection.phase != .closed else {
            return .failed(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over"))
        }
        guard wire.hasRoom(id) else { return .full }
        let arena = server.scratch.replyArena
        defer { arena.reset() }
        do throws(PayloadError) {
            guard let failure = wire.send(id, try prepare(arena)) else { return .sent }
            return .failed(failure)
        } catch {
            return .failed(RPCStatus(error))
        }
    }

    /// Whether a message is sent, or refused, without waiting.
    var canSend: Bool {
        ending != nil || isFinished || wire.connection.phase == .closed || wire.hasRoom(id)
    }

    func waitForRoom(_ waiter: LoopWaiter<Result<Void, RPCStatus>>) {
        if canSend { return waiter.resume(.success(())) }
        guard sender == nil else {
            return waiter.resume(
                .failure(RPCStatus(.internal, reason: "STREAM_MISUSED", "two tasks send on one stream at a time")))
        }
        sender = waiter
        wire.calls.addSender(self)
        waiter.onCancel = { [weak self] in
            guard let self else { return }
            sender = nil
            wire.calls.removeSender(self)
        }
        wire.connection.senderWaits()
    }

    func roomMade(_ result: Result<Void, RPCStatus>) {
        let waiter = sender
        sender = nil
        waiter?.resume(result)
    }
}
