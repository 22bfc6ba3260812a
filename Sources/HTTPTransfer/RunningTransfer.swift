// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

/// A request that is under way. Use it on the loop only.
@safe final class RunningTransfer {
    typealias Outcome = Result<HTTPResponse, HTTPTransferError>

    let handle: OpaquePointer
    let request: HTTPRequest
    let target: HTTPTarget
    /// Reads what the library receives.
    var parser: HTTPResponseParser
    /// Ends the transfer when it times out.
    var deadline: TimerToken?
    /// What the last check of the connection waits for, if only a connection is wanted.
    var look: (socket: WatchedSocket, end: TimerToken)?
    private let context: TransferContext
    private let waiter: LoopWaiter<Outcome>

    /// A transfer that is configured and not yet begun.
    init(
        _ request: HTTPRequest, on library: CurlLibrary, for waiter: LoopWaiter<Outcome>
    ) throws(HTTPTransferError) {
        guard let target = HTTPTarget(request.url) else {
            throw HTTPTransferError(
                .protocol, "the URL of a request is not an http or https URL with a host; correct the address")
        }
        self.target = target
        self.request = request
        self.waiter = waiter
        parser = HTTPResponseParser(bodyLimit: request.bodyLimit)
        context = TransferContext()
        var receiver = unsafe ccurl_receiver(
            context: Unmanaged.passUnretained(context).toOpaque(), header: receiveHeader, body: receiveBody)
        guard let made = unsafe ccurl_transfer_create(library.library, &receiver) else {
            throw HTTPTransferError(
                .unavailableLibrary, "libcurl cannot create a request; it is too old, or memory is short")
        }
        unsafe handle = made
        context.transfer = self
        try configure()
    }

    deinit {
        unsafe ccurl_transfer_free(handle)
    }

    func resume(_ outcome: Outcome) {
        waiter.resume(outcome)
    }

    /// The server, for messages.
    var server: String { request.unixSocket.map { "unix:\($0)" } ?? target.address }

    /// Whether only a TLS handshake is wanted.
    var isHandshakeOnly: Bool { request.connectOnly && target.isSecure }

    /// The outcome for a code of the library.
    func outcome(_ code: Int32) -> Outcome {
        switch unsafe ccurl_transfer_outcome(handle, code) {
        case CCURL_SUCCESS: .success(parser.response)
        case CCURL_CONNECT_FAILED: failed(.connect, "cannot connect to \(server): \(connectErrorText(code))")
        case CCURL_TLS_FAILED: failed(.tls, "the TLS connection to \(server) failed: \(errorText(code))")
        case CCURL_TIMED_OUT: .failure(timeout(isConnecting: true))
        case CCURL_REFUSED: tooLarge()
        default: failed(.protocol, "no HTTP answer from \(server): \(errorText(code))")
        }
    }

    /// The outcome for the code of the check after the handshake. A server that closes the connection then refuses this
    /// side, and does not always say why.
    func handshakeOutcome(_ code: Int32) -> Outcome {
        let isWell = unsafe ccurl_would_block(code) || ccurl_transfer_outcome(handle, code) == CCURL_SUCCESS
        if isWell { return .success(parser.response) }
        return failed(.tls, "the TLS connection to \(server) failed: refused after the handshake, \(errorText(code))")
    }

    func timeout(isConnecting: Bool = false) -> HTTPTransferError {
        let time = isConnecting ? request.connectTimeout ?? request.timeout : request.timeout
        return HTTPTransferError(
            .timeout, "\(isConnecting ? "no connection to" : "no answer from") \(server) within \(time.text)"
        )
    }

    private func failed(_ kind: HTTPTransferError.Kind, _ message: String) -> Outcome {
        .failure(HTTPTransferError(kind, message))
    }

    private func tooLarge() -> Outcome {
        switch parser.excess {
        case .head?: failed(.tooLarge, "the headers of \(server) have more than \(HTTPResponseParser.headLimit) bytes")
        case .body?, nil: failed(.tooLarge, "the answer of \(server) has more than \(request.bodyLimit) bytes")
        }
    }

    private func errorText(_ code: Int32) -> String {
        unsafe String(cString: ccurl_transfer_error_text(handle, code))
    }

    private func connectErrorText(_ code: Int32) -> String {
        let number = unsafe ccurl_transfer_system_error(handle)
        if number != 0 { return SystemError.text(for: number) }
        // The library's text names a host and a port that were never tried.
        return (request.unixSocket?.utf8.count ?? .max) <= 107 ? "its backlog is full" : errorText(code)
    }
}

private func receiveHeader(_ context: UnsafeMutableRawPointer, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let context = unsafe Unmanaged<TransferContext>.fromOpaque(context).takeUnretainedValue()
    return unsafe context.transfer?.parser.lineReceived(UnsafeBufferPointer(start: bytes, count: count)) ?? false
}

private func receiveBody(_ context: UnsafeMutableRawPointer, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let context = unsafe Unmanaged<TransferContext>.fromOpaque(context).takeUnretainedValue()
    return unsafe context.transfer?.parser.bodyReceived(UnsafeBufferPointer(start: bytes, count: count)) ?? false
}

/// The context of the library's callbacks, which does not retain the transfer.
final class TransferContext {
    weak var transfer: RunningTransfer?
}
