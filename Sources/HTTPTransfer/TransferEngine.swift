// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

/// Drives the transfers: gives the library's sockets and timer to the event loop. All of it belongs to the loop.
///
/// It may be dropped anywhere, when no transfer is left.
final class TransferEngine {
    /// How long a server that has ended the handshake has to refuse this side's certificate, where no request is to follow.
    static let lookTime = Duration.milliseconds(500)

    private let loop: EventLoop
    private let libraryName: String
    private var library: CurlLibrary?
    private var sockets: [Int32: WatchedSocket] = [:]
    private var timer: TimerToken?
    private var transfers: [ObjectIdentifier: RunningTransfer] = [:]
    /// The same transfers by their handles.
    private var calls: [UInt: ObjectIdentifier] = [:]

    init(loop: EventLoop, libraryName: String) {
        self.loop = loop
        self.libraryName = libraryName
    }

    func begin(
        _ request: HTTPRequest, _ call: TransferCall,
        _ continuation: CheckedContinuation<RunningTransfer.Outcome, Never>
    ) {
        do throws(HTTPTransferError) {
            guard !call.isCancelled else { throw HTTPTransferError(.cancelled, "the request was cancelled") }
            guard transfers.count < HTTPTransfer.limit else {
                throw HTTPTransferError(.tooMany, "\(HTTPTransfer.limit) requests are under way; try again later")
            }
            let library = try opened()
            let transfer = try RunningTransfer(request, on: library, continuation: continuation)
            let id = ObjectIdentifier(call)
            transfers[id] = transfer
            unsafe calls[UInt(bitPattern: transfer.handle)] = id
            transfer.deadline = loop.schedule(after: request.timeout) { [weak self, weak transfer] in
                guard let self, let transfer else { return }
                end(transfer, .failure(transfer.timeout()))
            }
            guard unsafe ccurl_multi_add(library.multi, transfer.handle) else {
                return end(transfer, .failure(HTTPTransferError(.protocol, "libcurl does not begin a request")))
            }
        } catch {
            continuation.resume(returning: .failure(error))
        }
    }

    func cancel(_ call: TransferCall) {
        guard let transfer = transfers[ObjectIdentifier(call)] else { return }
        end(transfer, .failure(HTTPTransferError(.cancelled, "the request to \(transfer.server) was cancelled")))
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
            guard let id = calls[UInt(bitPattern: handle)], let transfer = transfers[id] else { continue }
            let outcome = transfer.outcome(code)
            if case .success = outcome, transfer.isHandshakeOnly, look(at: transfer) { continue }
            end(transfer, outcome)
        }
    }

    private func end(_ transfer: RunningTransfer, _ outcome: RunningTransfer.Outcome) {
        let key = unsafe UInt(bitPattern: transfer.handle)
        guard let library, let id = calls.removeValue(forKey: key) else { return }
        transfers[id] = nil
        if let deadline = transfer.deadline { loop.cancel(deadline) }
        endLook(at: transfer)
        unsafe ccurl_multi_remove(library.multi, transfer.handle)
        transfer.resume(outcome)
    }
}

// What the library asks for.
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
        // Where the process has no descriptor left the transfer ends with its time.
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

// In TLS 1.3 this side ends the handshake first: that the server refuses its certificate, or wants one, comes after that.
extension TransferEngine {
    /// Waits for the server's next word; false where that is not possible.
    private func look(at transfer: RunningTransfer) -> Bool {
        let number = unsafe ccurl_transfer_socket(transfer.handle)
        guard number >= 0 else { return false }
        let watched = try? WatchedSocket(number, interest: .read, loop: loop) { [weak self, weak transfer] _ in
            guard let self, let transfer else { return }
            let code = unsafe ccurl_transfer_receive(transfer.handle)
            end(transfer, transfer.lookOutcome(code))
        }
        guard let watched else { return false }
        let timer = loop.schedule(after: Self.lookTime) { [weak self, weak transfer] in
            guard let self, let transfer else { return }
            end(transfer, .success(transfer.answer.response))
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
