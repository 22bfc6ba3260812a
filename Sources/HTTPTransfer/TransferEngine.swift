// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

/// Drives the transfers: watches the library's sockets and timer on the event loop. Use it on the loop only.
///
/// It may be released on any thread when no transfer is left.
final class TransferEngine {
    /// How long a server may take to refuse this side's certificate after the handshake, if no request follows.
    static let lookTime = Duration.milliseconds(500)

    private let loop: EventLoop
    private let libraryName: String
    private var library: CurlLibrary?
    private var sockets: [Int32: WatchedSocket] = [:]
    private var timer: TimerToken?
    /// Those that are under way, by the addresses of their handles.
    private var transfers: [UInt: RunningTransfer] = [:]

    init(loop: EventLoop, libraryName: String) {
        self.loop = loop
        self.libraryName = libraryName
    }

    func begin(_ request: HTTPRequest, _ waiter: LoopWaiter<RunningTransfer.Outcome>) {
        do throws(HTTPTransferError) {
            guard transfers.count < HTTPTransfer.limit else {
                throw HTTPTransferError(.tooMany, "\(HTTPTransfer.limit) requests are under way; try again later")
            }
            let library = try opened()
            let transfer = try RunningTransfer(request, on: library, for: waiter)
            unsafe transfers[UInt(bitPattern: transfer.handle)] = transfer
            transfer.deadline = loop.schedule(after: request.timeout) { [weak self, weak transfer] in
                guard let self, let transfer else { return }
                end(transfer, .failure(transfer.timeout()))
            }
            waiter.onCancel = { [weak self, weak transfer] in
                guard let self, let transfer else { return }
                end(
                    transfer, .failure(HTTPTransferError(.cancelled, "the request to \(transfer.server) was cancelled"))
                )
            }
            guard unsafe ccurl_multi_add(library.multi, transfer.handle) else {
                return end(transfer, .failure(HTTPTransferError(.protocol, "libcurl cannot begin a request")))
            }
        } catch {
            waiter.resume(.failure(error))
        }
    }

    private func opened() throws(HTTPTransferError) -> CurlLibrary {
        if let library { return library }
        let library = try CurlLibrary(libraryName, for: self)
        self.library = library
        return library
    }

    private func act(on socket: Int32?, _ events: Int32 = 0) {
        guard let library else { return }
        library.act(socket, events)
        while let (handle, code) = unsafe library.takeEnded() {
            guard let transfer = transfers[UInt(bitPattern: handle)] else { continue }
            let outcome = transfer.outcome(code)
            if case .success = outcome, transfer.isHandshakeOnly, look(at: transfer) { continue }
            end(transfer, outcome)
        }
    }

    private func end(_ transfer: RunningTransfer, _ outcome: RunningTransfer.Outcome) {
        let key = unsafe UInt(bitPattern: transfer.handle)
        guard let library, transfers.removeValue(forKey: key) != nil else { return }
        if let deadline = transfer.deadline { loop.cancel(deadline) }
        endLook(at: transfer)
        unsafe ccurl_multi_remove(library.multi, transfer.handle)
        transfer.resume(outcome)
    }
}

// Requests of the library.
extension TransferEngine {
    func watch(_ socket: Int32, _ bits: Int32) {
        var interest: Interest = []
        if bits & Int32(CCURL_IN) != 0 { interest.insert(.read) }
        if bits & Int32(CCURL_OUT) != 0 { interest.insert(.write) }
        guard !interest.isEmpty else {
            sockets.removeValue(forKey: socket)?.end()
            return
        }
        if let watched = sockets[socket] { return watched.update(interest) }
        // If the process has no descriptor left, the transfer times out.
        sockets[socket] = try? WatchedSocket(socket, interest: interest, loop: loop) { [weak self] events in
            self?.act(on: socket, events)
        }
    }

    func schedule(_ milliseconds: Int64) {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            guard let self else { return }
            timer = nil
            act(on: nil)
        }
    }
}

// In TLS 1.3 this side finishes the handshake first; only then does the server report that it refuses this side's
// certificate, or requires one.
extension TransferEngine {
    /// Waits for what the server sends next. Returns false if that is not possible.
    private func look(at transfer: RunningTransfer) -> Bool {
        let number = unsafe ccurl_transfer_socket(transfer.handle)
        guard number >= 0 else { return false }
        let watched = try? WatchedSocket(number, interest: .read, loop: loop) { [weak self, weak transfer] _ in
            guard let self, let transfer else { return }
            let code = unsafe ccurl_transfer_receive(transfer.handle)
            end(transfer, transfer.handshakeOutcome(code))
        }
        guard let watched else { return false }
        let timer = loop.schedule(after: Self.lookTime) { [weak self, weak transfer] in
            guard let self, let transfer else { return }
            end(transfer, .success(transfer.parser.response))
        }
        transfer.look = (watched, timer)
        return true
    }

    private func endLook(at transfer: RunningTransfer) {
        guard let look = transfer.look else { return }
        transfer.look = nil
        loop.cancel(look.end)
        look.socket.end()
    }
}

/// A socket of libcurl on the event loop.
///
/// The loop watches a duplicate of the descriptor, which stays valid until the watch ends, whatever the library does.
final class WatchedSocket: EventHandler {
    private let loop: EventLoop
    private let descriptor: FileDescriptor
    private let onReady: (Int32) -> Void
    private var registration: Registration?

    /// Calls `onReady` with `CCURL_…` bits until the watch ends.
    init(
        _ socket: Int32, interest: Interest, loop: EventLoop, onReady: @escaping (Int32) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.onReady = onReady
        descriptor = try FileDescriptor.duplicate(socket)
        registration = try loop.register(descriptor.rawValue, interest: interest, handler: self)
    }

    func update(_ interest: Interest) {
        if let registration { loop.update(registration, interest: interest) }
    }

    func end() {
        guard let registration else { return }
        self.registration = nil
        loop.deregister(registration)
    }

    func ready(_ events: ReadyEvents) {
        var bits: Int32 = 0
        if !events.isDisjoint(with: [.readable, .peerClosedWrite, .hangup]) { bits |= Int32(CCURL_IN) }
        if events.contains(.writable) { bits |= Int32(CCURL_OUT) }
        if events.contains(.error) { bits |= Int32(CCURL_ERROR) }
        onReady(bits)
    }
}
