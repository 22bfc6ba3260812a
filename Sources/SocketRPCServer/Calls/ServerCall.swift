// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A call whose handler runs as a task on the connection's loop.
///
/// It belongs to the loop, and is the same for both protocols: the session knows what goes over the wire, this holds the task, the
/// timer, and whoever waits.
final class ServerCall {
    typealias Handler = @Sendable (CallContext, ServerCallStream) async throws(RPCStatus) -> (any ProtobufMessage)?
    typealias Received = Result<[UInt8]?, RPCStatus>

    let id: UInt32
    let kind: RPCKind
    let context: CallContext
    let session: any CallSession
    private var task: Task<Void, Never>?
    private var deadlineTimer: TimerToken?
    private var isFinished = false
    /// Why the call was ended before its handler returned.
    private var ending: RPCStatus?
    // Input.
    private var waiting = MessageQueue<[UInt8]>()
    private var isHalfClosed = false
    private var receiver: Waiter<Received>?
    // Output.
    private var sender: Waiter<Result<Void, RPCStatus>>?

    init(id: UInt32, kind: RPCKind, context: CallContext, session: any CallSession) {
        self.id = id
        self.kind = kind
        self.context = context
        self.session = session
    }

    private var loop: EventLoop { context.loop }
    private var environment: ServerLoop { session.environment }

    /// Runs the handler up to where it first waits.
    func start(_ handler: @escaping Handler) {
        if let deadline = context.deadline {
            deadlineTimer = loop.schedule(after: deadline.remaining()) { [self] in
                deadlineTimer = nil
                session.deadlinePassed(id)
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
        // What ended the call while its handler ran for the first time could not cancel it yet.
        if ending != nil { task.cancel() }
    }

    /// The call is over before its handler is: whoever waits is told, the task is cancelled.
    func end(with status: RPCStatus) {
        guard ending == nil, !isFinished else { return }
        ending = status
        cancelTimer()
        waiting.removeAll()
        let cancelled = RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(status.message)")
        receiver?.resume(.failure(cancelled))
        receiver = nil
        sender?.resume(.failure(cancelled))
        sender = nil
        task?.cancel()
        environment.openCallEnded()
        environment.callEnded(context, status)
        session.connection.updateInterest()
        session.connection.flushSoon()
    }

    private func finished(_ result: Result<(any ProtobufMessage)?, RPCStatus>) {
        isFinished = true
        task = nil
        cancelTimer()
        let isOpen = session.handlerFinished(id)
        environment.peerCalls.end(context.peer.pid)
        if isOpen {
            let status = finish(result)
            environment.openCallEnded()
            environment.callEnded(context, status)
            session.connection.updateInterest()
        }
        environment.handlerEnded()
        session.connection.flushSoon()
    }

    /// Sends what ends the call. Returns the status in it, nil for OK.
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
            session.answerEnd(id)
            return nil
        }
    }

    private func finish(_ message: any ProtobufMessage) -> RPCStatus? {
        let arena = environment.scratch.replyArena
        defer { arena.reset() }
        do throws(PayloadError) {
            return session.answer(id, try arena.prepare(message))
        } catch {
            return fail(RPCStatus(error))
        }
    }

    private func fail(_ status: RPCStatus) -> RPCStatus {
        session.answer(id, status)
        return status
    }

    private func cancelTimer() {
        if let deadlineTimer { loop.cancel(deadlineTimer) }
        deadlineTimer = nil
    }
}

// Messages from the client.
extension ServerCall {
    func received(_ payload: [UInt8]) {
        if let receiver {
            self.receiver = nil
            session.messageTaken(id, length: payload.count)
            receiver.resume(.success(payload))
        } else {
            waiting.append(payload)
        }
    }

    func halfClosed() {
        isHalfClosed = true
        if let receiver {
            self.receiver = nil
            receiver.resume(.success(nil))
        }
    }

    /// What the handler can have at once; nil: it has to wait.
    func take() -> Received? {
        if let ending {
            return .failure(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(ending.message)"))
        }
        if isFinished { return .failure(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over")) }
        guard let payload = waiting.popFirst() else { return isHalfClosed ? .success(nil) : nil }
        session.messageTaken(id, length: payload.count)
        return .success(payload)
    }

    func wait(_ waiter: Waiter<Received>) {
        if let ready = take() { return waiter.resume(ready) }
        guard !waiter.isCancelled else { return waiter.resume(.failure(Self.waitCancelled)) }
        guard receiver == nil else {
            return waiter.resume(
                .failure(RPCStatus(.internal, reason: "STREAM_MISUSED", "two tasks receive from one stream at a time")))
        }
        receiver = waiter
    }

    func waitCancelled(_ waiter: Waiter<Received>) {
        guard receiver === waiter else { return }
        receiver = nil
        waiter.resume(.failure(Self.waitCancelled))
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
        /// The output is full; the handler is to wait for room.
        case full
        case failed(RPCStatus)
    }

    func send<Message: ProtobufMessage>(_ message: Message) -> SendOutcome {
        if let ending {
            return .failed(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over: \(ending.message)"))
        }
        guard !isFinished, session.connection.phase != .closed else {
            return .failed(RPCStatus(.cancelled, reason: "CALL_ENDED", "the call is over"))
        }
        guard session.hasRoom(id) else { return .full }
        let arena = environment.scratch.replyArena
        defer { arena.reset() }
        do throws(PayloadError) {
            guard let failure = session.send(id, try arena.prepare(message)) else { return .sent }
            return .failed(failure)
        } catch {
            return .failed(RPCStatus(error))
        }
    }

    /// Whether a message is sent, or refused, without a wait.
    var canSend: Bool {
        ending != nil || isFinished || session.connection.phase == .closed || session.hasRoom(id)
    }

    func waitForRoom(_ waiter: Waiter<Result<Void, RPCStatus>>) {
        if canSend { return waiter.resume(.success(())) }
        guard !waiter.isCancelled else { return waiter.resume(.failure(Self.waitCancelled)) }
        guard sender == nil else {
            return waiter.resume(
                .failure(RPCStatus(.internal, reason: "STREAM_MISUSED", "two tasks send on one stream at a time")))
        }
        sender = waiter
        session.senders.append(self)
        session.connection.senderWaits()
    }

    func waitForRoomCancelled(_ waiter: Waiter<Result<Void, RPCStatus>>) {
        guard sender === waiter else { return }
        sender = nil
        session.senders.removeAll { $0 === self }
        waiter.resume(.failure(Self.waitCancelled))
    }

    func roomMade(_ result: Result<Void, RPCStatus>) {
        let waiter = sender
        sender = nil
        waiter?.resume(result)
    }
}
