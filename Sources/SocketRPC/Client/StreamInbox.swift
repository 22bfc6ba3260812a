// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Messages of one call between the client's loop, which puts them in, and the reader, which takes them from anywhere.
final class StreamInbox: Sendable {
    typealias Outcome = Result<[UInt8]?, RPCStatus>

    /// What the reader took since the loop asked last.
    struct Taken {
        var count = 0
        var bytes = 0
    }

    /// How far a reader has to come.
    enum Mark: Hashable {
        /// It has taken a message since the loop asked last.
        case taken
        /// It has taken everything.
        case drained
    }

    private struct State {
        var messages = MessageQueue<[UInt8]>()
        /// How the call ended, once it has; the inner nil means OK.
        var end: RPCStatus??
        var waiter: (id: UInt64, continuation: CheckedContinuation<Outcome, Never>)?
        var lastWait: UInt64 = 0
        var cancelledWait: UInt64 = 0
        var taken = Taken()
        /// Called once, when the reader has come so far.
        var notice: (mark: Mark, body: @Sendable () -> Void)?
    }

    private let state = Guarded(State())
}

// The loop.
extension StreamInbox {
    func put(_ message: [UInt8]) {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter else {
                state.messages.append(message)
                return nil as CheckedContinuation<Outcome, Never>?
            }
            state.waiter = nil
            state.taken.count += 1
            state.taken.bytes += message.count
            return waiter.continuation
        }
        waiter?.resume(returning: .success(message))
    }

    /// The call is over. The reader still gets what came before, unless the end came from its own side.
    func end(_ status: RPCStatus?, isLocal: Bool) {
        let waiter = state.withLock { state in
            guard state.end == nil else { return nil as CheckedContinuation<Outcome, Never>? }
            state.end = .some(status)
            state.notice = nil
            if isLocal { state.messages.removeAll() }
            let waiter = state.waiter
            state.waiter = nil
            return waiter?.continuation
        }
        waiter?.resume(returning: Self.outcome(status))
    }

    func takeTaken() -> Taken {
        state.withLock { state in
            let taken = state.taken
            state.taken = Taken()
            return taken
        }
    }

    /// Asks to be told when the reader has come so far. Returns false when it has already.
    func notify(when mark: Mark, _ body: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.messages.isEmpty, mark == .drained || state.taken.count == 0 else { return false }
            state.notice = (mark, body)
            return true
        }
    }

    private static func outcome(_ end: RPCStatus?) -> Outcome {
        end.map { .failure($0) } ?? .success(nil)
    }
}

// The reader.
extension StreamInbox {
    /// The next message, nil at the end. Cancelling the task ends this wait and takes no message away.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]? {
        if let outcome = take() { return try outcome.get() }
        let id = state.withLock { state in
            state.lastWait += 1
            return state.lastWait
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(id, continuation)
            }
        } onCancel: {
            cancel(id)
        }
        return try outcome.get()
    }

    private func take() -> Outcome? {
        let (outcome, notice) = state.withLock { Self.take(&$0) }
        notice?()
        return outcome
    }

    private static func take(_ state: inout State) -> (Outcome?, (@Sendable () -> Void)?) {
        guard let message = state.messages.popFirst() else {
            return (state.end.map { outcome($0) }, nil)
        }
        state.taken.count += 1
        state.taken.bytes += message.count
        guard let notice = state.notice, notice.mark == .taken || state.messages.isEmpty else {
            return (.success(message), nil)
        }
        state.notice = nil
        return (.success(message), notice.body)
    }

    private func wait(_ id: UInt64, _ continuation: CheckedContinuation<Outcome, Never>) {
        let (outcome, notice) = state.withLock { state -> (Outcome?, (@Sendable () -> Void)?) in
            if state.cancelledWait == id { return (.failure(.callCancelled), nil) }
            guard state.waiter == nil else { return (.failure(.misuse("two tasks receive on one stream")), nil) }
            let (outcome, notice) = Self.take(&state)
            if outcome == nil { state.waiter = (id, continuation) }
            return (outcome, notice)
        }
        notice?()
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func cancel(_ id: UInt64) {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter, waiter.id == id else {
                state.cancelledWait = id
                return nil as CheckedContinuation<Outcome, Never>?
            }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume(returning: .failure(.callCancelled))
    }
}
