// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

/// A request that is under way. All of it belongs to the loop.
@safe final class RunningTransfer {
    typealias Outcome = Result<HTTPResponse, HTTPTransferError>

    let handle: OpaquePointer
    let request: HTTPRequest
    let target: HTTPTarget
    /// What the library gives.
    var answer: HTTPAnswer
    /// Ends the transfer when its time is over.
    var deadline: TimerToken?
    /// What the last look at the connection waits for, where a connection is all that is wanted.
    var look: (socket: WatchedSocket, end: TimerToken)?
    private let context: TransferContext
    private let continuation: CheckedContinuation<Outcome, Never>

    /// A transfer that is configured and not yet begun.
    init(
        _ request: HTTPRequest, on library: CurlLibrary, continuation: CheckedContinuation<Outcome, Never>
    ) throws(HTTPTransferError) {
        guard let target = HTTPTarget(request.url) else {
            throw HTTPTransferError(
                .protocol, "the URL of a request is none of http or https with a host; correct the address")
        }
        self.target = target
        self.request = request
        self.continuation = continuation
        answer = HTTPAnswer(bodyLimit: request.bodyLimit)
        context = TransferContext()
        var receiver = unsafe ccurl_receiver(
            context: Unmanaged.passUnretained(context).toOpaque(), header: receiveHeader, body: receiveBody)
        guard let made = unsafe ccurl_transfer_create(library.library, &receiver) else {
            throw HTTPTransferError(.unavailableLibrary, "libcurl makes no request; it is too old, or memory is short")
        }
        unsafe handle = made
        context.transfer = self
        try configure()
    }

    deinit {
        unsafe ccurl_transfer_free(handle)
    }

    func resume(_ outcome: Outcome) {
        continuation.resume(returning: outcome)
    }

    /// The server, for people.
    var server: String { request.unixSocket.map { "unix:\($0)" } ?? target.address }

    /// Whether the handshake of TLS is all that is wanted.
    var isHandshakeOnly: Bool { request.connectOnly && target.isSecure }

    /// What the library's code means.
    func outcome(_ code: Int32) -> Outcome {
        switch unsafe ccurl_transfer_outcome(handle, code) {
        case CCURL_SUCCESS: .success(answer.response)
        case CCURL_CONNECT_FAILED: failed(.connect, "cannot connect to \(server): \(connectWords(code))")
        case CCURL_TLS_FAILED: failed(.tls, "cannot speak TLS with \(server): \(words(code))")
        case CCURL_TIMED_OUT: .failure(timeout(isConnecting: true))
        case CCURL_REFUSED: tooLarge()
        default: failed(.protocol, "no HTTP answer from \(server): \(words(code))")
        }
    }

    /// What the code of a look after the handshake means. A server that ends the connection then refuses this side, and not
    /// always can it be read why.
    func lookOutcome(_ code: Int32) -> Outcome {
        let isWell = unsafe ccurl_would_block(code) || ccurl_transfer_outcome(handle, code) == CCURL_SUCCESS
        if isWell { return .success(answer.response) }
        return failed(.tls, "cannot speak TLS with \(server): refused after the handshake, \(words(code))")
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
        switch answer.excess {
        case .head?: failed(.tooLarge, "the headers of \(server) have more than \(HTTPAnswer.headLimit) bytes")
        case .body?, nil: failed(.tooLarge, "the answer of \(server) has more than \(request.bodyLimit) bytes")
        }
    }

    private func words(_ code: Int32) -> String {
        unsafe String(cString: ccurl_transfer_words(handle, code))
    }

    private func connectWords(_ code: Int32) -> String {
        let number = unsafe ccurl_transfer_system_error(handle)
        if number != 0 { return SystemError.words(for: number) }
        // The library speaks of a host and a port that were never tried.
        return (request.unixSocket?.utf8.count ?? .max) <= 107 ? "nobody accepts; its backlog is full" : words(code)
    }
}

private func receiveHeader(_ context: UnsafeMutableRawPointer, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let context = unsafe Unmanaged<TransferContext>.fromOpaque(context).takeUnretainedValue()
    return unsafe context.transfer?.answer.lineReceived(UnsafeBufferPointer(start: bytes, count: count)) ?? false
}

private func receiveBody(_ context: UnsafeMutableRawPointer, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let context = unsafe Unmanaged<TransferContext>.fromOpaque(context).takeUnretainedValue()
    return unsafe context.transfer?.answer.bodyReceived(UnsafeBufferPointer(start: bytes, count: count)) ?? false
}
