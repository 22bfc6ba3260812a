// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The messages of one call on their way from the client's loop to the reader, which may run anywhere.
final class StreamInbox: Sendable {
    typealias Outcome = Result<[UInt8]?, RPCStatus>

    /// What the reader took since the loop last asked.
    struct Taken {
        var count = 0
        var bytes = 0
    }

    /// What a reader must have done.
    enum Mark: Hashable {
        /// It has taken a message since the loop last asked.
        case taken
        /// It has taken everything.
        case drained
    }

    private struct State {
        var messages = MessageQueue<[UInt8]>()
        /// How the call ended, if it has; the inner nil means OK.
        var end: RPCStatus??
        /// Wakes the reader that waits.
        var bell: OneShot<Void>?
        var taken = Taken()
        /// Called once, when the reader has done this.
        var notice: (mark: Mark, body: @Sendable () -> Void)?

        mutating func takeBell() -> OneShot<Void>? {
            defer { bell = nil }
            return bell
        }
    }

    /// What a reader finds.
    private enum Found {
        case outcome(Outcome)
        /// Nothing yet; the bell rings when that changes.
        case nothing(OneShot<Void>)
    }

    private let state = Guarded(State())
}

// The loop.
extension StreamInbox {
    func put(_ message: [UInt8]) {
        let bell = state.withLock { state in
            state.messages.append(message)
            return state.takeBell()
        }
        bell?.set(())
    }

    /// The call is over. The reader still gets what came before, unless its own side ended the call.
    func end(_ status: RPCStatus?, isLocal: Bool) {
        let bell = state.withLock { state in
            guard state.end == nil else { return nil as OneShot<Void>? }
            state.end = .some(status)
            state.notice = nil
            if isLocal { state.messages.removeAll() }
            return state.takeBell()
        }
        bell?.set(())
    }

    func takeTaken() -> Taken {
        state.withLock { state in
            let taken = state.taken
            state.taken = Taken()
            return taken
        }
    }

    /// Calls `body` when the reader has reached the mark. Returns false if it has already.
    func notify(when mark: Mark, _ body: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.messages.isEmpty, mark == .drained || state.taken.count == 0 else { return false }
            state.notice = (mark, body)
            return true
        }
    }
}

// The reader.
extension StreamInbox {
    /// The next message, nil at the end. Cancelling the task ends the wait without losing a message.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]? {
        while true {
            switch try find() {
            case .outcome(let outcome):
                return try outcome.get()
            case .nothing(let bell):
                guard await bell.value() != nil else {
                    forget(bell)
                    throw .callCancelled
                }
            }
        }
    }

    private func find() throws(RPCStatus) -> Found {
        let (found, notice) = try state.withLock { (state) throws(RPCStatus) -> (Found, (@Sendable () -> Void)?) in
            if let message = state.messages.popFirst() { return Self.taken(message, &state) }
            if let end = state.end { return (.outcome(end.map { .failure($0) } ?? .success(nil)), nil) }
            guard state.bell == nil else { throw .misuse("two tasks receive on one stream") }
            let bell = OneShot<Void>()
            state.bell = bell
            return (.nothing(bell), nil)
        }
        notice?()
        return found
    }

    private static func taken(_ message: [UInt8], _ state: inout State) -> (Found, (@Sendable () -> Void)?) {
        state.taken.count += 1
        state.taken.bytes += message.count
        guard let notice = state.notice, notice.mark == .taken || state.messages.isEmpty else {
            return (.outcome(.success(message)), nil)
        }
        state.notice = nil
        return (.outcome(.success(message)), notice.body)
    }

    private func forget(_ bell: OneShot<Void>) {
        state.withLock { state in
            if state.bell === bell { state.bell = nil }
        }
    }
}
